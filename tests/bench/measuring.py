"""How the benchmarks measure: the things compared take turns in one run, and medians are compared, so that a busy
machine slows all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

Call = Callable[[], Any]
TURN = 200  # milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One line of the table. Times are milliseconds; `limit` is what cannot be beaten, `peer` is another program."""

    name: str
    ours: float
    ratio: float
    goal: str
    holds: bool
    limit: float | None = None
    peer: float | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the line with the engine it was measured on."""
        return {"engine": connection.vendor, **asdict(self)}


def times_the_limit(name: str, *, ours: float, limit: float, at_most: float) -> Result:
    """Say how many times longer than the limit we take, which may be `at_most` so many."""
    ratio = ours / limit
    return Result(name=name, ours=ours, limit=limit, ratio=ratio, goal=f"≤ {at_most:g}", holds=ratio <= at_most)


def times_faster(name: str, *, ours: float, peer: float, at_least: float) -> Result:
    """Say how many times faster than the peer we are, which has to be `at_least` so many."""
    ratio = peer / ours
    return Result(name=name, ours=ours, peer=peer, ratio=ratio, goal=f"≥ {at_least:g}", holds=ratio >= at_least)


def count_of(name: str, *, ours: int, at_most: int, peer: int | None = None) -> Result:
    """Say how many there are of something, of which there may be `at_most` so many."""
    return Result(name=name, ours=ours, peer=peer, ratio=ours, goal=f"≤ {at_most}", holds=ours <= at_most)


def medians(calls: dict[str, Call], *, repeats: int, before: Call | None = None) -> dict[str, float]:
    """Return the median milliseconds of each call; they take turns, after one round that is not counted.

    What takes little time is called many times in its turn, so that a machine busy with other things slows the quick
    and the slow alike. `before` makes ready for each call and is not measured; then each turn is one call.
    """
    often = {name: 1 if before else max(1, round(TURN / _time(call))) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            if before is not None:
                before()
            milliseconds = _time(call, often[name])
            if turn:
                taken[name].append(milliseconds)
    return {name: median(each) for name, each in taken.items()}


def _time(call: Call, often: int = 1) -> float:
    start = perf_counter()
    for _ in range(often):
        call()
    return (perf_counter() - start) * 1000 / often


def settle() -> None:
    """Let the engine count what was loaded, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
