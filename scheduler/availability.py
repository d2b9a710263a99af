"""When visits can start: a pure sweep over hours of duty, busy times and rooms. Instants in UTC, periods half-open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

Stretch = tuple[datetime, datetime]  # a period as two instants: hundreds are compared for one answer


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long a visit takes, how far apart starts are, and what else is needed right before and after it."""

    visit: timedelta
    step: timedelta
    before: timedelta = timedelta()
    after: timedelta = timedelta()

    def occupied(self, start: datetime) -> Stretch:
        """Return the time that a visit beginning at `start` takes from the person who gives it."""
        return start - self.before, start + self.visit + self.after


class BusyTime:
    """Stretches in which something is taken, merged, so that one look-up answers whether another one is free."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, taken: Iterable[Stretch] = ()) -> None:
        self._starts: list[datetime] = []
        self._ends: list[datetime] = []
        for start, end in sorted(taken):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def is_free(self, start: datetime, end: datetime) -> bool:
        """Say whether no moment of `[start, end)` is taken."""
        first_ending_later = bisect_right(self._ends, start)
        return first_ending_later == len(self._ends) or self._starts[first_ending_later] >= end


NEVER_BUSY = BusyTime()


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours in which visits are received: by somebody who is `busy` at times, in one of some rooms or without one.

    `rooms` is None where no room is needed. `kept` is how many free visits are kept for urgent matters.
    """

    stretch: Stretch
    busy: BusyTime = NEVER_BUSY
    rooms: Sequence[BusyTime] | None = None
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """A moment at which a visit can start, and the place of its room in the list of rooms (None without one)."""

    start: datetime
    room: int | None


def openings(hours: Hours, lengths: Lengths, *, earliest: datetime, latest: datetime) -> list[Opening]:
    """Return when visits can start in these hours, from `earliest` on and before `latest`, in order.

    Starts lie on the steps counted from the beginning of the hours. The visit itself lies inside the hours; the time
    before and after it may reach over their edge, but not into anything that is taken. Of free visits, the last
    `hours.kept` are left out, and whatever would take time from them.
    """
    first, until = hours.stretch
    steps = max(0, -((first - earliest) // lengths.step))
    start, last = first + steps * lengths.step, until - lengths.visit
    found = []
    while start <= last and start < latest:
        if hours.busy.is_free(*lengths.occupied(start)):
            opening = _in_a_room(hours, start, start + lengths.visit)
            if opening is not None:
                found.append(opening)
        start += lengths.step
    return _without_kept(found, lengths, hours.kept)


def _in_a_room(hours: Hours, start: datetime, end: datetime) -> Opening | None:
    if hours.rooms is None:
        return Opening(start, None)
    free = (number for number, room in enumerate(hours.rooms) if room.is_free(start, end))
    room = next(free, None)
    return None if room is None else Opening(start, room)


def _without_kept(found: list[Opening], lengths: Lengths, kept: int) -> list[Opening]:
    for _each in range(kept):
        if not found:
            break
        begins, _ends = lengths.occupied(found[-1].start)
        while found and lengths.occupied(found[-1].start)[1] > begins:
            found.pop()
    return found
