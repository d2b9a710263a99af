"""What the desk prints for families: the confirmation of a place, and the plan of a month in large letters."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.domain.access_log import note_reading
from booking.models import Activity, CardReading, Enrolment, Household, Person, Role, StaffRole
from booking.models.activity import Sensitivity
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.family_members import Member
from booking.web.family_offers import Offer
from booking.web.family_sessions import Attendance, attendance_of, family_entries
from booking.web.group_dates import next_dates
from booking.web.month_visits import in_order, month_visits
from booking.web.offer_words import full_name
from booking.web.week import WeekEntry
from scheduler.models import Session
from scheduler.period import Period

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_IN_ONE_COLUMN = 12


@login_required
@require_safe
def confirmation(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Confirm a place on paper, in the language of whoever reads it."""
    desk = Desk.of(request)
    enrolment = desk.enrolment(enrolment_id)
    household = desk.household_of(enrolment.child)
    group = enrolment.group
    _note(desk, household, enrolment.child)
    with translation.override(print_language(request, household)), timezone.override(group.term.timetable.tz):
        facts = {
            "centre": household.centre,
            "household": household,
            "enrolment": enrolment,
            "person": enrolment.child,
            "offer": Offer(group),
            "group": group,
            "dates": next_dates(group, desk.now),
            "today": desk.today,
            "languages": settings.LANGUAGES,
            "crumbs": crumbs(_("Confirmation"), household=household),
        }
        return render(request, "booking/desk/confirmation.html", facts)


@login_required
@require_safe
def month(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show where somebody is on each day of a month, on one page in large letters; nothing sensitive is named."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    first = _first_day(request.GET.get("month", ""), desk.today)
    zone = household.centre.timetable.tz
    following = (first + timedelta(days=32)).replace(day=1)
    _note(desk, household, person)
    with translation.override(print_language(request, household)), timezone.override(zone):
        period = Period(datetime.combine(first, time.min, zone), datetime.combine(following, time.min, zone))
        attendance = attendance_of([Member(person, hue=1, mark="")])
        asked = request.GET.get("hidden") == "1"
        visits = month_visits(desk, person, period=period, zone=zone, with_hidden=asked)
        days = _plan(attendance, household, period, desk.now, visits.entries)
        facts = {
            "centre": household.centre,
            "household": household,
            "person": person,
            "first": first,
            "days": days,
            "day_care": [full_name(each.group) for each in _day_care(attendance)],
            "is_long": len(days) > MOST_IN_ONE_COLUMN,
            "kept_back": visits.kept_back,
            "with_hidden": asked,
            "is_trusted": _is_trusted(desk, household),
            "before": (first - timedelta(days=1)).strftime("%Y-%m"),
            "after": following.strftime("%Y-%m"),
            "month": first.strftime("%Y-%m"),
            "languages": settings.LANGUAGES,
            "crumbs": crumbs(_("Plan of the month"), household=household),
        }
        return render(request, "booking/desk/month.html", facts)


@dataclass(frozen=True, slots=True)
class PlanDay:
    """One day of the plan: the hours of day care beside the date, everything else by name."""

    day: date
    entries: list[WeekEntry]
    hours: tuple[datetime, datetime] | None


def _is_trusted(desk: Desk, household: Household) -> bool:
    held = StaffRole.objects.held_by(desk.account, desk.today)
    return held.filter(role=Role.CONFIDANT, member__centre=household.centre_id).exists()


def _plan(
    attendance: Attendance, household: Household, period: Period, now: datetime, visits: list[WeekEntry]
) -> list[PlanDay]:
    """Return what takes place day by day with the visits, what is sensitive without saying what it is."""
    zone = household.centre.timetable.tz
    secret = {
        each.group_id for each in attendance.enrolments if each.group.activity.sensitivity == Sensitivity.SENSITIVE
    }
    routine = {each.group_id for each in _day_care(attendance)} - secret

    def entries(groups: set[uuid.UUID], *, keep: bool) -> list[WeekEntry]:
        found = family_entries(_narrowed(attendance, groups, keep=keep), period=period, zone=zone, now=now)
        return [entry for entry in found if entry.status != Session.Status.CANCELLED]

    hidden = [
        replace(entry, title=_("Meeting at the centre"), where="", who="", note="", url="")
        for entry in entries(secret, keep=True)
    ]
    by_day: dict[date, list[WeekEntry]] = defaultdict(list)
    for entry in in_order([*entries(secret | routine, keep=False), *hidden, *visits]):
        by_day[entry.starts_at.date()].append(entry)
    hours: dict[date, list[WeekEntry]] = defaultdict(list)
    for entry in entries(routine, keep=True):
        hours[entry.starts_at.date()].append(entry)
    return [PlanDay(day, by_day[day], _span(hours[day])) for day in sorted({*by_day, *hours})]


def _span(entries: list[WeekEntry]) -> tuple[datetime, datetime] | None:
    if not entries:
        return None
    return min(entry.starts_at for entry in entries), max(entry.ends_at for entry in entries)


def _day_care(attendance: Attendance) -> list[Enrolment]:
    return [each for each in attendance.enrolments if each.group.activity.kind == Activity.Kind.DAY_CARE]


def _narrowed(attendance: Attendance, groups: set[uuid.UUID], *, keep: bool) -> Attendance:
    """Return the attendance of only these groups, or of all others."""
    chosen = {
        series: [group for group in those if (group.pk in groups) == keep]
        for series, those in attendance.groups_by_series.items()
    }
    enrolments = tuple(each for each in attendance.enrolments if (each.group_id in groups) == keep)
    return replace(
        attendance, enrolments=enrolments, groups_by_series={series: those for series, those in chosen.items() if those}
    )


def _first_day(text: str, today: date) -> date:
    """Read a month such as 2026-12, or take this one. Raises Http404 for what is no month."""
    if not text:
        return today.replace(day=1)
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month of the calendar, in no zone
    except ValueError as failure:
        raise Http404 from failure
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise Http404
    return first


def print_language(request: HttpRequest, household: Household) -> str:
    """Return the language to print in: the one asked for, or that of the family."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("lang", "")
    if asked in known:
        return asked
    adult = household.members.filter(guardians=None).order_by("householdmember__pk").first()
    return adult.language if adult else settings.LANGUAGE_CODE


def _note(desk: Desk, household: Household, person: Person) -> None:
    note_reading(
        people=[person], reader=desk.account, centre=household.centre, page=CardReading.Page.PRINT, now=desk.now
    )
