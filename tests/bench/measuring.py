"""How the benchmarks measure: what is compared takes turns in one run, so that a busy machine slows all of it alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

Call = Callable[[], Any]
TURN = 100  # milliseconds


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


def times_the_limit(name: str, turns: Turns, *, limit: str, at_most: float, name_of: str = "ours") -> Result:
    """Say how many times longer than the limit we take, which may be `at_most` so many; `name_of` is our call."""
    ratio = turns.ratio(name_of, limit)
    ours, bare = turns.median(name_of), turns.median(limit)
    return Result(name=name, ours=ours, limit=bare, ratio=ratio, goal=f"≤ {at_most:g}", holds=ratio <= at_most)


def times_faster(name: str, turns: Turns, *, peer: str, at_least: float) -> Result:
    """Say how many times faster than the peer we are, which has to be `at_least` so many."""
    ratio = turns.ratio(peer, "ours")
    ours, theirs = turns.median("ours"), turns.median(peer)
    return Result(name=name, ours=ours, peer=theirs, ratio=ratio, goal=f"≥ {at_least:g}", holds=ratio >= at_least)


def count_of(name: str, *, ours: int, at_most: int, peer: int | None = None) -> Result:
    """Say how many there are of something, of which there may be `at_most` so many."""
    return Result(name=name, ours=ours, peer=peer, ratio=ours, goal=f"≤ {at_most}", holds=ours <= at_most)


@dataclass(frozen=True, slots=True)
class Turns:
    """The milliseconds of each call, turn by turn."""

    taken: dict[str, list[float]]

    def median(self, name: str) -> float:
        """Return the median milliseconds of a call."""
        return median(self.taken[name])

    def ratio(self, over: str, under: str) -> float:
        """Return how many times longer one takes than another: the median of the turns, each with its own neighbour."""
        return median(one / other for one, other in zip(self.taken[over], self.taken[under], strict=True))


def take_turns(calls: dict[str, Call], *, turns: int, before: Call | None = None) -> Turns:
    """Measure the calls one after the other, again and again, after a turn that is not counted.

    What takes little time is called many times in its turn, so that a machine busy with other things slows the quick
    and the slow alike. `before` makes ready for each call and is not measured; then each turn is one call.
    """
    often = {name: 1 if before else _often(call) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(turns + 1):
        for name, call in calls.items():
            if before is not None:
                before()
            milliseconds = _time(call, often[name])
            if turn:
                taken[name].append(milliseconds)
    return Turns(taken)


def _often(call: Call) -> int:
    call()
    return max(1, round(TURN / min(_time(call) for _ in range(3))))


def _time(call: Call, often: int = 1) -> float:
    start = perf_counter()
    for _ in range(often):
        call()
    return (perf_counter() - start) * 1000 / often


def settle() -> None:
    """Let the engine count what was loaded, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
