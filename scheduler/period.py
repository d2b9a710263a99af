"""A half-open stretch of time, `[start, end)`: the value every question about time is asked with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """Two instants, kept in UTC, the first inside and the second outside. Touching periods do not overlap.

    Raises ValueError for naive instants and for an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            msg = "a period needs instants with a time zone"
            raise ValueError(msg)
        # Two moments that share a zone object compare by wall clock, which is wrong on the night of a clock change.
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            msg = "a period must end after it starts"
            raise ValueError(msg)

    @classmethod
    def of_days(cls, first: date, last: date, zone: ZoneInfo) -> Period:
        """Return the period from the first midnight to the midnight after `last`, in the wall clock of `zone`."""
        return cls(
            datetime.combine(first, time.min, tzinfo=zone),
            datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone),
        )

    @classmethod
    def of_week(cls, day: date, zone: ZoneInfo) -> Period:
        """Return the week, Monday to Sunday, that holds `day`."""
        monday = day - timedelta(days=day.weekday())
        return cls.of_days(monday, monday + timedelta(days=6), zone)

    def overlaps(self, other: Period) -> bool:
        """Say whether the two share any moment."""
        return self.start < other.end and other.start < self.end

    def contains(self, instant: datetime) -> bool:
        """Say whether `instant` lies inside."""
        return self.start <= instant < self.end

    def days(self, zone: ZoneInfo) -> Iterator[date]:
        """Yield each local day the period touches."""
        day = self.start.astimezone(zone).date()
        last = (self.end - timedelta(microseconds=1)).astimezone(zone).date()
        while day <= last:
            yield day
            day += timedelta(days=1)


def first_overlap(periods: Iterable[Period]) -> tuple[Period, Period] | None:
    """Return two periods that overlap, or None. One pass over the periods sorted by start."""
    latest: Period | None = None
    for period in sorted(periods):
        if latest is not None and period.start < latest.end:
            return latest, period
        if latest is None or period.end > latest.end:
            latest = period
    return None
