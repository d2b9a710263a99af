"""Free times for visits, computed when they are asked for and never stored."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from booking.domain.slot_facts import FIRST, OWN, URGENT, Duty, SlotFacts, read_slot_facts
from booking.models import Appointment, Service
from booking.models.modes import MODES, Mode
from scheduler.availability import Hours, Lengths, openings
from scheduler.period import Period

MOMENT = timedelta(microseconds=1)


class Slot(NamedTuple):
    """A free time for a visit. Instants are in UTC."""

    service_id: uuid.UUID
    specialist_id: uuid.UUID
    specialist: str
    starts_at: datetime
    ends_at: datetime
    mode: str
    room_id: uuid.UUID | None
    room: str | None


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose question it is: that decides which rules of the service and of the window count.

    `known_to` are the specialists whose client the person already is; None leaves the quotas out of account. Urgent
    matters may take what is kept for them. Staff need no notice and look as far ahead as they like.
    """

    known_to: frozenset[uuid.UUID] | None = frozenset()
    is_urgent: bool = False
    is_staff: bool = False


ANYONE = Asker()
STAFF = Asker(known_to=None, is_urgent=True, is_staff=True)


def asker_for(*, person_id: uuid.UUID, is_urgent: bool = False, is_staff: bool = False) -> Asker:
    """Return a person's question; one query finds whose client she is."""
    known = Appointment.objects.of_person(person_id).holding().values_list("specialist", flat=True)
    return Asker(frozenset(known), is_urgent, is_staff)


def lengths_of(service: Service, mode: str) -> Lengths:
    """Return how long visits of a service take in one way; the way to a home and back belongs to the visit."""
    travel = service.travel_minutes if mode == Mode.HOME else 0
    return Lengths(
        visit=timedelta(minutes=service.minutes),
        step=timedelta(minutes=service.step_minutes or service.minutes + service.pause_minutes),
        before=timedelta(minutes=service.before_minutes + travel),
        after=timedelta(minutes=max(service.pause_minutes, service.after_minutes) + travel),
    )


def occupied_period(*, service: Service, mode: str, period: Period) -> Period:
    """Return the time that a visit in `period` takes from those who give it: what their reservation covers."""
    lengths = lengths_of(service, mode)
    return Period(period.start - lengths.before, period.end + lengths.after)


def free_slots(  # noqa: PLR0913  a question is made of these facts
    *,
    service: Service,
    period: Period,
    now: datetime,
    specialist_id: uuid.UUID | None = None,
    mode: str = "",
    asker: Asker = ANYONE,
    besides: uuid.UUID | None = None,
) -> list[Slot]:
    """Return the free times of a service in `period`, in order: of one specialist or of anyone, in one way or in any.

    Two queries, however many specialists and days. `service.centre.timetable` is read for the zone: load it with the
    service. A visit `besides` counts as not being there, for moving it.
    """
    facts = read_slot_facts(service_ids=[service.pk], period=period, specialist_id=specialist_id, besides=besides)
    modes = [mode] if mode else MODES
    return list(_slots(service, facts, modes, asker, _Limits.of(service, period, asker, now)))


def first_free_slots(*, services: Collection[Service], now: datetime, asker: Asker = ANYONE) -> dict[uuid.UUID, Slot]:
    """Return the first free time of each service that has one, in three queries for all of them."""
    if not services:
        return {}
    far = max(service.horizon_days for service in services) + 1
    facts = read_slot_facts(
        service_ids=[service.pk for service in services], period=Period(now, now + timedelta(days=far))
    )
    found = {}
    for service in services:
        period = Period(now, now + timedelta(days=service.horizon_days + 1))
        slots = _slots(service, facts, MODES, asker, _Limits.of(service, period, asker, now))
        first = next(slots, None)
        if first is not None:
            found[service.pk] = first
    return found


