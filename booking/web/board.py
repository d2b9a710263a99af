"""The organiser's board: the timetable of her centre, each session leading to the page of its date."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.domain.timetable_checks import check_sessions
from booking.models import Centre
from booking.web.access import planned_centre
from booking.web.board_drafts import drafts_of
from booking.web.findings import findings_of
from booking.web.staff_timetable import show_staff_timetable
from booking.web.timetable_page import TimetablePage
from scheduler.models import Session

if TYPE_CHECKING:
    from scheduler.models import TimetableRow


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show the timetable of a centre to whoever plans it: each session leads to the page of its date."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    today = timezone.localdate()
    centre = planned_centre(request.user, today, request.GET.get("centre", ""))
    facts = {
        "centres": Centre.objects.planned_by(request.user, today),
        "plans": True,
        "drafts": drafts_of(centre.timetable_id, today),
    }
    return show_staff_timetable(request, centre, _to_date, facts, look_into=partial(_what_is_wrong, centre))


def _what_is_wrong(centre: Centre, page: TimetablePage) -> dict[str, Any]:
    """Return what speaks against the published sessions of a day or week: too few educators, unchecked staff, leave."""
    if page.span.kind not in {"day", "week"}:
        return {}
    published = (
        Session.objects.of_timetable(centre.timetable_id).standing().within(page.span.period(centre.timetable.tz))
    )
    panel = findings_of(check_sessions(published, centre=centre, now=timezone.now()))
    return {"findings": panel if panel.stopping or panel.warning else None}


def _to_date(row: TimetableRow) -> str:
    return reverse("board-session", args=[row.id])
