"""Booking a visit: the time, the people who give it and the room are taken together or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from booking.domain.agreed_times import agreed_slot, require_in_sight
from booking.domain.appointment_reservations import require_free, reserve
from booking.domain.appointment_rules import is_kept_from, refusal_for_visit
from booking.domain.appointment_telling import log_change, tell_visit
from booking.domain.referral_visits import answer_referrals
from booking.domain.slots import STAFF, Asker, Slot, asker_for, free_slots, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.locks import lock_people
from booking.messages.words import when
from booking.models import (
    Account,
    Appointment,
    AppointmentChange,
    AppointmentParty,
    OpeningWindow,
    Person,
    Service,
)
from booking.models.modes import Mode
from scheduler.locks import lock_resources
from scheduler.models import Resource
from scheduler.period import Period

Source = Appointment.Source


@dataclass(frozen=True, slots=True)
class Party:
    """A further side of a visit, who comes at an hour of her own and is told on her own."""

    person: Person
    arrives_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is asked for when a visit is booked. `specialist_id` None means anyone who is free then.

    `outside_hours` is for staff who agreed on a time with the client although it is in no hours for visits: a
    specialist must be named then, and why (`reason`, kept in the log); `room_id` is where, None for no room.
    `address` is where a visit at home takes place.
    """

    service: Service
    starts_at: datetime
    mode: str = Mode.OFFICE
    specialist_id: uuid.UUID | None = None
    is_urgent: bool = False
    colleagues: tuple[uuid.UUID, ...] = ()
    parties: tuple[Party, ...] = ()
    address: str = ""
    outside_hours: bool = False
    room_id: uuid.UUID | None = None
    reason: str = ""


@transaction.atomic
def book_appointment(  # noqa: PLR0913  a booking is made of these facts
    *,
    facts: VisitFacts,
    person: Person,
    by: Account | None,
    now: datetime,
    source: Source = Source.PAGE,
    series_key: uuid.UUID | None = None,
    tell: bool = True,
) -> Appointment:
    """Book a visit and queue the messages about it; who books the same visit again is answered by the one she has.

    Everybody who comes is locked first, then all who could give it and their rooms, then the time is looked at again:
    of many who want one time, one gets it. `by` is None for who came by a link. The caller has made sure that `by` may
    book for the person, and that only staff name colleagues, parties or a time outside the hours.
    Raises Refused: `slot_taken`, `visit_clash`, `visit_by_desk`, `visits_ahead`, `specialist_missing`, `busy_then`,
    `reason_outside_hours`, `room_taken_then`, `visit_past`, `visit_too_far`, `address_missing_for_visit`,
    `party_twice`, `arrival_outside_visit`; then nothing has changed.
    """
    by_staff = source == Source.DESK
    require_in_sight(facts.starts_at, now)
    person = _lock_everybody(person, facts.parties)
    on = timezone.localdate(now, facts.service.centre.timetable.tz)
    if not by_staff and is_kept_from(by, person=person, service=facts.service, on=on):
        raise Refused(refusal("visit_by_desk"))
    twin = _twin(facts, person)
    if twin is not None:
        return _known(twin, by, on)
    if facts.mode == Mode.HOME and not facts.address.strip():
        raise Refused(refusal("address_missing_for_visit"))
    asker = asker_for(person_id=person.pk, is_urgent=facts.is_urgent) if not by_staff else STAFF
    slot = _take_time(facts, asker, now)
    period = Period(slot.starts_at, slot.ends_at)
    _require_arrivals(facts, period)
    for each in (person, *(party.person for party in facts.parties)):
        reason = refusal_for_visit(service=facts.service, person=each, period=period, now=now, by=by, by_staff=by_staff)
        if reason is not None:
            raise Refused(reason)
    appointment = _store(facts, slot, person, by=by, now=now, source=source, series_key=series_key)
    reserve(appointment)
    log_change(appointment, AppointmentChange.Kind.BOOKED, by=by, now=now, note=facts.reason)
    people = [person.pk, *(party.person.pk for party in facts.parties)]
    answer_referrals(service_id=facts.service.pk, person_ids=people)
    if tell:
        tell_visit(appointment, kind="visit_booked", now=now, by=by)
    return appointment


def _lock_everybody(person: Person, parties: Sequence[Party]) -> Person:
    ids = [person.pk, *(party.person.pk for party in parties)]
    if len(set(ids)) < len(ids):
        raise Refused(refusal("party_twice"))
    return lock_people(ids)[person.pk]


