"""The approval desk: every place of the centre that waits for its decision, in one list, the oldest first."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.approvals import approve_enrolment, reject_enrolment
from booking.errors import Refusal, Refused
from booking.models import Enrolment, LineEvent
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.offer_words import full_name

CONFLICT = 409


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """List who asked for a place that the centre approves, and decide about one; deciding twice is safe."""
    desk = Desk.of(request)
    refused: Refusal | None = None
    about: Enrolment | None = None
    if request.method == "POST":
        about = get_object_or_404(desk.enrolments().select_related("child"), pk=_key(request.POST.get("entry", "")))
        try:
            _decide(request, desk, about)
            sentence = _("%(name)s: the decision is written down, the family is told.")
            messages.success(request, sentence % {"name": about.child})
            return redirect("desk-approvals")
        except Refused as problem:
            refused = problem.refusal
    with timezone.override(desk.centre.timetable.tz):
        waiting = desk.enrolments().to_decide().select_related("child", "group__activity")
        entries = waiting.prefetch_related("child__householdmember_set__household").order_by("created_at", "pk")
        facts = {
            "centre": desk.centre,
            "entries": [
                (each, full_name(each.group), _home(each, desk), each.child.age_on(desk.today)) for each in entries
            ],
            "refused": refused,
            "about": about,
            "reason_length": LineEvent.REASON_LENGTH,
            "crumbs": crumbs(_("To be approved")),
        }
        status = CONFLICT if refused else 200
        return render(request, "booking/desk/approvals.html", facts, status=status)


def _decide(request: HttpRequest, desk: Desk, entry: Enrolment) -> None:
    decision = request.POST.get("decision", "")
    if decision == "approve":
        approve_enrolment(enrolment_id=entry.pk, by=desk.account, now=desk.now)
    elif decision == "reject":
        reason = request.POST.get("reason", "").strip()[: LineEvent.REASON_LENGTH]
        reject_enrolment(enrolment_id=entry.pk, reason=reason, by=desk.account, now=desk.now)
    else:
        raise Http404


def _home(entry: Enrolment, desk: Desk) -> uuid.UUID | None:
    homes = (each.household for each in entry.child.householdmember_set.all())
    return next((home.pk for home in homes if home.centre_id == desk.centre.pk), None)


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)  # nobody has this one
