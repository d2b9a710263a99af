"""The only door to django-scheduler's recurrence: from a pattern to dated periods on the wall clock of one zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.rrule import rrule
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _
from schedule.models import Calendar, Event, Rule

from scheduler.errors import Refusal, Refused
from scheduler.models.series import WEEKDAYS, Recurrence
from scheduler.period import Period

if TYPE_CHECKING:
    from scheduler.models import Series

MONTHLY_POSITIONS = {
    Recurrence.FIRST_IN_MONTH: "1",
    Recurrence.SECOND_FOURTH_IN_MONTH: "2,4",
    Recurrence.FIRST_THIRD_IN_MONTH: "1,3",
    Recurrence.LAST_IN_MONTH: "-1",
}
ON_WEEKDAYS = (Recurrence.WEEKLY, Recurrence.FORTNIGHTLY)
BY_WEEKDAY = (*ON_WEEKDAYS, *MONTHLY_POSITIONS)
SHORTEST_MONTH = 28
# From Fat Thursday, 52 days before Easter, to the octave of Corpus Christi, 67 days after it.
FROM_EASTER = range(-52, 68)


@dataclass(frozen=True, slots=True)
class PlannedDate:
    """One date a pattern asks for: the day it is planned on and the period it would take."""

    day: date
    period: Period


@dataclass(frozen=True, slots=True)
class Pattern:
    """When a series repeats: hours on the wall clock, from `day` to `last`, both included.

    `weekdays` (Monday is 0) are for weekly and fortnightly patterns, and one of them for those that name a weekday of
    the month; without any it is the weekday of `day`.
    """

    recurrence: str
    day: date
    starts: time
    ends: time
    last: date
    weekdays: tuple[int, ...] = ()

    @property
    def first(self) -> date:
        """The first day that can be meant: on or after `day`, on one of the chosen weekdays."""
        if not self.weekdays or self.recurrence not in BY_WEEKDAY:
            return self.day
        return min(self.day + timedelta(days=(weekday - self.day.weekday()) % 7) for weekday in self.weekdays)

    @property
    def on_weekdays(self) -> str:
        """The chosen weekdays as names, or nothing where the weekday of the first day says it all."""
        days = sorted(set(self.weekdays)) if self.recurrence in ON_WEEKDAYS else []
        return ",".join(WEEKDAYS[number] for number in days) if len(days) > 1 else ""

    @property
    def rule_name(self) -> str:
        """The name of the seeded rule."""
        match self.recurrence:
            case Recurrence.WEEKLY | Recurrence.FORTNIGHTLY:
                return f"{self.recurrence} {self.on_weekdays}".strip()
            case Recurrence.MONTHLY_BY_DATE:
                return self.recurrence if self.day.day <= SHORTEST_MONTH else f"{self.recurrence} {self.day.day}"
            case Recurrence.EASTER:
                return f"{self.recurrence} {(self.day - easter(self.day.year)).days:+d}"
            case Recurrence.YEARLY:
                return self.recurrence
        return f"{self.recurrence} {WEEKDAYS[self.first.weekday()]}"


def seeded_rules() -> Iterator[tuple[str, str, str]]:
    """Yield (name, frequency, params) of the closed set of rules.

    Weekdays are names, never numbers: django-scheduler collapses `byweekday:0,2` to one day.
    """
    yield Recurrence.WEEKLY.value, "WEEKLY", ""
    yield Recurrence.FORTNIGHTLY.value, "WEEKLY", "interval:2"
    for several in (",".join(days) for length in range(2, 8) for days in combinations(WEEKDAYS, length)):
        yield f"{Recurrence.WEEKLY} {several}", "WEEKLY", f"byweekday:{several}"
        yield f"{Recurrence.FORTNIGHTLY} {several}", "WEEKLY", f"interval:2;byweekday:{several}"
    for recurrence, positions in MONTHLY_POSITIONS.items():
        for weekday in WEEKDAYS:
            yield f"{recurrence} {weekday}", "MONTHLY", f"byweekday:{weekday};bysetpos:{positions}"
    yield Recurrence.MONTHLY_BY_DATE.value, "MONTHLY", ""
    for day in range(SHORTEST_MONTH + 1, 32):  # in a month that is too short it is the last day
        days = ",".join(str(number) for number in range(SHORTEST_MONTH, day + 1))
        yield f"{Recurrence.MONTHLY_BY_DATE} {day}", "MONTHLY", f"bymonthday:{days};bysetpos:-1"
    yield Recurrence.YEARLY.value, "YEARLY", ""
    for days_from in FROM_EASTER:
        yield f"{Recurrence.EASTER} {days_from:+d}", "YEARLY", f"byeaster:{days_from}"


def is_missing(moment: datetime) -> bool:
    """Say whether a wall-clock moment falls in the hour that a spring clock change leaves out."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None)