def _known(twin: Appointment, by: Account | None, on: date) -> Appointment:
    """Return the visit there is, unless it is hidden from who asks. Raises Refused (`slot_taken`)."""
    if by is None or twin.booked_by_id == by.pk or Appointment.objects.visible_to(by, on).filter(pk=twin.pk).exists():
        return twin
    raise Refused(refusal("slot_taken"))


def _twin(facts: VisitFacts, person: Person) -> Appointment | None:
    """Return the visit that a repeated request made before, or None: the same people come to it and give it."""
    booked = Appointment.objects.filter(
        service=facts.service, person=person, starts_at=facts.starts_at, mode=facts.mode, status="booked"
    )
    if facts.specialist_id is not None:
        booked = booked.filter(specialist=facts.specialist_id)
    sides = sorted(party.person.pk for party in facts.parties)
    for visit in booked.select_related("service__centre__timetable"):
        givers = set(visit.colleagues.values_list("pk", flat=True))
        if givers == set(facts.colleagues) and sides == sorted(visit.parties.values_list("person", flat=True)):
            return visit
    return None


def _take_time(facts: VisitFacts, asker: Asker, now: datetime) -> Slot:
    """Lock who could give the visit and return the free time, or the one agreed outside the hours."""
    if facts.specialist_id is None and facts.outside_hours:
        raise Refused(refusal("specialist_missing"))
    if facts.outside_hours and not facts.reason.strip():
        raise Refused(refusal("reason_outside_hours"))
    lock_resources(_possible_resources(facts))
    if facts.outside_hours and facts.specialist_id is not None:
        slot = agreed_slot(
            service=facts.service,
            specialist_id=facts.specialist_id,
            starts_at=facts.starts_at,
            mode=facts.mode,
            room_id=facts.room_id,
            now=now,
        )
    else:
        slot = _free_slot(facts, asker, now)
    occupied = occupied_period(service=facts.service, mode=facts.mode, period=Period(slot.starts_at, slot.ends_at))
    require_free(facts.colleagues, occupied)
    return slot


def _require_arrivals(facts: VisitFacts, period: Period) -> None:
    """Refuse a side that would come before the visit begins or when it is over."""
    zone = facts.service.centre.timetable.tz
    for party in facts.parties:
        if party.arrives_at is not None and not period.start <= party.arrives_at < period.end:
            raise Refused(
                refusal("arrival_outside_visit", person=party.person, when=when(period.start, period.end, zone))
            )


def _possible_resources(facts: VisitFacts) -> set[uuid.UUID]:
    """Return the specialists and rooms the visit might need, to be locked at once and in order."""
    windows = OpeningWindow.objects.filter(series__services=facts.service, series__leader__isnull=False)
    if facts.specialist_id is not None:
        windows = windows.filter(series__leader=facts.specialist_id)
    found = {*facts.colleagues, *filter(None, (facts.specialist_id, facts.room_id))}
    for together in windows.values_list("series__leader", "series__room", "rooms"):
        found.update(filter(None, together))
    return found


def _free_slot(facts: VisitFacts, asker: Asker, now: datetime) -> Slot:
    instant = Period(facts.starts_at, facts.starts_at + timedelta(microseconds=1))
    if facts.specialist_id is not None:
        slot = slot_at(
            service=facts.service,
            specialist_id=facts.specialist_id,
            starts_at=facts.starts_at,
            mode=facts.mode,
            now=now,
            asker=asker,
        )
    else:
        slot = next(
            iter(free_slots(service=facts.service, period=instant, now=now, mode=facts.mode, asker=asker)), None
        )
    if slot is None:
        raise Refused(refusal("slot_taken"))
    return slot


def _store(  # noqa: PLR0913  a visit is made of these facts
    facts: VisitFacts,
    slot: Slot,
    person: Person,
    *,
    by: Account | None,
    now: datetime,
    source: Source,
    series_key: uuid.UUID | None,
) -> Appointment:
    known = Appointment.objects.of_person(person.pk).holding().filter(specialist=slot.specialist_id)
    appointment = Appointment.objects.create(
        service=facts.service,
        specialist_id=slot.specialist_id,
        person=person,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        mode=facts.mode,
        room_id=slot.room_id,
        address=facts.address.strip() if facts.mode == Mode.HOME else "",
        outside_hours=facts.outside_hours,
        is_urgent=facts.is_urgent,
        is_first=not known.exists(),
        series_key=series_key,
        source=source,
        booked_by=by,
        created_at=now,
        changed_at=now,
    )
    appointment.colleagues.set(Resource.objects.filter(pk__in=facts.colleagues))
    AppointmentParty.objects.bulk_create(
        AppointmentParty(appointment=appointment, person=party.person, arrives_at=party.arrives_at)
        for party in facts.parties
    )
    return appointment
