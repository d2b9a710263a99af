"""The coming dates of a group: those that take place, those that were changed, and those that drop out and why."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from booking.models import Group
from scheduler.domain.closures import list_closures, resting_days
from scheduler.models import Series, Session, TimetableRow
from scheduler.recurrence import planned_dates

DAYS_SHOWN = 8
NEXT_SHOWN = 3
NEXT_WITHIN = timedelta(days=180)
MOST_SESSIONS = 120
SEVERAL_A_DAY = 2  # more meetings than this on one day (day care) are said as one


class MeetingRow(NamedTuple):
    """A session of the group as it is read."""

    series_id: uuid.UUID
    planned_date: date
    starts_at: datetime
    ends_at: datetime
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class ComingDate:
    """One coming day. `dropped` is why nothing takes place; `moved_from` the day it was planned on."""

    day: date
    starts: time | None = None
    ends: time | None = None
    status: str = ""
    note: str = ""
    dropped: str = ""
    moved_from: date | None = None


def coming_dates(group: Group, lines: Iterable[Series], *, now: datetime) -> list[ComingDate]:
    """Return the next dates of the group in order, with the dates between that drop out; in three queries.

    `lines` are the group's series with their patterns loaded.
    """
    series = list(lines)
    timetable = group.term.timetable
    found = Session.objects.filter(series__in=[line.pk for line in series], ends_at__gt=now).order_by("starts_at")
    rows = [MeetingRow(*row) for row in found.values_list(*MeetingRow._fields)[:MOST_SESSIONS]]
    dates = _taking_place(rows, timetable.tz)
    if not dates:
        return []
    first, last = now.astimezone(timetable.tz).date(), dates[-1].day
    closures = list_closures(timetable, first, last, of_places=True)
    held = {(row.series_id, row.planned_date) for row in rows}
    dropped: dict[date, str] = {}
    for line in series:
        closed = resting_days(closures, on_breaks=line.on_breaks, place=line.room.place if line.room else None)
        resting = {day: why for day, why in closed.items() if first <= day <= last}
        if not resting:
            continue
        for planned in planned_dates(line):
            if planned.day in resting and (line.pk, planned.day) not in held:
                dropped[planned.day] = resting[planned.day].name
    taking_place = {each.day for each in dates}
    resting_dates = [ComingDate(day, dropped=why) for day, why in dropped.items() if day not in taking_place]
    return sorted([*dates, *resting_dates], key=lambda each: (each.day, each.starts or time.min))


def _taking_place(rows: Iterable[MeetingRow], zone: ZoneInfo) -> list[ComingDate]:
    by_day: dict[date, list[MeetingRow]] = defaultdict(list)
    for row in rows:
        by_day[row.starts_at.astimezone(zone).date()].append(row)
    shown = sorted(by_day)[:DAYS_SHOWN]
    return [each for day in shown for each in _of_day(day, by_day[day], zone)]


def _of_day(day: date, rows: list[MeetingRow], zone: ZoneInfo) -> list[ComingDate]:
    standing = [row for row in rows if row.status != Session.Status.CANCELLED]
    if len(rows) > SEVERAL_A_DAY and standing:
        ends = max(row.ends_at for row in standing)
        return [ComingDate(day, _clock(standing[0].starts_at, zone), _clock(ends, zone))]
    return [
        ComingDate(
            day,
            _clock(row.starts_at, zone),
            _clock(row.ends_at, zone),
            status=row.status,
            note=row.note,
            moved_from=row.planned_date if row.planned_date != day else None,
        )
        for row in rows
    ]


def _clock(moment: datetime, zone: ZoneInfo) -> time:
    return moment.astimezone(zone).time()


def next_dates(group: Group, now: datetime) -> list[TimetableRow]:
    """Return the next few meetings of a group that take place."""
    coming = Session.objects.filter(series__groups=group, ends_at__gt=now, starts_at__lt=now + NEXT_WITHIN)
    return coming.standing().rows()[:NEXT_SHOWN]
