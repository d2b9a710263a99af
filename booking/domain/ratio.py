"""Where more children are together than their educators may care for, moment by moment. Pure: values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from scheduler.period import Period


@dataclass(frozen=True, slots=True)
class Care:
    """Some children or educators who are with a unit (a meeting, a room) for a while."""

    unit: Hashable
    period: Period
    children: int = 0
    educators: int = 0


@dataclass(frozen=True, slots=True)
class Crowding:
    """A stretch in which a unit has more children than its educators may care for, with the counts of that stretch."""

    unit: Hashable
    period: Period
    children: int
    educators: int


def find_crowding(care: Iterable[Care], *, limit: int) -> list[Crowding]:
    """Return every stretch with more than `limit` children for each educator, in order of time.

    One sweep over the moments at which somebody comes or goes: periods are half-open, so whoever leaves at 16:00 is
    not there with whoever comes at 16:00. Counts are constant in a stretch; neighbours with the same counts are one.
    """
    steps: dict[Hashable, dict[datetime, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for each in care:
        for moment, sign in ((each.period.start, 1), (each.period.end, -1)):
            step = steps[each.unit][moment]
            step[0] += sign * each.children
            step[1] += sign * each.educators
    found = [crowding for unit, of_unit in steps.items() for crowding in _sweep(unit, of_unit, limit)]
    return sorted(found, key=lambda each: (each.period, str(each.unit)))


def _sweep(unit: Hashable, steps: dict[datetime, list[int]], limit: int) -> list[Crowding]:
    found: list[Crowding] = []
    children = educators = 0
    moments = sorted(steps)
    for start, end in pairwise(moments):
        children += steps[start][0]
        educators += steps[start][1]
        if children <= limit * educators:
            continue
        last = found[-1] if found else None
        if last and last.period.end == start and (last.children, last.educators) == (children, educators):
            found[-1] = Crowding(unit, Period(last.period.start, end), children, educators)
        else:
            found.append(Crowding(unit, Period(start, end), children, educators))
    return found
