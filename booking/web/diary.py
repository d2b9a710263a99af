"""A specialist's diary: her day and her week, who comes to each meeting, and her visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.appointment_outcomes import visits_without_outcome
from booking.domain.caseload import caseload_of
from booking.domain.registers import register_of
from booking.models import Appointment, StaffMember
from booking.web.access import diary_owner
from booking.web.diary_busy import busy_entries, busy_lines
from booking.web.diary_visits import DayLine, day_lines, next_line, visit_entries, visits_given, with_visits_counted
from booking.web.errors import unknown_week
from booking.web.family_members import reader_of
from booking.web.staff_visit import show_visit
from booking.web.staff_week import staff_entries
from booking.web.week import Week, lay_out_week
from booking.web.week_links import UnknownWeek, read_view, week_links
from booking.web.week_opening import opening_week
from scheduler.domain.closures import list_closures
from scheduler.models import Series, Session
from scheduler.period import Period

if TYPE_CHECKING:
    import uuid

FARTHEST = timedelta(days=5 * 365)


@login_required
@require_safe
def diary(request: HttpRequest) -> HttpResponse:
    """Show the day and the week of the person who asks: today and what comes next stand first.

    `?on=2026-11-25` shows another day, `?week=2026-W48` another week; the week of a chosen day is shown with it.
    """
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    member = diary_owner(request.user, request.GET.get("centre", ""))
    timetable = member.centre.timetable
    now = timezone.now()
    with timezone.override(timetable.tz):
        today = timezone.localdate(now)
        own = Session.objects.led_by(member.resource.pk) if member.resource else Session.objects.none()
        try:
            day = _day(request.GET.get("on", ""), today)
            chosen = {"from": day.isoformat()} if day != today else request.GET
            monday = opening_week(chosen, sessions=own, now=now, zone=timetable.tz)
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        lines = _lines(member, own, day=day, now=now)
        facts = {
            "centre": member.centre,
            "member": member,
            "week": _week(request, member, own, monday=monday, now=now),
            "links": week_links(request.GET, monday=monday, today=today),
            "today": today,
            "day": day,
            "before": day - timedelta(days=1),
            "after": day + timedelta(days=1),
            "lines": lines,
            "load": caseload_of(member, on=today),
            "to_note": visits_without_outcome(member.resource, now=now).count() if member.resource else 0,
            "next": next_line((line for line in lines if line.url), now) if day == today else None,
            "now": now,
        }
        return render(request, "booking/staff/diary.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit_page(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show one of the reader's own visits; note what became of it, move it, cancel it, hand it over to a colleague."""
    reader = reader_of(request)
    mine = StaffMember.objects.diaries_of(reader, timezone.localdate()).values_list("resource", flat=True)
    own = Appointment.objects.given_by(*mine).select_related("service__centre__timetable")
    visit = get_object_or_404(own, pk=appointment_id)
    with timezone.override(visit.service.centre.timetable.tz):
        day = timezone.localdate(visit.starts_at)
    facts: dict[str, Any] = {
        "crumbs": [
            {"url": f"{reverse('diary')}?on={day:%Y-%m-%d}", "label": _("Diary")},
            {"url": "", "label": _("Visit")},
        ],
        "gone_to": reverse("diary"),
    }
    return show_visit(request, visit, by=reader, facts=facts)


def _lines(member: StaffMember, own: Any, *, day: date, now: datetime) -> list[DayLine]:
    """Return what her day holds, in order, with the times that are taken elsewhere."""
    zone = member.centre.timetable.tz
    if member.resource is None:
        return []
    lines = day_lines(member.resource, own, day=day, zone=zone, now=now)
    return sorted([*lines, *busy_lines(member.resource, day=day, zone=zone)], key=lambda line: line.starts_at)


def _week(request: HttpRequest, member: StaffMember, own: Any, *, monday: date, now: datetime) -> Week:
    """Lay out her week: meetings and duty hours, and the visits in them."""
    timetable = member.centre.timetable
    zone, period = timetable.tz, Period.of_week(monday, timetable.tz)
    entries = staff_entries(own.within(period), zone=zone, address=lambda row: reverse("diary-session", args=[row.id]))
    if member.resource:
        visits = visits_given(member.resource, period)
        duties = own.within(period).filter(series__kind=Series.Kind.DUTY).values_list("starts_at", "ends_at")
        entries = list(with_visits_counted(entries, [Period(*each) for each in duties], visits))
        entries += visit_entries(visits, zone=zone, now=now)
        entries += busy_entries(member.resource, monday=monday, zone=zone)
    return lay_out_week(
        entries,
        monday=monday,
        today=timezone.localdate(now),
        closures=list_closures(timetable, monday, monday + timedelta(days=6)),
        view=read_view(request.GET),
    )


def _day(text: str, today: date) -> date:
    """Return the day that is asked for, or today. Raises UnknownWeek for what is no day or too far away."""
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UnknownWeek(_("This is no day of the calendar.")) from None
    if abs(day - today) > FARTHEST:
        raise UnknownWeek(_("The timetable does not reach that far."))
    return day


@login_required
@require_safe
def session_page(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Show one of the reader's own meetings with the list of participants, to read or to print."""
    assert request.user.is_authenticated  # noqa: S101  login_required stands before
    mine = StaffMember.objects.diaries_of(request.user, timezone.localdate()).values_list("resource", flat=True)
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
