"""What free times are computed from, read in two or three queries however many are asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When

from booking.models import Appointment, Service, TimeOff
from booking.models.modes import MODES
from scheduler.availability import BusyTime, Stretch
from scheduler.models import BusyPeriod, Closure, Reservation, Series, Session
from scheduler.models.columns import AsText, instant_of, key_of
from scheduler.period import Period

WINDOW = "series__window__"
COLUMNS = (
    AsText("id"),
    AsText("series_id"),
    AsText("starts_at"),
    AsText("ends_at"),
    AsText("leader_id"),
    "leader__name",
    AsText("room_id"),
    "room__name",
    *(WINDOW + mode for mode in MODES),
    WINDOW + "urgent_places",
    WINDOW + "new_quota",
    WINDOW + "own_quota",
    AsText(WINDOW + "rooms"),
    WINDOW + "rooms__name",
)
FIRST, OWN, URGENT = "first", "own", "urgent"  # visits, as they count against quotas
AWAY = "away"
AROUND = timedelta(hours=12)  # what lies around a visit may reach over the edge of the hours


@dataclass(slots=True)
class Duty:
    """One dated stretch of hours for visits, with what its window says."""

    series_id: uuid.UUID
    stretch: Stretch
    specialist_id: uuid.UUID
    specialist: str
    modes: frozenset[str]
    urgent_places: int
    new_quota: int | None
    own_quota: int | None
    own_room: uuid.UUID | None
    rooms: dict[uuid.UUID, str] = field(default_factory=dict)  # its own first

    @property
    def counts(self) -> bool:
        """Whether it matters who comes to it."""
        return bool(self.urgent_places) or self.new_quota is not None or self.own_quota is not None


@dataclass(slots=True)
class SlotFacts:
    """The duties of a period in order of time, and what takes people and rooms in it."""

    duties: list[Duty]
    services: dict[uuid.UUID, set[uuid.UUID]] | None  # of each series; None where only one service was asked for
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

    def is_for(self, duty: Duty, service_id: uuid.UUID) -> bool:
        """Say whether a service is given in a duty."""
        return self.services is None or service_id in self.services[duty.series_id]

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
    services = _services_of(duties, service_ids) if len(service_ids) > 1 else None
    facts = SlotFacts(duties, services, defaultdict(list), defaultdict(list))
    for resource_id, starts_at, ends_at, kind in _taken_rows(duties, besides) if duties else ():
        rows = facts._counted if kind in {FIRST, OWN, URGENT} else facts._taken  # noqa: SLF001  it is being made here
        rows[key_of(resource_id)].append((instant_of(starts_at), instant_of(ends_at), kind))
    return facts


# Most of the time of a small query goes into putting it together. What is the same every time is put together once.


@cache
def _all_duties() -> QuerySet[Session, tuple[Any, ...]]:
    closed = Closure.objects.filter(
        Q(place__isnull=True) | Q(place=OuterRef("room__place")),
        timetable=OuterRef("timetable"),
        starts_on__lte=OuterRef("planned_date"),
        ends_on__gte=OuterRef("planned_date"),
    )
    sessions = Session.objects.standing().filter(
        Q(changed_by_hand=True) | ~Exists(closed),  # a date that somebody changed knowingly stands on a closed day too
        series__kind=Series.Kind.DUTY,
        series__window__isnull=False,
        leader__isnull=False,
    )
    return sessions.order_by("starts_at", "leader__name", "id").values_list(*COLUMNS)


@cache
def _all_taken() -> tuple[QuerySet[Any, tuple[Any, ...]], ...]:
    """Return all reservations, all busy times elsewhere, all leave, and all visits as quotas count them."""
    away = Value(AWAY, CharField())
    first, urgent = When(is_first=True, then=Value(FIRST)), When(is_urgent=True, then=Value(URGENT))
    sort = Case(urgent, first, default=Value(OWN), output_field=CharField())
    when = (AsText("starts_at"), AsText("ends_at"))
    return (
        Reservation.objects.order_by().values_list(AsText("resource_id"), *when, "kind"),
        BusyPeriod.objects.order_by().values_list(AsText("resource_id"), *when, away),
        TimeOff.objects.standing().order_by().values_list(AsText("member__resource_id"), *when, away),
        Appointment.objects.holding().order_by().values_list(AsText("specialist_id"), *when, sort),
    )


def _duties(service_ids: Collection[uuid.UUID], period: Period, specialist_id: uuid.UUID | None) -> list[Duty]:
    asked = {"starts_at__lt": period.end, "ends_at__gt": period.start, "series__services__in": service_ids}
    if specialist_id is not None:
        asked["leader"] = specialist_id
    found: dict[str, Duty] = {}
    for row in _all_duties().filter(**asked):
        _add(found, row)
    return list(found.values())


def _add(found: dict[str, Duty], row: tuple[Any, ...]) -> None:
    """Add a row of the join, of which a duty may have one for each of its services and further rooms."""
    key, series_id, starts_at, ends_at, leader_id, leader, room_id, room, *facts = row
    *modes, urgent_places, new_quota, own_quota, other_id, other = facts
    duty = found.get(key)
    if duty is None:
        allowed = frozenset(mode for mode, is_allowed in zip(MODES, modes, strict=True) if is_allowed)
        duty = found[key] = Duty(
            key_of(series_id),
            (instant_of(starts_at), instant_of(ends_at)),
            key_of(leader_id),
            leader,
            allowed,
            urgent_places,
            new_quota,
            own_quota,
            room_id and key_of(room_id),
        )
        if duty.own_room:
            duty.rooms[duty.own_room] = room
    if other_id:
        duty.rooms.setdefault(key_of(other_id), other)


def _services_of(duties: list[Duty], service_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    given: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    links = Service.series.through.objects.filter(
        series__in={duty.series_id for duty in duties}, service__in=service_ids
    )
    for series_id, service_id in links.values_list("series_id", "service_id"):
        given[series_id].add(service_id)
    return given


def _taken_rows(duties: list[Duty], besides: uuid.UUID | None) -> Iterable[tuple[str, str, str, str]]:
    resources = {duty.specialist_id for duty in duties} | {room for duty in duties for room in duty.rooms}
    counted = {duty.specialist_id for duty in duties if duty.counts}
    within = {
        "starts_at__lt": max(duty.stretch[1] for duty in duties) + AROUND,
        "ends_at__gt": min(duty.stretch[0] for duty in duties) - AROUND,
    }
    reservations, busy, leave, visits = _all_taken()
    taken = reservations.filter(resource__in=resources, **within)
    arms = [busy.filter(resource__in=resources, **within), leave.filter(member__resource__in=resources, **within)]
    if counted:
        arms.append(visits.filter(specialist__in=counted, **within))
    if besides is not None:
        taken = taken.exclude(visit=besides)
        arms[2:] = [arm.exclude(pk=besides) for arm in arms[2:]]
    return taken.union(*arms, all=True)
