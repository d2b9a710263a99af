"""Plain functions that make services with hours, and visits in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from booking.domain.slots import occupied_period
from booking.models import Appointment, FamilyCase, Household, OpeningWindow, Person, Role, Service, StaffMember
from scheduler.domain.visits import reserve_for_visit
from scheduler.models import BusyPeriod, Recurrence, Resource, Series, Term
from scheduler.period import Period
from tests.factories import (
    NOW,
    TODAY,
    make_centre,
    make_person,
    make_room,
    make_series,
    make_service,
    make_staff,
    make_term,
)

WEDNESDAY = date(2026, 9, 2)
WARSAW = ZoneInfo("Europe/Warsaw")


def wall(hour: int, minute: int = 0, day: date = date(2026, 11, 18)) -> datetime:
    """Return an hour of the wall clock, in UTC: of the Wednesday after `NOW` unless told otherwise."""
    return datetime.combine(day, time(hour, minute), WARSAW).astimezone(UTC)


def make_window(
    *services: Service,
    specialist: Resource,
    day: date = WEDNESDAY,
    starts: time = time(9, 0),
    ends: time = time(13, 0),
    room: Resource | None = None,
    rooms: Iterable[Resource] = (),
    term: Term | None = None,
    recurrence: str = Recurrence.WEEKLY,
    weekdays: Iterable[int] = (),
    **facts: Any,
) -> OpeningWindow:
    """Make published hours for some services, Wednesdays from 9 to 13 unless told otherwise; the term is made anew."""
    series = make_series(
        term or make_term(specialist.timetable),
        title="Dyżur",
        day=day,
        starts=starts,
        ends=ends,
        recurrence=recurrence,
        weekdays=weekdays,
        room=room,
        leader=specialist,
        kind=Series.Kind.DUTY,
        audience=Series.Audience.STAFF,
        on_breaks=Series.OnBreaks.RUN,
    )
    for service in services:
        service.series.add(series)
    window = OpeningWindow.objects.create(series=series, **facts)
    window.rooms.set(rooms)
    return window


@dataclass(frozen=True)
class Practice:
    """A specialist who receives people on Wednesdays from 9 to 13 in a room of her own."""

    service: Service
    member: StaffMember
    specialist: Resource
    room: Resource
    window: OpeningWindow


def make_practice(service: Service | None = None, *, facts: dict[str, Any] | None = None, **window: Any) -> Practice:
    """Make a service of 50 minutes and 10 of pause, without notice, with a specialist, her room and her hours."""
    if service is None:
        service = make_service(make_centre(), **{"minutes": 50, "pause_minutes": 10, "notice_hours": 0} | (facts or {}))
    member = make_staff("specialist", centre=service.centre)
    room = make_room(service.centre.timetable)
    hours = make_window(service, specialist=member.resource, room=room, **window)
    return Practice(service, member, member.resource, room, hours)


def make_visit(
    practice: Practice,
    starts_at: datetime,
    *,
    person: Person | None = None,
    minutes: int | None = None,
    room: Resource | None = None,
    **facts: Any,
) -> Appointment:
    """Make a booked visit that holds its specialist and room."""
    service = practice.service
    ends_at = starts_at + timedelta(minutes=minutes or service.minutes)
    facts = {"mode": "office", "created_at": NOW, "changed_at": NOW} | facts
    room = (room or practice.room) if facts["mode"] == "office" else None
    visit = Appointment.objects.create(
        service=service,
        specialist=practice.specialist,
        person=person or make_person(),
        starts_at=starts_at,
        ends_at=ends_at,
        room=room,
        **facts,
    )
    periods = {practice.specialist.pk: occupied_period(service=service, mode=visit.mode, period=visit.period)}
    if room is not None:
        periods[room.pk] = Period(starts_at, ends_at)
    if visit.is_holding:
        reserve_for_visit(visit_id=visit.pk, periods=periods)
    return visit


def make_case(household: Household, member: StaffMember | None = None, **facts: Any) -> FamilyCase:
    """Let a family assistant work with a family since a week."""
    member = member or make_staff(Role.FAMILY_ASSISTANT, centre=household.centre)
    facts = {"starts_on": TODAY - timedelta(days=7), "assigned_at": NOW} | facts
    return FamilyCase.objects.create(household=household, member=member, **facts)


def make_busy(resource: Resource, starts_at: datetime, ends_at: datetime) -> BusyPeriod:
    """Make a time in which somebody is busy elsewhere, as an outside calendar says."""
    return BusyPeriod.objects.create(resource=resource, starts_at=starts_at, ends_at=ends_at, source=uuid.uuid4())
