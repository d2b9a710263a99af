"""What a series is made of, as one value: what drafting, revising, copying and splitting are asked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from scheduler.models import Recurrence, Resource, Series, Term
from scheduler.recurrence import BY_WEEKDAY, Pattern


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """The facts of a series; hours are wall-clock hours of the timetable's zone.

    `last` is the last day, that of the term if left out. `forced_days` are the days of rest on which it meets all the
    same, as {"2027-05-03": "why"}; `units_taken` how many units it takes of equipment, as {"<id>": 6}.
    """

    title: str
    day: date
    starts: time
    ends: time
    recurrence: str = Recurrence.WEEKLY
    weekdays: tuple[int, ...] = ()
    last: date | None = None
    room: Resource | None = None
    leader: Resource | None = None
    resources: tuple[Resource, ...] = ()
    kind: str = Series.Kind.MEETING
    audience: str = Series.Audience.STAFF
    on_breaks: str = Series.OnBreaks.REST
    forced_days: Mapping[str, str] = field(default_factory=dict)
    units_taken: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, series: Series) -> SeriesFacts:
        """Return the facts that a series has now."""
        until_the_end = not series.rule_id or series.last_on >= series.term.ends_on
        return cls(
            title=series.title,
            day=series.starts_on,
            starts=series.starts,
            ends=series.ends,
            recurrence=series.recurrence,
            weekdays=tuple(series.weekdays) if series.recurrence in BY_WEEKDAY else (),
            last=None if until_the_end else series.last_on,
            room=series.room,
            leader=series.leader,
            resources=tuple(series.resources.all()),
            kind=series.kind,
            audience=series.audience,
            on_breaks=series.on_breaks,
            forced_days=series.forced_days,
            units_taken=series.units_taken,
        )

    def pattern(self, term: Term) -> Pattern:
        """Return when it repeats."""
        return Pattern(self.recurrence, self.day, self.starts, self.ends, self.last or term.ends_on, self.weekdays)
