"""Times taken elsewhere in a specialist's diary: that she is busy, and nothing else, for nothing else is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking.web.diary_visits import DayLine
from booking.web.week import WeekEntry
from scheduler.models import BusyPeriod, Resource
from scheduler.period import Period

# A week shows the part of a busy day in which anybody could come, so that a day away does not stretch its grid.
FROM, UNTIL = time(7), time(20)


def busy_lines(resource: Resource, *, day: date, zone: ZoneInfo) -> list[DayLine]:
    """Return the times of one day that calendars outside take, in one query; they end with the day."""
    period = Period.of_days(day, day, zone)
    return [
        DayLine(max(starts_at, period.start), min(ends_at, period.end), _("Busy elsewhere"))
        for starts_at, ends_at in _taken(resource, period)
    ]


def busy_entries(resource: Resource, *, monday: date, zone: ZoneInfo) -> list[WeekEntry]:
    """Return the times of a week that calendars outside take, day by day, in one query."""
    taken = list(_taken(resource, Period.of_week(monday, zone)))
    return [
        WeekEntry(
            starts_at=max(starts_at.astimezone(zone), first),
            ends_at=min(ends_at.astimezone(zone), last),
            title=_("Busy elsewhere"),
            tone="session--quiet",
        )
        for first, last in _working_hours(monday, zone)
        for starts_at, ends_at in taken
        if starts_at < last and ends_at > first
    ]


def _taken(resource: Resource, period: Period) -> Iterator[tuple[datetime, datetime]]:
    found = BusyPeriod.objects.within(period).filter(resource=resource).order_by("starts_at", "ends_at")
    yield from found.values_list("starts_at", "ends_at")


def _working_hours(monday: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    for number in range(7):
        day = monday + timedelta(days=number)
        yield datetime.combine(day, FROM, zone), datetime.combine(day, UNTIL, zone)