def draw_calendar(*, name: str, slug: str) -> Calendar:
    """Store the empty calendar that a timetable's patterns hang on."""
    return Calendar.objects.create(name=name, slug=slug)


def draw_pattern(
    pattern: Pattern, *, calendar: Calendar, title: str, zone: ZoneInfo, event: Event | None = None
) -> Event:
    """Store a pattern as a new event, or in the place of what `event` holds.

    It begins with the first date it gives on or after `pattern.day`. Raises Refused (`empty_hours`, `one_weekday`,
    `missing_hour`, `easter_too_far`, `no_dates`) and writes nothing.
    """
    if pattern.recurrence in MONTHLY_POSITIONS and len(set(pattern.weekdays)) > 1:
        raise Refused(Refusal("one_weekday", _("Choose one weekday for what repeats by the month.")))
    if pattern.ends <= pattern.starts:
        raise Refused(Refusal("empty_hours", _("The meeting must end after it starts.")))
    drawn = sketch_pattern(pattern, zone=zone, event=event or Event(calendar=calendar))
    days = [moment.date() for moment in _starts(drawn, zone)]
    if not days:
        raise Refused(Refusal("no_dates", _("This rule gives no date between the first and the last day.")))
    _refuse_missing_hours(pattern, days, zone)
    first = days[0] - drawn.start.astimezone(zone).date()
    drawn.start, drawn.end = _moved(drawn.start, first, zone), _moved(drawn.end, first, zone)
    drawn.title = title
    drawn.save()
    return drawn


def sketch_pattern(pattern: Pattern, *, zone: ZoneInfo, event: Event | None = None) -> Event:
    """Return an event with this pattern, unsaved. Raises Refused (`easter_too_far`)."""
    event = event or Event()
    event.rule = None
    if pattern.recurrence != Recurrence.ONCE:
        event.rule = Rule.objects.filter(name=pattern.rule_name).first()
        if event.rule is None:
            sentence = _("Count the days from Easter for feasts between Fat Thursday and Corpus Christi only.")
            raise Refused(Refusal("easter_too_far", sentence))
    event.start = datetime.combine(pattern.first, pattern.starts, tzinfo=zone)
    event.end = datetime.combine(pattern.first, pattern.ends, tzinfo=zone)
    # The library reads this once as exclusive and once as inclusive; the end of the last day suits both.
    last = pattern.last if event.rule else pattern.first
    event.end_recurring_period = datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone) - timedelta(
        seconds=1
    )
    return event


def _moved(moment: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    return datetime.combine(local.date() + by, local.time(), tzinfo=zone)


def _refuse_missing_hours(pattern: Pattern, days: list[date], zone: ZoneInfo) -> None:
    for day in days:
        for hour in (pattern.starts, pattern.ends):
            if is_missing(datetime.combine(day, hour, tzinfo=zone)):
                sentence = _("On %(day)s there is no %(hour)s: the clocks go forward that night. Choose another hour.")
                facts = {"day": date_format(day, "j E Y"), "hour": time_format(hour, "H:i")}
                raise Refused(Refusal("missing_hour", sentence, facts))


def planned_dates(series: Series) -> list[PlannedDate]:
    """Return every date the series' pattern asks for, in order, without a query if the pattern is loaded.

    Only the starts come from the rule, asked for on the wall clock of the timetable's zone: so 16:00 stays 16:00 when
    the clocks change. The end is taken from the wall clock too.
    """
    zone = series.timetable.tz
    hours = _Hours(series.starts, series.ends, zone)
    return [PlannedDate(day, hours.on(day)) for day in (moment.date() for moment in _starts(series.event, zone))]


def _starts(event: Event, zone: ZoneInfo) -> list[datetime]:
    """Return the starts on the wall clock.

    The rule's own parameters go to the recurrence library as they are: `Event.get_rrule_object` would first cut
    `bymonthday:28,29,30` down to the day of the start.
    """
    start = event.start.astimezone(zone).replace(tzinfo=None)
    if event.rule is None:
        return [start]
    until = event.end_recurring_period.astimezone(zone).replace(tzinfo=None)
    return list(rrule(event.rule.rrule_frequency(), dtstart=start, until=until, **event.rule.get_params()))


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
