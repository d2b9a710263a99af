"""The family's week on one page, and the page of one child."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.models import Centre, Enrolment, Group
from booking.models.enrolment import LIVE
from booking.web.errors import unknown_week
from booking.web.family_members import Member, centres_of, family_of, member_or_404, reader_of, zone_of
from booking.web.family_sessions import Attendance, attendance_of, coming_changes, family_entries, next_rows
from booking.web.week import lay_out_week
from booking.web.week_links import UnknownWeek, read_view, read_week, week_links
from scheduler.domain.closures import list_closures
from scheduler.models import TimetableRow
from scheduler.period import Period

OFFERS_SHOWN = 4
DATES_SHOWN = 12
DATES_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one person who goes nowhere yet could join."""

    member: Member
    age: int | None
    groups: list[Group]


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a group and its next date."""

    enrolment: Enrolment
    next: TimetableRow | None


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show the week of everyone in the family: what changed, who is where, and what is on offer for who goes nowhere."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    centres = list(centres_of(members))
    centre = centres[0] if centres else None
    zone = zone_of(centre)
    with timezone.override(zone):
        today = timezone.localdate(now)
        try:
            monday = read_week(request.GET, today=today)
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        attendance = attendance_of(members)
        laid_out = lay_out_week(
            family_entries(attendance, period=Period.of_week(monday, zone), zone=zone),
            monday=monday,
            today=today,
            closures=list_closures(centre.timetable, monday, monday + timedelta(days=6)) if centre else (),
            view=read_view(request.GET),
        )
        facts = {
            "centre": centre,
            "children": [member for member in members if not member.is_reader],
            "shown": [member for member in members if not member.is_reader or attendance.of(member)],
            "changes": coming_changes(attendance, now=now, zone=zone),
            "week": laid_out,
            "links": week_links(request.GET, monday=monday, today=today),
            "has_places": bool(attendance.enrolments),
            "suggestions": _suggestions(attendance, centres, now=now, today=today),
        }
        return render(request, "booking/family/week.html", facts)


@login_required
@require_safe
def child(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show one person of the family: her places, next dates, what the reader may do, and what is over."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    member = member_or_404(members, person_id)
    centre = centres_of([member]).first()
    zone = zone_of(centre)
    with timezone.override(zone):
        attendance = attendance_of([member])
        coming = next_rows(attendance, now=now, until=now + DATES_AHEAD)
        past = Enrolment.objects.filter(child=member.person).exclude(status__in=LIVE)
        facts = {
            "centre": centre,
            "member": member,
            "age": member.person.age_on(timezone.localdate(now)),
            "places": [Place(each, _first_standing(coming[each.group_id])) for each in attendance.enrolments],
            "dates": _dates(coming, attendance),
            "past": past.select_related("group__activity__centre").order_by("-updated_at"),
        }
        return render(request, "booking/family/child.html", facts)


def _suggestions(
    attendance: Attendance, centres: Sequence[Centre], *, now: datetime, today: date
) -> list[Suggestion]:
    """Return what is open for each child without a place; for the reader too if she is alone and has none."""
    alone = len(attendance.members) == 1
    idle = [each for each in attendance.members if not attendance.of(each) and (alone or not each.is_reader)]
    idle = [each for each in idle if each.may_book]
    if not idle or not centres:
        return []
    groups = list(
        Group.objects.public().open_at(now).with_free_places().catalogue().filter(activity__centre__in=centres)
    )
    suggestions = []
    for member in idle:
        age = member.person.age_on(today)
        fitting = [group for group in groups if _fits(group, age)]
        suggestions.append(Suggestion(member, age, fitting[:OFFERS_SHOWN]))
    return suggestions


def _fits(group: Group, age: int | None) -> bool:
    if group.age_from is None and group.age_until is None:
        return True
    return age is not None and (group.age_from or 0) <= age <= (group.age_until or age)


def _first_standing(rows: list[TimetableRow]) -> TimetableRow | None:
    return next((row for row in rows if row.status != "cancelled"), None)


def _dates(coming: dict[uuid.UUID, list[TimetableRow]], attendance: Attendance) -> list[tuple[TimetableRow, str]]:
    """Return the next dates over all groups but day care, each once, with the name of what meets."""
    by_id = {
        row.id: (row, enrolment.group.name)
        for enrolment in attendance.enrolments
        if enrolment.group.activity.kind != "day_care"
        for row in coming[enrolment.group_id]
    }
    return sorted(by_id.values(), key=lambda pair: pair[0].starts_at)[:DATES_SHOWN]
