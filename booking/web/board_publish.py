"""Publishing what was drafted: the preview of every change and of everybody who will be told, then one POST."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from booking.domain.term_publishing import PlanChanged, TermPlan, plan_term, publish_term
from booking.errors import Refused
from booking.models import TermPublication
from booking.web.board_access import planned_term
from booking.web.family_members import reader_of
from booking.web.findings import changes_of, dropped_of, findings_of
from booking.web.term_forms import PublishForm

if TYPE_CHECKING:
    from booking.errors import Refusal
    from scheduler.models import Term

CHANGED_MEANWHILE = 409
MANY_DATES = 500  # from here on it takes longer than a moment


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Show what publishing the term would do, or do it if it still is what was seen."""
    now = timezone.now()
    account = reader_of(request)
    term = planned_term(account, timezone.localdate(now), term_id)
    if request.method != "POST":
        return _show(request, term, plan_term(term_id=term.pk, now=now))
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _show(request, term, plan_term(term_id=term.pk, now=now), form=form, status=422)
    wanted = form.cleaned_data
    try:
        done = publish_term(
            term_id=term.pk, fingerprint=wanted["fingerprint"], by=account, now=now, reason=wanted["reason"]
        )
    except PlanChanged as changed:
        return _show(request, term, changed.plan, refusal=changed.refusal, status=CHANGED_MEANWHILE)
    except Refused as refused:
        plan = plan_term(term_id=term.pk, now=now)
        return _show(request, term, plan, form=form, refusal=refused.refusal, status=CHANGED_MEANWHILE)
    messages.success(request, _said(done))
    return redirect(reverse("board-plan", args=[term.pk]))


def _said(done: TermPublication | None) -> str:
    if done is None:
        return _("Nothing had changed, so nobody was told anything.")
    told = ngettext("%(n)s person is told.", "%(n)s people are told.", done.told) % {"n": done.told}
    return _("Published.") + " " + told


def _show(
    request: HttpRequest,
    term: Term,
    plan: TermPlan,
    *,
    form: PublishForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    centre = term.timetable.centre
    publication = plan.publication
    dates = len(publication.added) + len(publication.changed) + len(publication.removed)
    with timezone.override(term.timetable.tz):
        facts: dict[str, Any] = {
            "centre": centre,
            "term": term,
            "plan": plan,
            "form": _with_fingerprint(form, plan),
            "refusal": refusal,
            "findings": findings_of(plan.findings),
            "added": changes_of(publication, publication.added),
            "changed": changes_of(publication, publication.changed),
            "removed": changes_of(publication, publication.removed),
            "dropped": dropped_of(publication),
            "dates": dates,
            "takes_long": dates > MANY_DATES,
            "crumbs": [
                {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
                {"url": reverse("board-plan", args=[term.pk]), "label": term.name},
                {"url": "", "label": _("Publishing")},
            ],
        }
        return render(request, "booking/staff/publish.html", facts, status=status)


def _with_fingerprint(form: PublishForm | None, plan: TermPlan) -> PublishForm:
    """Return the form for this plan, with the reason already written but never with the fingerprint of another."""
    reason = form.data.get("reason", "") if form else ""
    return PublishForm(initial={"fingerprint": plan.fingerprint, "reason": reason})