def slot_at(  # noqa: PLR0913  a time is named by these facts
    *,
    service: Service,
    specialist_id: uuid.UUID,
    starts_at: datetime,
    mode: str,
    now: datetime,
    asker: Asker = ANYONE,
    besides: uuid.UUID | None = None,
) -> Slot | None:
    """Return the free time that begins exactly then, or None if there is none (any more)."""
    instant = starts_at.astimezone(UTC)
    found = free_slots(
        service=service,
        period=Period(instant, instant + MOMENT),
        now=now,
        specialist_id=specialist_id,
        mode=mode,
        asker=asker,
        besides=besides,
    )
    return next(iter(found), None)


class _Limits(NamedTuple):
    """From when and before when visits may start: as asked, and as notice and horizon allow."""

    asked: Period
    earliest: datetime
    latest: datetime

    @classmethod
    def of(cls, service: Service, period: Period, asker: Asker, now: datetime) -> _Limits:
        """Return the limits; the horizon ends with a day of the timetable's wall clock."""
        if asker.is_staff:
            return cls(period, now.astimezone(UTC), period.end)
        zone = service.centre.timetable.tz
        last = now.astimezone(zone).date() + timedelta(days=service.horizon_days)
        until = datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)
        return cls(period, now.astimezone(UTC) + timedelta(hours=service.notice_hours), until)


def _slots(service: Service, facts: SlotFacts, modes: Sequence[str], asker: Asker, limits: _Limits) -> Iterator[Slot]:
    """Yield the free times in order of their starts; duties come in order, those at the same time are merged."""
    given = [mode for mode in modes if getattr(service, mode)]
    lengths = {mode: lengths_of(service, mode) for mode in given}
    gathered: list[Slot] = []
    for duty in facts.duties:
        if not facts.is_for(duty, service.pk):
            continue
        # What begins before this duty cannot be followed by anything earlier.
        yield from _ready(gathered, duty.stretch[0])
        if not _is_open_to(duty, facts, asker):
            continue
        for mode in given:
            if mode in duty.modes:
                gathered += _of_duty(service, duty, facts, mode, lengths[mode], asker, limits)
    yield from _ready(gathered, None)


def _ready(gathered: list[Slot], until: datetime | None) -> list[Slot]:
    """Take from `gathered` what begins before `until`, in order; modes keep theirs."""
    ready = [slot for slot in gathered if until is None or slot.starts_at < until]
    gathered[:] = [slot for slot in gathered if until is not None and slot.starts_at >= until]
    return sorted(ready, key=lambda slot: (slot.starts_at, slot.specialist, MODES.index(slot.mode)))


def _is_open_to(duty: Duty, facts: SlotFacts, asker: Asker) -> bool:
    """Say whether the quota of the asker's kind of clients is not used up."""
    if asker.known_to is None or asker.is_urgent:
        return True
    kind, quota = (OWN, duty.own_quota) if duty.specialist_id in asker.known_to else (FIRST, duty.new_quota)
    return quota is None or facts.visits(duty, kind) < quota


def _of_duty(  # noqa: PLR0913, PLR0917  the parts of one computation
    service: Service,
    duty: Duty,
    facts: SlotFacts,
    mode: str,
    lengths: Lengths,
    asker: Asker,
    limits: _Limits,
) -> Iterator[Slot]:
    rooms = duty.rooms if mode == Mode.OFFICE and duty.rooms else None
    kept = 0
    if duty.urgent_places and not asker.is_urgent:
        kept = max(0, duty.urgent_places - facts.visits(duty, URGENT))
    hours = Hours(
        duty.stretch,
        facts.busy(duty.specialist_id, own_hours=True),
        [facts.busy(key, own_hours=key == duty.own_room) for key in rooms] if rooms else None,
        kept,
    )
    for opening in openings(hours, lengths, earliest=limits.earliest, latest=limits.latest):
        if limits.asked.start <= opening.start < limits.asked.end:
            room_id = rooms[opening.room] if rooms and opening.room is not None else None
            yield Slot(
                service.pk,
                duty.specialist_id,
                facts.names[duty.specialist_id],
                opening.start,
                opening.start + lengths.visit,
                mode,
                room_id,
                facts.names[room_id] if room_id else None,
            )
