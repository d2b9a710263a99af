"""One week as timetable pages show it: days with their bands, sessions with their places in the grid.

The door reads its rows in one query, turns each into a `WeekEntry` and calls `lay_out_week`; the page includes
`parts/week_nav.html` (title, previous, next, months, day picker) and `parts/week.html` (grid or list: the same markup,
so their content is equal by construction). Nothing here asks the database or the clock.

    monday = read_week(request.GET, today=today)                      # raises UnknownWeek: answer 400
    rows = Session.objects.of_timetable(timetable.pk).within(Period.of_week(monday, zone)).rows()
    entries = [WeekEntry.of_row(row, zone=zone, tone="hue-1") for row in rows]
    week = lay_out_week(entries, monday=monday, today=today, closures=closures, view=read_view(request.GET))
    links = week_links(request.GET, monday=monday, today=today)
    return render(request, "…", {"week": week, "links": links})

Moments are shown on the centre's wall clock: render inside `timezone.override(zone)`, because templates convert aware
moments to the current zone.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from booking.web.week_grid import hours_shown, spots
from booking.web.week_links import say_days
from scheduler.domain.closures import ClosedDays
from scheduler.models import TimetableRow

View = Literal["grid", "list"]
WORKING_DAYS = 5
DAYS_OF_A_WEEK = 7
BAND_KINDS = {"holiday": "holiday", "school_break": "break", "own": "own"}


class PersonChip(NamedTuple):
    """A person beside an entry: the name, the hue (1–8) that is hers everywhere, her letters if one is too few."""

    name: str
    hue: int = 1
    mark: str = ""


class Action(NamedTuple):
    """A small link at the foot of an entry, such as "Zosia will not come today"."""

    label: str
    url: str


class Mark(NamedTuple):
    """A word about an entry that staff must see, such as "draft"; `tone` is good, warn, danger or blank."""

    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekEntry:
    """One session as a week shows it.

    `starts_at` and `ends_at` are aware and already in the centre's zone. `places` is free, few, waiting, full or blank;
    `status` scheduled, moved or cancelled; `tone` a class: `kind-<activity kind>`, `hue-<n>` of a child,
    `session--quiet` for the day's routine; `lang` the language of the title where it is not the page's; `belongs` holds
    the ids of its room, place, people and groups, for views by one of them. `spot` is filled in by `lay_out_days`.
    """

    starts_at: datetime
    ends_at: datetime
    title: str
    url: str = ""
    where: str = ""
    who: str = ""
    places: str = ""
    status: str = "scheduled"
    note: str = ""
    tone: str = ""
    lang: str = ""
    people: tuple[PersonChip, ...] = ()
    actions: tuple[Action, ...] = ()
    marks: tuple[Mark, ...] = ()
    belongs: frozenset[uuid.UUID] = frozenset()
    spot: str = ""

    @classmethod
    def of_row(cls, row: TimetableRow, *, zone: ZoneInfo, **facts: Any) -> Self:
        """Return the entry of a timetable row: its title, hours in `zone`, room, leader, status and note.

        `facts` add to these or replace them (`who=""` leaves the leader out).
        """
        own: dict[str, Any] = {
            "starts_at": row.starts_at.astimezone(zone),
            "ends_at": row.ends_at.astimezone(zone),
            "title": row.title,
            "where": row.room or "",
            "who": row.leader or "",
            "status": row.status,
            "note": row.note,
        }
        return cls(**(own | facts))

    @property
    def order(self) -> tuple[datetime, int, datetime, str, str]:
        """How entries of a day follow each other: what starts together in order of the people it is of."""
        hue = self.people[0].hue if self.people else 0
        return self.starts_at, hue, self.ends_at, self.title, self.who


class Band(NamedTuple):
    """A day of rest or a break, said by name. `days` are its dates in words where it lasts longer than a day."""

    kind: str
    name: str
    days: str = ""


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day: what it rests for and what takes place. In school breaks groups rest, but the centre is not closed."""

    date: date
    is_today: bool
    is_past: bool
    is_closed: bool
    bands: tuple[Band, ...]
    sessions: tuple[WeekEntry, ...]

    @property
    def anchor(self) -> str:
        """The day's id on the page, for the day picker."""
        return f"day-{self.date:%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Week:
    """Laid-out days: a week, or any others. `bands` are the breaks of several days; `until_hour` is not included.

    A pattern's days stand for weekdays, so their dates are not said.
    """

    view: View
    from_hour: int
    until_hour: int
    bands: tuple[Band, ...]
    days: tuple[WeekDay, ...]
    is_pattern: bool = False

    @property
    def hours(self) -> list[time]:
        """The hours written beside the grid."""
        return [time(hour) for hour in range(self.from_hour, min(self.until_hour + 1, 24))]

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes place on any of the days."""
        return not any(day.sessions for day in self.days)


def lay_out_week(  # noqa: PLR0913  a page is laid out from these facts
    entries: Iterable[WeekEntry],
    *,
    monday: date,
    today: date,
    closures: Sequence[ClosedDays] = (),
    view: View = "grid",
    hours: tuple[int, int] = (13, 18),
    weekdays: Collection[int] = (),
) -> Week:
    """Lay the entries out over the week that begins on `monday`. Pure.

    Working days are always shown, Saturday and Sunday when something takes place on them. An entry stands on the day it
    starts; entries of other weeks are left out. The grid reaches at least over `hours` (from, until). With `weekdays`
    (Monday is 0) only those days are shown.
    """
    entries = list(entries)
    week = [monday + timedelta(days=number) for number in range(DAYS_OF_A_WEEK)]
    busy = {entry.starts_at.date() for entry in entries}
    last = max([WORKING_DAYS - 1, *(number for number, day in enumerate(week) if day in busy)])
    shown = [day for day in week if day.weekday() in weekdays] or week[: last + 1]
    laid_out = lay_out_days(entries, days=shown, today=today, closures=closures, view=view, hours=hours)
    return replace(laid_out, bands=tuple(_long_bands(closures, week)))


def lay_out_days(
    entries: Iterable[WeekEntry],
    *,
    days: Sequence[date],
    today: date,
    closures: Sequence[ClosedDays] = (),
    view: View = "grid",
    hours: tuple[int, int] = (13, 18),
) -> Week:
    """Lay the entries out over these days, one or many, in order. Pure. Entries of other days are left out."""
    by_day: dict[date, list[WeekEntry]] = {day: [] for day in days}
    for entry in sorted(entries, key=lambda each: each.order):
        if entry.starts_at.date() in by_day:
            by_day[entry.starts_at.date()].append(entry)
    spans = [(entry.starts_at, entry.ends_at) for found in by_day.values() for entry in found]
    from_hour, until_hour = hours_shown(spans, earliest=hours[0], latest=hours[1])
    return Week(
        view=view,
        from_hour=from_hour,
        until_hour=until_hour,
        bands=tuple(_long_bands(closures, days)),
        days=tuple(_lay_out_day(day, found, closures, days, today) for day, found in by_day.items()),
    )


def place_side_by_side(entries: Sequence[WeekEntry]) -> tuple[WeekEntry, ...]:
    """Give the entries of one column (a day, or a room on a day) their place; overlapping ones share its width."""
    places = spots([(entry.starts_at, entry.ends_at) for entry in entries])
    return tuple(replace(entry, spot=spot) for entry, spot in zip(entries, places, strict=True))


def _lay_out_day(
    day: date, entries: list[WeekEntry], closures: Sequence[ClosedDays], shown: Sequence[date], today: date
) -> WeekDay:
    resting = [closed for closed in closures if closed.starts_on <= day <= closed.ends_on]
    # A break of all the days is said once, above them.
    own = [
        each
        for each in resting
        if each.starts_on == each.ends_on or each.starts_on > shown[0] or each.ends_on < shown[-1]
    ]
    return WeekDay(
        date=day,
        is_today=day == today,
        is_past=day < today,
        is_closed=any(each.kind != "school_break" for each in resting),
        bands=tuple(dict.fromkeys(Band(BAND_KINDS[each.kind], each.name) for each in most_telling(own))),
        sessions=place_side_by_side(entries),
    )


def most_telling(closures: Sequence[ClosedDays]) -> list[ClosedDays]:
    """Return the holidays and own closures of a day; school breaks only where there is neither."""
    return [each for each in closures if each.kind != "school_break"] or list(closures)


def _long_bands(closures: Sequence[ClosedDays], days: Sequence[date]) -> Iterable[Band]:
    for closed in closures:
        if closed.starts_on < closed.ends_on and closed.starts_on <= days[-1] and closed.ends_on >= days[0]:
            yield Band(BAND_KINDS[closed.kind], closed.name, say_days(closed.starts_on, closed.ends_on))
