"""The dates one line gives from today on, and those that drop out, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from scheduler.domain.closures import list_closures, resting_days
from scheduler.models import Series, Session
from scheduler.period import Period
from scheduler.recurrence import planned_dates

MOST_SHOWN = 12


class DateOff(NamedTuple):
    """A date that drops out."""

    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class LineDates:
    """What a line gives: the coming dates as its pattern has them, those that drop out, those changed by hand."""

    coming: list[Period]
    off: list[DateOff]
    by_hand: list[Session]

    @property
    def first_few(self) -> list[Period]:
        """The dates that a page names; the rest are counted."""
        return self.coming[:MOST_SHOWN]

    @property
    def more(self) -> int:
        """How many are only counted."""
        return max(len(self.coming) - MOST_SHOWN, 0)


def line_dates(plan: Series, line: Series, *, now: datetime) -> LineDates:
    """Return the dates `plan` gives to `line` from `now` on, in four queries."""
    closures = list_closures(plan.timetable, plan.starts_on, plan.last_on, of_places=True)
    resting = resting_days(closures, on_breaks=plan.on_breaks, place=plan.room.place if plan.room else None)
    coming, off = [], []
    for planned in planned_dates(plan):
        if planned.period.start <= now:
            continue
        if planned.day in resting and planned.day.isoformat() not in plan.forced_days:
            off.append(DateOff(planned.day, resting[planned.day].name))
        else:
            coming.append(planned.period)
    by_hand = Session.objects.filter(series=line, changed_by_hand=True, ends_at__gt=now).order_by("starts_at")
    return LineDates(coming, off, list(by_hand.select_related("room")))
