"""Visits of the demo: past ones with what became of them, coming ones, a series, a mediation, an earlier time held."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.domain.appointment_reservations import reserve
from booking.domain.slots import STAFF, Slot, free_slots
from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import demo_id
from booking.models import (
    Account,
    Appointment,
    AppointmentChange,
    AppointmentParty,
    Person,
    Service,
    SlotWatch,
)
from booking.models.modes import Mode
from scheduler.period import Period

Status, Kind = Appointment.Status, AppointmentChange.Kind
SOON = timedelta(days=28)
BOOKED_BEFORE = timedelta(days=10)
ANSWER_WITHIN = timedelta(days=1, hours=16)  # the demo begins at midnight
LATER_BY = timedelta(minutes=20)
WEEK = timedelta(weeks=1)
SERIES, SERIES_BEGAN = 8, timedelta(weeks=3)


@dataclass(frozen=True, slots=True)
class Meeting:
    """A visit of the story: of whom, to which service, in the first free time so many days from today."""

    service: str
    person: str
    in_days: int
    status: str = Status.BOOKED
    mode: str = Mode.OFFICE
    is_urgent: bool = False
    address: str = ""


MEETINGS = (
    Meeting("budzet", "parent_two", -21, Status.HELD),
    Meeting("budzet", "phone_only", -14, Status.NO_SHOW),
    Meeting("budzet", "bielak", -9, Status.HELD),
    Meeting("budzet", "phone_only", -8),  # nobody has noted yet what became of it
    Meeting("budzet", "parent_two", 1),
    Meeting("budzet", "phone_only", 2, mode=Mode.PHONE),
    Meeting("asystent", "bielak", -7, Status.HELD, Mode.HOME, address="Kłobuczek, ul. Polna 7"),
    Meeting("asystent", "phone_only", -7, Status.INTERRUPTED, Mode.HOME, address="Borowianka, ul. Leśna 2"),
    Meeting("asystent", "bielak", 1, mode=Mode.HOME, address="Kłobuczek, ul. Polna 7"),
    Meeting("prawnik", "co_parent", -12, Status.HELD, Mode.PHONE),
    Meeting("prawnik", "co_parent", 3, mode=Mode.PHONE),
    Meeting("psycholog", "parent_ukrainian", -10, Status.EXCUSED),
    Meeting("psycholog", "parent_ukrainian", 1, is_urgent=True),
    Meeting("psychiatra", "father", 1),
)


def store_visits(opened: OpenCentre, people: Mapping[str, Person], *, by: Account, now: datetime) -> None:
    """Store the visits of the centre that the story is about; tells nobody. The same day gives the same rows."""
    if "zofia" not in people:
        return
    for meeting in MEETINGS:
        service = opened.services[meeting.service]
        slot = _first_free(service, now + timedelta(days=meeting.in_days), meeting.mode)
        if slot is not None:
            _store(
                service,
                slot,
                people[meeting.person],
                by=by,
                now=now,
                status=meeting.status,
                is_urgent=meeting.is_urgent,
                address=meeting.address,
            )
    _store_series(opened.services["psychoterapia"], people["mother"], by=by, now=now)
    _store_mediation(opened.services["mediacje"], people["father"], people["mother"], by=by, now=now)
    _hold_earlier_time(opened.services["psycholog"], people["parent"], by=by, now=now)


def _store_series(service: Service, person: Person, *, by: Account, now: datetime) -> None:
    """Eight weekly meetings at one hour, of which some have taken place; a week of rest has none."""
    first = _first_free(service, now - SERIES_BEGAN, Mode.OFFICE)
    if first is None:
        return
    zone, key = service.centre.timetable.tz, demo_id("series", service.pk, person.pk)
    local = first.starts_at.astimezone(zone).replace(tzinfo=None)
    for number in range(SERIES):
        start = (local + number * WEEK).replace(tzinfo=zone)
        slot = _first_free(service, start, Mode.OFFICE, within=timedelta(minutes=1))
        if slot is not None:
            status = Status.HELD if slot.ends_at < now else Status.BOOKED
            _store(service, slot, person, by=by, now=now, status=status, series_key=key)


def _store_mediation(service: Service, one: Person, other: Person, *, by: Account, now: datetime) -> None:
    """Two sides who come at hours of their own and are told apart."""
    slot = _first_free(service, now + timedelta(days=2), Mode.OFFICE)
    if slot is not None:
        visit = _store(service, slot, one, by=by, now=now)
        AppointmentParty.objects.create(appointment=visit, person=other, arrives_at=slot.starts_at + LATER_BY)


def _hold_earlier_time(service: Service, person: Person, *, by: Account, now: datetime) -> None:
    """A booked visit, the wish for an earlier time, and one that is held for an answer."""
    late = _first_free(service, now + timedelta(days=16), Mode.OFFICE)
    early = _first_free(service, now + timedelta(days=4), Mode.OFFICE)
    if late is None or early is None or early.starts_at >= late.starts_at:
        return
    booked = _store(service, late, person, by=by, now=now)
    SlotWatch.objects.create(
        id=demo_id("watch", service.pk, person.pk),
        service=service,
        person=person,
        earlier_than=late.starts_at,
        appointment=booked,
        created_by=by,
        created_at=now - BOOKED_BEFORE,
    )
    _store(service, early, person, by=None, now=now, status=Status.OFFERED, expires_at=now + ANSWER_WITHIN)


def _first_free(service: Service, start: datetime, mode: str, *, within: timedelta = SOON) -> Slot | None:
    """Return the first free time from a moment on, which may be past."""
    found = free_slots(service=service, period=Period(start, start + within), now=start, mode=mode, asker=STAFF)
    return next((slot for slot in found if slot.starts_at >= start), None)


def _store(  # noqa: PLR0913  a visit is made of these facts
    service: Service,
    slot: Slot,
    person: Person,
    *,
    by: Account | None,
    now: datetime,
    status: str = Status.BOOKED,
    is_urgent: bool = False,
    address: str = "",
    series_key: uuid.UUID | None = None,
    expires_at: datetime | None = None,
) -> Appointment:
    made_at = min(slot.starts_at, now) - BOOKED_BEFORE
    visit = Appointment.objects.create(
        id=demo_id("visit", service.pk, slot.specialist_id, slot.starts_at.isoformat()),
        service=service,
        specialist_id=slot.specialist_id,
        person=person,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        mode=slot.mode,
        room_id=slot.room_id,
        address=address,
        status=status,
        is_urgent=is_urgent,
        is_first=not Appointment.objects.filter(person=person, specialist=slot.specialist_id).exists(),
        minutes={Status.HELD: service.minutes, Status.INTERRUPTED: service.minutes // 3}.get(Status(status)),
        series_key=series_key,
        source=Appointment.Source.DESK,
        booked_by=by,
        expires_at=expires_at,
        created_at=made_at,
        changed_at=made_at,
    )
    reserve(visit)
    kind = Kind.OFFERED if status == Status.OFFERED else Kind.BOOKED
    AppointmentChange.objects.create(appointment=visit, kind=kind, by=by, at=made_at)
    return visit
