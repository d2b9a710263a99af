"""The timetable of a centre as its staff read it: the organiser on her board, everybody else who works there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.models import Centre, StaffMember, StaffRole
from booking.web.errors import unknown_week
from booking.web.staff_week import staff_entries
from booking.web.timetable_page import TimetablePage, page_facts, timetable_page
from booking.web.week_links import UnknownWeek
from scheduler.models import Session, TimetableRow

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable


@login_required
@require_safe
def staff_timetable(request: HttpRequest) -> HttpResponse:
    """Show the whole timetable to anyone who works for the centre; her own sessions lead to their participants."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    held = StaffRole.objects.held_by(request.user, timezone.localdate())
    centres = Centre.objects.filter(staff__in=held.values("member")).select_related("timetable").distinct()
    slug = request.GET.get("centre", "")
    centre = next((each for each in centres if not slug or each.slug == slug), None)
    if centre is None:
        raise Http404
    members = StaffMember.objects.diaries_of(request.user, timezone.localdate()).filter(centre=centre)
    mine = members.values_list("resource", flat=True)
    own = set(Session.objects.led_by(*mine).values_list("pk", flat=True)) if mine else set()
    return show_staff_timetable(request, centre, partial(_to_own, own), {"centres": centres})


def show_staff_timetable(
    request: HttpRequest,
    centre: Centre,
    address: Callable[[TimetableRow], str],
    facts: dict[str, Any],
    *,
    look_into: Callable[[TimetablePage], dict[str, Any]] = lambda _page: {},
) -> HttpResponse:
    """Show everything that takes place in a centre, each session leading to its `address` (blank for none).

    `look_into` may add facts about what is shown.
    """
    with timezone.override(centre.timetable.tz):
        try:
            page = timetable_page(
                request.GET,
                centre=centre,
                sessions=Session.objects.of_timetable(centre.timetable_id),
                make_entries=partial(staff_entries, zone=centre.timetable.tz, address=address),
                now=timezone.now(),
            )
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        shown = {"centre": centre, "hidden": [("centre", centre.slug)], **page_facts(page)}
        return render(request, "booking/staff/board.html", {**shown, **facts, **look_into(page)})


def _to_own(own: set[uuid.UUID], row: TimetableRow) -> str:
    return reverse("diary-session", args=[row.id]) if row.id in own else ""
