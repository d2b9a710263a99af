"""What free times are computed from, read in two queries however many specialists, services and days are asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from booking.models import Appointment, TimeOff
from booking.models.modes import MODES
from scheduler.availability import BusyTime, Stretch
from scheduler.models import BusyPeriod, Closure, Reservation, Series, Session
from scheduler.period import Period

WINDOW = "series__window__"
COLUMNS = (
    "id",
    "starts_at",
    "ends_at",
    "leader_id",
    "leader__name",
    "room_id",
    "room__name",
    "series__services",
    *(WINDOW + mode for mode in MODES),
    WINDOW + "urgent_places",
    WINDOW + "new_quota",
    WINDOW + "own_quota",
    WINDOW + "rooms",
    WINDOW + "rooms__name",
)
FIRST, OWN, URGENT = "first", "own", "urgent"  # visits, as they count against quotas
AWAY = "away"


@dataclass(slots=True)
class Duty:
    """One dated stretch of hours for visits, with what its window says."""

    stretch: Stretch
    specialist_id: uuid.UUID
    specialist: str
    modes: frozenset[str]
    urgent_places: int
    new_quota: int | None
    own_quota: int | None
    own_room: uuid.UUID | None
    services: set[uuid.UUID] = field(default_factory=set)
    rooms: dict[uuid.UUID, str] = field(default_factory=dict)  # its own first

    @property
    def counts(self) -> bool:
        """Whether it matters who comes to it."""
        return bool(self.urgent_places) or self.new_quota is not None or self.own_quota is not None


@dataclass(slots=True)
class SlotFacts:
    """The duties of a period in order of time, and what takes people and rooms in it."""

    duties: list[Duty]
    _taken: dict[uuid.UUID, list[tuple[datetime, datetime, str]]]
    _counted: dict[uuid.UUID, list[tuple[datetime, datetime, str]]]
    _known: dict[tuple[uuid.UUID, bool], BusyTime] = field(default_factory=dict)

    def busy(self, resource_id: uuid.UUID, *, own_hours: bool) -> BusyTime:
        """Return when a person or room is taken; with `own_hours`, hours of duty there are no obstacle."""
        if (resource_id, own_hours) not in self._known:
            rows = self._taken.get(resource_id, ())
            taken = (row[:2] for row in rows if not (own_hours and row[2] == Reservation.Kind.DUTY))
            self._known[resource_id, own_hours] = BusyTime(taken)
        return self._known[resource_id, own_hours]

    def visits(self, duty: Duty, kind: str) -> int:
        """Return how many visits of that kind begin in a duty."""
        first, until = duty.stretch
        rows = self._counted.get(duty.specialist_id, ())
        return sum(each == kind and first <= start < until for start, _end, each in rows)


def read_slot_facts(
    *,
    service_ids: Collection[uuid.UUID],
    period: Period,
    specialist_id: uuid.UUID | None = None,
    besides: uuid.UUID | None = None,
) -> SlotFacts:
    """Return the facts for these services, of one specialist or of all. A visit `besides` counts as not being there."""
    duties = _duties(service_ids, period, specialist_id)
    if not duties:
        return SlotFacts([], {}, {})
    span = Period(min(each.stretch[0] for each in duties), max(each.stretch[1] for each in duties))
    return _with_taken(duties, span, besides)


def _duties(service_ids: Collection[uuid.UUID], period: Period, specialist_id: uuid.UUID | None) -> list[Duty]:
    closed = Closure.objects.filter(
        Q(place__isnull=True) | Q(place=OuterRef("room__place")),
        timetable=OuterRef("timetable"),
        starts_on__lte=OuterRef("planned_date"),
        ends_on__gte=OuterRef("planned_date"),
    )
    sessions = (
        Session.objects.within(period)
        .standing()
        .filter(
            Q(changed_by_hand=True)
            | ~Exists(closed),  # a date that somebody changed knowingly stands on a closed day too
            series__kind=Series.Kind.DUTY,
            series__services__in=service_ids,
            series__window__isnull=False,
            leader__isnull=False,
        )
    )
    if specialist_id is not None:
        sessions = sessions.filter(leader=specialist_id)
    found: dict[uuid.UUID, Duty] = {}
    for row in sessions.order_by("starts_at", "leader__name", "id").values_list(*COLUMNS):
        _add(found, row)
    return list(found.values())


def _add(found: dict[uuid.UUID, Duty], row: tuple[Any, ...]) -> None:
    """Add a row of the join, of which a duty has one for each of its services and further rooms."""
    key, starts_at, ends_at, leader_id, leader, room_id, room, service_id, *facts = row
    *modes, urgent_places, new_quota, own_quota, other_id, other = facts
    duty = found.get(key)
    if duty is None:
        allowed = frozenset(mode for mode, is_allowed in zip(MODES, modes, strict=True) if is_allowed)
        duty = found[key] = Duty(
            (starts_at, ends_at), leader_id, leader, allowed, urgent_places, new_quota, own_quota, room_id
        )
        if room_id:
            duty.rooms[room_id] = room
    duty.services.add(service_id)
    if other_id:
        duty.rooms.setdefault(other_id, other)


def _with_taken(duties: list[Duty], span: Period, besides: uuid.UUID | None) -> SlotFacts:
    people = {duty.specialist_id for duty in duties}
    rooms = {room for duty in duties for room in duty.rooms}
    counted = {duty.specialist_id for duty in duties if duty.counts}
    facts = SlotFacts(duties, defaultdict(list), defaultdict(list))
    for resource_id, starts_at, ends_at, kind in _taken_rows(people | rooms, counted, span, besides):
        rows = facts._counted if kind in {FIRST, OWN, URGENT} else facts._taken  # noqa: SLF001  it is being made here
        rows[resource_id].append((starts_at, ends_at, kind))
    return facts


def _taken_rows(
    resources: Iterable[uuid.UUID], counted: Collection[uuid.UUID], span: Period, besides: uuid.UUID | None
) -> QuerySet[Any, tuple[uuid.UUID, datetime, datetime, str]]:
    within = Q(starts_at__lt=span.end, ends_at__gt=span.start)
    away = Value(AWAY, CharField())
    reservations = Reservation.objects.filter(within, resource__in=resources)
    if besides is not None:
        reservations = reservations.exclude(visit=besides)
    arms = [
        BusyPeriod.objects.filter(within, resource__in=resources).values_list("resource", "starts_at", "ends_at", away),
        TimeOff.objects.standing()
        .filter(within, member__resource__in=resources)
        .values_list("member__resource", "starts_at", "ends_at", away),
    ]
    if counted:
        visits = Appointment.objects.holding().filter(within, specialist__in=counted)
        if besides is not None:
            visits = visits.exclude(pk=besides)
        sort = Case(
            When(is_urgent=True, then=Value(URGENT)), When(is_first=True, then=Value(FIRST)), default=Value(OWN)
        )
        arms.append(visits.values_list("specialist", "starts_at", "ends_at", sort))
    taken = reservations.values_list("resource", "starts_at", "ends_at", F("kind"))
    return taken.order_by().union(*(arm.order_by() for arm in arms), all=True)
