"""What the desk prints for families: the confirmation of a place, and the plan of a month in large letters."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.domain.access_log import note_reading
from booking.models import CardReading, Household, Person
from booking.models.activity import Sensitivity
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.enrolments import next_dates
from booking.web.family_members import Member
from booking.web.family_offers import Offer
from booking.web.family_sessions import Attendance, attendance_of, family_entries
from booking.web.week import WeekEntry
from scheduler.models import Session
from scheduler.period import Period

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_IN_ONE_COLUMN = 18


@login_required
@require_safe
def confirmation(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Confirm a place on paper, in the language of whoever reads it."""
    desk = Desk.of(request)
    enrolment = desk.enrolment(enrolment_id)
    household = desk.household_of(enrolment.child)
    group = enrolment.group
    _note(desk, household, enrolment.child)
    with translation.override(_language(request, household)), timezone.override(group.term.timetable.tz):
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
    with translation.override(_language(request, household)), timezone.override(zone):
        period = Period(datetime.combine(first, time.min, zone), datetime.combine(following, time.min, zone))
        entries = _entries(person, household, period, desk.now)
        days = [(day, list(those)) for day, those in groupby(entries, key=lambda entry: entry.starts_at.date())]
        facts = {
            "centre": household.centre,
            "household": household,
            "person": person,
            "first": first,
            "days": days,
            "is_long": len(entries) > MOST_IN_ONE_COLUMN,
            "before": (first - timedelta(days=1)).strftime("%Y-%m"),
            "after": following.strftime("%Y-%m"),
            "month": first.strftime("%Y-%m"),
            "languages": settings.LANGUAGES,
            "crumbs": crumbs(_("Plan of the month"), household=household),
        }
        return render(request, "booking/desk/month.html", facts)


def _entries(person: Person, household: Household, period: Period, now: datetime) -> list[WeekEntry]:
    """Return what takes place for a person, in order of time, what is sensitive without saying what it is."""
    zone = household.centre.timetable.tz
    attendance = attendance_of([Member(person, hue=1, mark="")])
    secret = {
        each.group_id for each in attendance.enrolments if each.group.activity.sensitivity == Sensitivity.SENSITIVE
    }
    open_ones = family_entries(_narrowed(attendance, secret, keep=False), period=period, zone=zone, now=now)
    hidden = [
        replace(entry, title=_("Meeting at the centre"), where="", who="", note="", url="")
        for entry in family_entries(_narrowed(attendance, secret, keep=True), period=period, zone=zone, now=now)
    ]
    standing = [entry for entry in [*open_ones, *hidden] if entry.status != Session.Status.CANCELLED]
    return sorted(standing, key=lambda entry: entry.order)


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


def _language(request: HttpRequest, household: Household) -> str:
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
