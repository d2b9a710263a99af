"""Reserving rooms, people and equipment for sessions and visits: everything that is needed, or nothing."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.db.models import Q
from django.db.models.functions import Coalesce

from scheduler.domain.clashes import Clash, Need, assign_units
from scheduler.models import Reservation, Resource
from scheduler.period import Period

BATCH = 500


@dataclass(frozen=True, slots=True)
class Allotment:
    """The unit each need gets, the standing reservations that pass to another unit, and the needs left without one."""

    taken: list[Need] = field(default_factory=list)
    shifted: list[Need] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def plan_reservations(needs: list[Need], *, released: Collection[uuid.UUID] = ()) -> Allotment:
    """Return how the holders of `needs` can have their resources; three queries, writes nothing.

    Whoever needs a hall needs its halves with it. What the sessions and visits in `released` hold now counts as free.
    Units of one resource are equal: a standing reservation may pass to another unit, so that a need is refused only
    when at some moment there are fewer units than needs.
    """
    if not needs:
        return Allotment()
    needs = _with_parts(needs)
    resources = {need.resource_id for need in needs}
    standing = _standing(needs, resources, released)
    units = dict(Resource.objects.filter(pk__in=resources).values_list("pk", "units"))
    assigned, clashes = assign_units([*standing, *needs], units)
    before = _units_by_holder(standing)
    after = _units_by_holder(assigned)
    allotment = Allotment(clashes=clashes)
    for need in assigned:
        key = (need.resource_id, need.holder)
        if key not in before:
            allotment.taken.append(need)
        elif before[key] != after[key]:
            allotment.shifted.append(need)
    return allotment


def _with_parts(needs: list[Need]) -> list[Need]:
    """Return the needs together with those of everything inside the rooms that are needed."""
    parts = Resource.objects.parts_of({need.resource_id for need in needs})
    known = {(need.resource_id, need.holder) for need in needs} if parts else set()
    inside: dict[tuple[uuid.UUID, uuid.UUID], Need] = {}
    for need in needs:
        for part in parts.get(need.resource_id, ()):
            if (part, need.holder) not in known:
                inside[part, need.holder] = replace(need, resource_id=part, unit=0)
    return [*needs, *inside.values()]


def _standing(needs: list[Need], resources: set[uuid.UUID], released: Collection[uuid.UUID]) -> list[Need]:
    """Return what holds these resources in the time that the needs span."""
    taken = Reservation.objects.filter(
        resource__in=resources,
        starts_at__lt=max(need.period.end for need in needs),
        ends_at__gt=min(need.period.start for need in needs),
    ).values_list("resource_id", "starts_at", "ends_at", Coalesce("session_id", "visit"), "unit", "kind")
    return [
        Need(resource_id, Period(starts_at, ends_at), holder, unit, kind)
        for resource_id, starts_at, ends_at, holder, unit, kind in taken
        if holder not in released
    ]


def _units_by_holder(needs: Iterable[Need]) -> dict[tuple[uuid.UUID, uuid.UUID], set[int]]:
    units: dict[tuple[uuid.UUID, uuid.UUID], set[int]] = defaultdict(set)
    for need in needs:
        units[need.resource_id, need.holder].add(need.unit)
    return units


def write_reservations(allotment: Allotment, *, released: Collection[uuid.UUID] = ()) -> None:
    """Store an allotment without clashes, after giving back what the sessions and visits in `released` hold.

    The caller holds the locks of every resource that is needed or given back.
    """
    if released:
        Reservation.objects.filter(Q(session__in=list(released)) | Q(visit__in=list(released))).delete()
    for resource_id, holder in {(need.resource_id, need.holder) for need in allotment.shifted}:
        Reservation.objects.filter(Q(session=holder) | Q(visit=holder), resource=resource_id).delete()
    Reservation.objects.bulk_create(
        [
            Reservation(
                resource_id=need.resource_id,
                unit=need.unit,
                kind=need.kind,
                starts_at=need.period.start,
                ends_at=need.period.end,
                session_id=None if need.kind == Reservation.Kind.VISIT else need.holder,
                visit=need.holder if need.kind == Reservation.Kind.VISIT else None,
            )
            for need in (*allotment.taken, *allotment.shifted)
        ],
        batch_size=BATCH,
    )
