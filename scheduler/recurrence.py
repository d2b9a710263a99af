"""The only door to django-scheduler's recurrence: from a pattern to dated periods on the wall clock of one zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from schedule.models import Calendar, Event, Rule

from scheduler.errors import Refusal, Refused
from scheduler.models.series import Recurrence
from scheduler.period import Period

if TYPE_CHECKING:
    from scheduler.models import Series

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MONTHLY_POSITIONS = {
    Recurrence.FIRST_IN_MONTH: "1",
    Recurrence.SECOND_FOURTH_IN_MONTH: "2,4",
    Recurrence.FIRST_THIRD_IN_MONTH: "1,3",
}


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date a pattern asks for: the day it is planned on and the period it would take."""

    day: date
    period: Period


def rule_name(recurrence: str, weekday: int) -> str:
    """Return the name of the seeded rule; monthly rules have one for each weekday (Monday is 0)."""
    return f"{recurrence} {WEEKDAYS[weekday]}" if recurrence in MONTHLY_POSITIONS else recurrence


def seeded_rules() -> Iterator[tuple[str, str, str]]:
    """Yield (name, frequency, params) of the closed set of rules.

    Weekdays are names, never numbers: django-scheduler collapses `byweekday:0,2` to one day.
    """
    yield Recurrence.WEEKLY.value, "WEEKLY", ""
    yield Recurrence.FORTNIGHTLY.value, "WEEKLY", "interval:2"
    for recurrence, positions in MONTHLY_POSITIONS.items():
        for number, weekday in enumerate(WEEKDAYS):
            yield rule_name(recurrence, number), "MONTHLY", f"byweekday:{weekday};bysetpos:{positions}"


def is_missing(moment: datetime) -> bool:
    """Say whether a wall-clock moment falls in the hour that a spring clock change leaves out."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None)


def draw_calendar(*, name: str, slug: str) -> Calendar:
    """Store the empty calendar that a timetable's patterns hang on."""
    return Calendar.objects.create(name=name, slug=slug)


def draw_pattern(  # noqa: PLR0913  a pattern is made of these facts
    *, calendar: Calendar, title: str, recurrence: str, day: date, starts: time, ends: time, last: date, zone: ZoneInfo
) -> Event:
    """Store a pattern that begins on `day` from `starts` to `ends` (wall clock of `zone`) and ends with the day `last`.

    A monthly rule begins with the first date it gives on or after `day`, on the weekday of `day`. Raises Refused
    (`empty_hours`, `missing_hour`) and writes nothing.
    """
    if ends <= starts:
        raise Refused(Refusal("empty_hours", _("The meeting must end after it starts.")))
    rule = None
    if recurrence != Recurrence.ONCE:
        rule = Rule.objects.get(name=rule_name(recurrence, day.weekday()))
    start, end = datetime.combine(day, starts, tzinfo=zone), datetime.combine(day, ends, tzinfo=zone)
    if is_missing(start) or is_missing(end):
        raise Refused(Refusal("missing_hour", _("This hour does not exist on the day the clocks go forward.")))
    return Event.objects.create(
        calendar=calendar,
        title=title,
        rule=rule,
        start=start,
        end=end,
        # The library reads this once as exclusive and once as inclusive; the end of the last day suits both.
        end_recurring_period=datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone) - timedelta(seconds=1),
    )


def planned_dates(series: Series) -> list[PlannedDate]:
    """Return every date the series' pattern asks for, in order, without a query if the pattern is loaded.

    Only the starts come from django-scheduler, asked for on the wall clock of the timetable's zone: so 16:00 stays
    16:00 when the clocks change. The end is taken from the wall clock too.
    """
    rule = series.event.get_rrule_object(series.timetable.tz)
    days = [series.starts_on] if rule is None else [moment.date() for moment in rule]
    hours = _Hours(series.starts, series.ends, series.timetable.tz)
    return [PlannedDate(day, hours.on(day)) for day in days]


def planned_period(series: Series, day: date) -> Period:
    """Return the period the series' pattern takes on that day, whether or not it asks for the day."""
    return _Hours(series.starts, series.ends, series.timetable.tz).on(day)


@dataclass(frozen=True, slots=True)
class _Hours:
    """From when to when, on the wall clock of a zone."""

    starts: time
    ends: time
    zone: ZoneInfo

    def on(self, day: date) -> Period:
        """Return the period of that day; in the hour a clock change leaves out, the length is kept."""
        start = datetime.combine(day, self.starts, tzinfo=self.zone)
        end = datetime.combine(day, self.ends, tzinfo=self.zone)
        if is_missing(start) or is_missing(end):
            length = end.replace(tzinfo=None) - start.replace(tzinfo=None)
            return Period(start, start.astimezone(UTC) + length)
        return Period(start, end)
