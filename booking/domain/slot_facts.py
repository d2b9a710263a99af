"""What free times are computed from, read in two or three queries however many are asked for."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from booking.models import Appointment, Service, TimeOff
from booking.models.modes import MODES
from scheduler.availability import BusyTime, Stretch
from scheduler.models import BusyPeriod, Reservation, Resource, Session
from scheduler.models.columns import AsText, instant_of, key_of
from scheduler.models.prepared import PreparedQuery
from scheduler.period import Period

WINDOW = "series__window__"
COLUMNS: tuple[str | AsText, ...] = (
    AsText("id"),
    AsText("series_id"),
    AsText("starts_at"),
    AsText("ends_at"),
    AsText("leader_id"),
    AsText("room_id"),
    *(WINDOW + mode for mode in MODES),
    WINDOW + "urgent_places",
    WINDOW + "new_quota",
    WINDOW + "own_quota",
    AsText(WINDOW + "rooms"),
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
    modes: frozenset[str]
    urgent_places: int
    new_quota: int | None
    own_quota: int | None
    own_room: uuid.UUID | None
    rooms: list[uuid.UUID] = field(default_factory=list)  # its own first

    @property
    def counts(self) -> bool:
        """Whether it matters who comes to it."""
        return bool(self.urgent_places) or self.new_quota is not None or self.own_quota is not None


@dataclass(slots=True)
class SlotFacts:
    """The duties of a period in order of time, and what takes people and rooms in it."""

    duties: list[Duty]
    services: dict[uuid.UUID, set[uuid.UUID]] | None  # of each series; None where only one service was asked for
    names: dict[uuid.UUID, str] = field(default_factory=dict)  # of people and rooms
    _taken: dict[uuid.UUID, list[tuple[datetime, datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _counted: dict[uuid.UUID, list[tuple[datetime, datetime, str]]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[tuple[uuid.UUID, bool], BusyTime] = field(default_factory=dict)

    def busy(self, resource_id: uuid.UUID, *, own_hours: bool) -> BusyTime:
        """Return when a person or room is taken; with `own_hours`, hours of duty there are no obstacle."""
        if (resource_id, own_hours) not in self._known:
            rows = self._taken.get(resource_id, ())
            taken = (row[:2] for row in rows if not (own_hours and row[2] == Reservation.Kind.DUTY))
            self._known[resource_id, own_hours] = BusyTime(taken)
        return self._known[resource_id, own_hours]

    def add(self, resource_id: uuid.UUID, starts_at: str, ends_at: str, kind: str) -> None:
        """Keep a row of what is taken, counted or, without a time, called by a name."""
        if not starts_at:
            self.names[resource_id] = kind
            return
        rows = self._counted if kind in {FIRST, OWN, URGENT} else self._taken
        rows[resource_id].append((instant_of(starts_at), instant_of(ends_at), kind))

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
    facts = SlotFacts(duties, services)
    for resource_id, starts_at, ends_at, kind in _taken(duties, besides) if duties else ():
        facts.add(key_of(resource_id), starts_at, ends_at, kind)
    return facts


def _duty_rows(
    *, service_ids: Sequence[uuid.UUID], starts: datetime, ends: datetime, specialist_id: uuid.UUID | None
) -> QuerySet[Session, tuple[Any, ...]]:
    sessions = (
        Session.objects.standing()
        .on_open_days()
        .filter(
            starts_at__lt=ends,
            ends_at__gt=starts,
            series__services__in=service_ids,
            series__window__isnull=False,
            leader__isnull=False,
        )
    )
    if specialist_id is not None:
        sessions = sessions.filter(leader=specialist_id)
    return sessions.order_by("starts_at", "id").values_list(*COLUMNS)


def _taken_rows(
    *,
    resources: Sequence[uuid.UUID],
    starts: datetime,
    ends: datetime,
    counted: Sequence[uuid.UUID] | None,
    besides: uuid.UUID | None,
) -> QuerySet[Any, tuple[Any, ...]]:
    """Ask for reservations, busy times elsewhere, leave, names, and where it matters visits as quotas count them."""
    away = Value(AWAY, CharField())
    when, within = (AsText("starts_at"), AsText("ends_at")), Q(starts_at__lt=ends, ends_at__gt=starts)
    taken = Reservation.objects.filter(within, resource__in=resources)
    busy = BusyPeriod.objects.filter(within, resource__in=resources)
    leave = TimeOff.objects.standing().filter(within, member__resource__in=resources)
    if besides is not None:
        taken = taken.exclude(visit=besides)
    names, no_time = Resource.objects.filter(pk__in=resources), Value("", CharField())
    arms: list[QuerySet[Any, Any]] = [
        names.order_by().values_list(AsText("id"), no_time, no_time, "name"),
        busy.order_by().values_list(AsText("resource_id"), *when, away),
        leave.order_by().values_list(AsText("member__resource_id"), *when, away),
    ]
    if counted is not None:
        visits = Appointment.objects.holding().filter(within, specialist__in=counted)
        if besides is not None:
            visits = visits.exclude(pk=besides)
        first, urgent = When(is_first=True, then=Value(FIRST)), When(is_urgent=True, then=Value(URGENT))
        sort = Case(urgent, first, default=Value(OWN), output_field=CharField())
        arms.append(visits.order_by().values_list(AsText("specialist_id"), *when, sort))
    return taken.order_by().values_list(AsText("resource_id"), *when, "kind").union(*arms, all=True)


DUTIES, TAKEN = PreparedQuery(_duty_rows), PreparedQuery(_taken_rows)


def _duties(service_ids: Collection[uuid.UUID], period: Period, specialist_id: uuid.UUID | None) -> list[Duty]:
    found: dict[str, Duty] = {}
    for row in DUTIES.rows(
        service_ids=list(service_ids), starts=period.start, ends=period.end, specialist_id=specialist_id
    ):
        _add(found, row)
    return list(found.values())


def _taken(duties: list[Duty], besides: uuid.UUID | None) -> list[tuple[Any, ...]]:
    resources = {duty.specialist_id for duty in duties} | {room for duty in duties for room in duty.rooms}
    counted = {duty.specialist_id for duty in duties if duty.counts}
    return TAKEN.rows(
        resources=list(resources),
        starts=min(duty.stretch[0] for duty in duties) - AROUND,
        ends=max(duty.stretch[1] for duty in duties) + AROUND,
        counted=list(counted) or None,
        besides=besides,
    )


def _add(found: dict[str, Duty], row: tuple[Any, ...]) -> None:
    """Add a row of the join, of which a duty may have one for each of its services and further rooms."""
    key, series_id, starts_at, ends_at, leader_id, room_id, *facts = row
    *modes, urgent_places, new_quota, own_quota, other_id = facts
    duty = found.get(key)
    if duty is None:
        allowed = frozenset(mode for mode, is_allowed in zip(MODES, modes, strict=True) if is_allowed)
        duty = found[key] = Duty(
            key_of(series_id),
            (instant_of(starts_at), instant_of(ends_at)),
            key_of(leader_id),
            allowed,
            urgent_places,
            new_quota,
            own_quota,
            room_id and key_of(room_id),
        )
        if duty.own_room:
            duty.rooms.append(duty.own_room)
    if other_id and key_of(other_id) not in duty.rooms:
        duty.rooms.append(key_of(other_id))


def _services_of(duties: list[Duty], service_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
    given: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    links = Service.series.through.objects.filter(
        series__in={duty.series_id for duty in duties}, service__in=service_ids
    )
    for series_id, service_id in links.values_list("series_id", "service_id"):
        given[series_id].add(service_id)
    return given
