"""Finding two things that need the same resource at the same moment. Pure: values in, values out."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import heappop, heappush

from scheduler.period import Period

# A unit has two layers: duty hours take the first, visits the second, meetings both. So visits fit into duty hours.
LAYERS = {"meeting": (0, 1), "duty": (0,), "visit": (1,)}


@dataclass(frozen=True, slots=True)
class Need:
    """A need of one unit of a resource; `holder` is the id of the session, or of the visit if it is of that kind."""

    resource_id: uuid.UUID
    period: Period
    holder: uuid.UUID
    unit: int = 0  # 0 until assigned
    kind: str = "meeting"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two holders that need more of a resource than there is."""

    resource_id: uuid.UUID
    first: Need
    second: Need


def assign_units(needs: Iterable[Need], units: dict[uuid.UUID, int]) -> tuple[list[Need], list[Clash]]:
    """Give each need a free unit of its resource; one pass over the needs in order of time.

    `units` says how many a resource has (1 if absent). Needs that already have a unit keep it if they can, or pass to
    another. Returns the needs with their units and the clashes that are left: none, unless at some moment a resource
    has fewer units than needs.
    """
    by_resource: dict[uuid.UUID, list[Need]] = defaultdict(list)
    for need in needs:
        by_resource[need.resource_id].append(need)
    assigned: list[Need] = []
    clashes: list[Clash] = []
    for resource_id, wanted in by_resource.items():
        wanted.sort(key=lambda need: (need.period.start, need.unit == 0, need.period.end))
        _sweep(resource_id, wanted, units.get(resource_id, 1), assigned, clashes)
    return assigned, clashes


def _sweep(resource_id: uuid.UUID, wanted: list[Need], units: int, assigned: list[Need], clashes: list[Clash]) -> None:
    layers = (set(range(1, units + 1)), set(range(1, units + 1)))
    busy: list[tuple[datetime, int, Need]] = []  # (until, position, what holds it)
    last: dict[int, Need] = {}
    for position, need in enumerate(wanted):
        while busy and busy[0][0] <= need.period.start:
            over = heappop(busy)[2]
            for layer in LAYERS[over.kind]:
                layers[layer].add(over.unit)
        taken = LAYERS[need.kind]
        free = set.intersection(*(layers[layer] for layer in taken))
        if not free:
            before = [last[layer] for layer in taken if layer in last]
            clashes.append(Clash(resource_id, max(before, key=lambda one: one.period.end, default=need), need))
            continue
        placed = replace(need, unit=need.unit if need.unit in free else min(free))
        for layer in taken:
            layers[layer].discard(placed.unit)
            last[layer] = placed
        heappush(busy, (need.period.end, position, placed))
        assigned.append(placed)
