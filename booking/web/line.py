"""The line of one group for the desk: who waits since when, what happened, and what the desk decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from booking.domain.approvals import approve_enrolment, reject_enrolment
from booking.domain.barred_leaders import barred_pairs
from booking.domain.enrolment import withdraw_child
from booking.domain.offers import accept_offer, decline_offer
from booking.domain.waitlist import offer_out_of_turn
from booking.errors import Refusal, Refused
from booking.models import Account, Centre, Enrolment, Group, Guardianship, LineEvent, Offer, Person
from booking.models.enrolment import EnrolmentQuerySet
from booking.web.family_members import reader_of
from booking.web.offer_words import full_name

CONFLICT = 409
REASON_LENGTH = LineEvent.REASON_LENGTH
LOG_SHOWN = 200
Decision = Callable[..., Any]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Show the line of a group of the reader's desk, and decide about one entry of it. Others find nothing."""
    now = timezone.now()
    reader = reader_of(request)
    centres = Centre.objects.with_desk_of(reader, timezone.localdate(now))
    groups = Group.objects.filter(activity__centre__in=centres).select_related(
        "activity__centre__timetable", "term__timetable"
    )
    group = get_object_or_404(groups, pk=group_id)
    refused: Refusal | None = None
    with timezone.override(group.term.timetable.tz):
        if request.method == "POST":
            try:
                _decide(request, group, reader)
                return redirect("desk-line", group.pk)
            except Refused as problem:
                refused = problem.refusal
                group.refresh_from_db()
        return render(
            request, "booking/staff/line.html", _facts(group, reader, refused), status=CONFLICT if refused else 200
        )


def _facts(group: Group, reader: Account, refused: Refusal | None) -> dict[str, Any]:
    shown = _entries(group, reader)
    entries = shown.with_position().select_related("child")
    steps = LineEvent.objects.filter(enrolment__in=shown).select_related("enrolment__child", "by__person")
    offers = Offer.objects.open().filter(enrolment__in=shown).select_related("enrolment__child")
    return {
        "centre": group.activity.centre,
        "group": group,
        "name": full_name(group),
        "waiting": list(entries.filter(status=Enrolment.Status.WAITING).order_by("line_number")),
        "offers": list(offers.order_by("expires_at")),
        "pending": list(entries.to_decide().order_by("created_at")),
        "incomplete": list(entries.incomplete().select_related("consent_hold").order_by("created_at")),
        "steps": list(steps.order_by("-at", "-pk")[:LOG_SHOWN]),
        "barred": _barred(group, shown),
        "refused": refused,
        "reason_length": REASON_LENGTH,
    }


def _barred(group: Group, shown: EnrolmentQuerySet) -> list[tuple[Person, Person]]:
    """Return who leads the group although she must have no contact with a child of it, with the child."""
    now = timezone.now()
    seen = set(shown.values_list("child_id", flat=True))
    pairs = barred_pairs([group.pk], on=timezone.localdate(now), now=now)
    return [(leader, child) for leader, child in pairs if child.pk in seen]


def _entries(group: Group, reader: Account) -> EnrolmentQuerySet:
    """Return the entries of a group but those of children from whom the reader is barred."""
    barred = Guardianship.objects.barring(reader.person_id, timezone.localdate())
    return group.enrolments.exclude(child__in=barred.values("child_id"))


def _decide(request: HttpRequest, group: Group, reader: Account) -> None:
    """Do what the form asks for, about an entry of this group. Raises Refused, and Http404 for any other entry."""
    now = timezone.now()
    entry = get_object_or_404(_entries(group, reader), pk=_key(request))
    reason = request.POST.get("reason", "").strip()[:REASON_LENGTH]
    decisions: dict[str, Decision] = {
        "offer": lambda: offer_out_of_turn(enrolment_id=entry.pk, reason=reason, by=reader, now=now),
        "withdraw": lambda: withdraw_child(enrolment_id=entry.pk, by=reader, now=now),
        "approve": lambda: approve_enrolment(enrolment_id=entry.pk, by=reader, now=now),
        "reject": lambda: reject_enrolment(enrolment_id=entry.pk, reason=reason, by=reader, now=now),
        "accept": lambda: accept_offer(offer_id=_offer_of(entry), by=reader, now=now),
        "decline": lambda: decline_offer(offer_id=_offer_of(entry), by=reader, now=now),
    }
    decide = decisions.get(request.POST.get("decision", ""))
    if decide is not None:
        decide()


def _key(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("entry", ""))
    except ValueError:
        return uuid.UUID(int=0)  # nobody has this one


def _offer_of(entry: Enrolment) -> uuid.UUID:
    offer: Offer = get_object_or_404(entry.offers.order_by("-created_at")[:1])
    return offer.pk
