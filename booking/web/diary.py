"""A specialist's diary: her week, and who comes to each meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.domain.registers import register_of
from booking.models import StaffMember
from booking.web.access import diary_owner
from booking.web.errors import unknown_week
from booking.web.staff_week import staff_week
from booking.web.week_links import UnknownWeek, week_links
from booking.web.week_opening import opening_week
from scheduler.models import Session
from scheduler.period import Period

if TYPE_CHECKING:
    import uuid


@login_required
@require_safe
def diary(request: HttpRequest) -> HttpResponse:
    """Show the week of the person who asks; today and what comes next stand first."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    member = diary_owner(request.user, request.GET.get("centre", ""))
    timetable = member.centre.timetable
    now = timezone.now()
    with timezone.override(timetable.tz):
        today = timezone.localdate(now)
        own = Session.objects.led_by(member.resource.pk) if member.resource else Session.objects.none()
        try:
            monday = opening_week(request.GET, sessions=own, now=now, zone=timetable.tz)
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        week = staff_week(own, timetable=timetable, monday=monday, today=today, query=request.GET, page="diary-session")
        todays = own.within(Period.of_days(today, today, timetable.tz)).rows()
        upcoming = [row for row in todays if row.ends_at > now and row.status != Session.Status.CANCELLED]
        facts = {
            "centre": member.centre,
            "member": member,
            "week": week,
            "links": week_links(request.GET, monday=monday, today=today),
            "today": today,
            "todays": todays,
            "next": upcoming[0] if upcoming else None,
        }
        return render(request, "booking/staff/diary.html", facts)


@login_required
@require_safe
def session_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Show one of the reader's own meetings with the list of participants, to read or to print."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    mine = StaffMember.objects.diaries_of(request.user).exclude(resource=None).values_list("resource", flat=True)
    own = Session.objects.led_by(*mine)
    session = get_object_or_404(
        own.select_related("series", "timetable__centre", "room__place", "leader"), pk=session_id
    )
    zone = session.timetable.tz
    with timezone.override(zone):
        day = timezone.localdate(session.starts_at)
        facts = {
            "centre": session.timetable.centre,
            "session": session,
            "register": register_of(session, on=day),
            "groups": session.series.groups.all(),
        }
        return render(request, "booking/staff/diary_session.html", facts)
