"""Where a session stands in the week grid: classes for its row, length and lane, and the hours a grid has to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

STEP_MINUTES = 5
DAY_STEPS = 24 * 60 // STEP_MINUTES
MOST_LANES = 12
LANES = re.compile(r"-of-(\d+)")


def spots(spans: Sequence[tuple[datetime, datetime]]) -> list[str]:
    """Return classes such as ``at-1545 for-60 lane-1-of-3`` for the sessions of one local day, in the order given.

    Starts and ends are in the centre's zone; their wall-clock time counts, rounded to whole steps of five minutes, and
    what ends after midnight is shown until midnight. Sessions that overlap share the width: each takes the first lane
    that is free, and reaches to the right as far as nothing stands beside it (``wide-2``).
    """
    steps = [_steps(starts_at, ends_at) for starts_at, ends_at in spans]
    lanes = _lanes(steps)
    return [
        f"at-{begin // 12:02d}{begin % 12 * STEP_MINUTES:02d} for-{(end - begin) * STEP_MINUTES} lane-{lane}-of-{count}"
        + (f" wide-{wide}" if wide > 1 else "")
        for (begin, end), (lane, count), wide in zip(steps, lanes, _widths(steps, lanes), strict=True)
    ]


def lanes_of(spot: str) -> int:
    """Return among how many lanes the width is shared at this spot."""
    found = LANES.search(spot)
    return int(found[1]) if found else 1


def hours_shown(spans: Iterable[tuple[datetime, datetime]], *, earliest: int = 13, latest: int = 18) -> tuple[int, int]:
    """Return first and last (exclusive) hour of a grid with all spans, and at least ``earliest`` to ``latest``."""
    steps = [_steps(starts_at, ends_at) for starts_at, ends_at in spans]
    begin = min((begin // 12 for begin, _ in steps), default=earliest)
    end = max((-(-end // 12) for _, end in steps), default=latest)
    return min(begin, earliest), max(end, latest)


def _steps(starts_at: datetime, ends_at: datetime) -> tuple[int, int]:
    """Begin and end as five-minute steps since midnight of the day on which the session starts."""
    begin = (starts_at.hour * 60 + starts_at.minute) // STEP_MINUTES
    if ends_at.date() > starts_at.date():
        return begin, DAY_STEPS
    end = -(-(ends_at.hour * 60 + ends_at.minute) // STEP_MINUTES)
    return begin, max(end, begin + 1)


def _widths(steps: Sequence[tuple[int, int]], lanes: Sequence[tuple[int, int]]) -> list[int]:
    """Over how many lanes each span may reach: to the right as far as nothing stands beside it."""
    widths: list[int] = []
    for (begin, end), (lane, count) in zip(steps, lanes, strict=True):
        beside = [
            other
            for (starts, ends), (other, _count) in zip(steps, lanes, strict=True)
            if other > lane and starts < end and begin < ends
        ]
        widths.append(min(beside, default=count + 1) - lane)
    return widths


def _lanes(steps: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lane and number of lanes for each span; spans connected by overlaps share the number."""
    lanes: dict[int, tuple[int, int]] = {}
    cluster: list[tuple[int, int]] = []
    busy_until: list[int] = []

    def close() -> None:
        count = min(len(busy_until), MOST_LANES)
        lanes.update({index: (lane % MOST_LANES + 1, count) for index, lane in cluster})
        cluster.clear()
        busy_until.clear()

    for index in sorted(range(len(steps)), key=lambda position: (steps[position][0], position)):
        begin, end = steps[index]
        if busy_until and begin >= max(busy_until):
            close()
        lane = next((number for number, until in enumerate(busy_until) if until <= begin), len(busy_until))
        if lane == len(busy_until):
            busy_until.append(end)
        else:
            busy_until[lane] = end
        cluster.append((index, lane))
    close()
    return [lanes[index] for index in range(len(steps))]
