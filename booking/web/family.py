"""The family's week on one page, and the page of one child."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.domain.refusals import refusal_to_withdraw
from booking.models import Activity, Enrolment
from booking.models.enrolment import LIVE
from booking.web.errors import unknown_week
from booking.web.family_appointments import visits_of
from booking.web.family_history import history_of
from booking.web.family_members import Member, centres_of, family_of, member_or_404, reader_of, zone_of
from booking.web.family_offers import suggestions_for
from booking.web.family_questions import questions_for
from booking.web.family_sessions import (
    Attendance,
    attendance_of,
    coming_changes,
    family_entries,
    next_rows,
    public_page,
)
from booking.web.family_visits import appointment_entries, appointments_of
from booking.web.guests import coming_visits, visit_entries
from booking.web.invitations import invitations_of
from booking.web.makeups import credits_of
from booking.web.offer_words import full_name
from booking.web.offers import held_for
from booking.web.week import lay_out_week
from booking.web.week_links import UnknownWeek, read_view, week_links
from booking.web.week_opening import opening_week
from scheduler.domain.closures import list_closures
from scheduler.models import Session, TimetableRow
from scheduler.period import Period

DATES_SHOWN = 12
DATES_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place in a group and its next date."""

    enrolment: Enrolment
    next: TimetableRow | None

    @property
    def name(self) -> str:
        """The group's name."""
        return full_name(self.enrolment.group)

    @property
    def url(self) -> str:
        """The group's public page, if it has one."""
        return public_page(self.enrolment.group)

    @property
    def given_by_centre(self) -> bool:
        """Whether only the desk can take it back."""
        return self._kept_by == "given_by_centre"

    @property
    def is_by_court(self) -> bool:
        """Whether a court referred her, so that the family reports absences and talks to the staff."""
        return self._kept_by == "court_referred"

    @property
    def _kept_by(self) -> str:
        reason = refusal_to_withdraw(enrolment=self.enrolment)
        return reason.code if reason else ""


@login_required
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show the week of everyone in the family: what changed, who is where, what is on offer for who goes nowhere."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    centres = list(centres_of(members))
    centre = centres[0] if centres else None
    zone = zone_of(centre)
    with timezone.override(zone):
        today = timezone.localdate(now)
        attendance = attendance_of(members)
        own = Session.objects.filter(series__in=attendance.series_ids)
        try:
            monday = opening_week(request.GET, sessions=own, now=now, zone=zone)
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        shown = Period.of_week(monday, zone)
        appointments = visits_of(reader, members, now, coming=True)
        laid_out = lay_out_week(
            [
                *appointment_entries(reader, members, period=shown, zone=zone, now=now),
                *family_entries(attendance, period=shown, zone=zone, now=now),
                *visit_entries(members, period=shown, zone=zone, now=now),
            ],
            monday=monday,
            today=today,
            closures=list_closures(centre.timetable, monday, monday + timedelta(days=6)) if centre else (),
            view=read_view(request.GET),
        )
        facts = {
            "centre": centre,
            "children": [member for member in members if not member.is_reader],
            "shown": [member for member in members if not member.is_reader or attendance.of(member) or appointments],
            "held": held_for(members, now),
            "questions": questions_for(members, now=now, appointments=appointments),
            "changes": coming_changes(attendance, now=now, zone=zone),
            "week": laid_out,
            "links": week_links(request.GET, monday=monday, today=today),
            "has_places": bool(attendance.enrolments or appointments),
            "suggestions": suggestions_for(_idle(attendance), centres, now=now, today=today),
        }
        return render(request, "booking/family/week.html", facts)


@login_required
@require_safe
def child(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show one person of the family: her places, next dates, what the reader may do, and what is over."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    member = member_or_404(members, person_id)
    centre = centres_of([member]).first()
    zone = zone_of(centre)
    with timezone.override(zone):
        attendance = attendance_of([member])
        coming = next_rows(attendance, now=now, until=now + DATES_AHEAD)
        past = Enrolment.objects.filter(child=member.person).exclude(status__in=LIVE).order_by("-updated_at")
        facts = {
            "centre": centre,
            "member": member,
            "age": member.person.age_on(timezone.localdate(now)),
            "places": [Place(each, _first_standing(coming[each.group_id])) for each in attendance.enrolments],
            "dates": _dates(coming, attendance),
            "past": [(each, full_name(each.group)) for each in past.select_related("group__activity")],
            "invitations": invitations_of([member], now),
            "credits": credits_of([member], now),
            "visits": coming_visits([member], now),
            "appointments": appointments_of(reader, member, now),
            **history_of(member, now),
        }
        return render(request, "booking/family/child.html", facts)


def _idle(attendance: Attendance) -> list[Member]:
    """Return the children without a place whom the reader may enrol, and the reader if she has no children here."""
    alone = len(attendance.members) == 1
    without = [each for each in attendance.members if not attendance.of(each) and each.may_book]
    return [each for each in without if alone or not each.is_reader]


def _first_standing(rows: list[TimetableRow]) -> TimetableRow | None:
    return next((row for row in rows if row.status != Session.Status.CANCELLED), None)


def _dates(coming: dict[uuid.UUID, list[TimetableRow]], attendance: Attendance) -> list[tuple[TimetableRow, str]]:
    """Return the next dates over all groups but day care, each once, with the name of what meets."""
    by_id = {
        row.id: (row, full_name(enrolment.group))
        for enrolment in attendance.enrolments
        if enrolment.group.activity.kind != Activity.Kind.DAY_CARE
        for row in coming[enrolment.group_id]
    }
    return sorted(by_id.values(), key=lambda pair: pair[0].starts_at)[:DATES_SHOWN]
