"""A timetable as pages show it: days, columns of rooms, rows of people, a month, the pattern of a term. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from booking.web.spans import DAYS_OF_A_WEEK, Span
from booking.web.term_pattern import Exceptional, term_pattern
from booking.web.week import View, Week, WeekDay, WeekEntry, lay_out_days, lay_out_week
from booking.web.week_grid import lanes_of
from booking.web.week_links import monday_of
from scheduler.domain.closures import ClosedDays

Shape = Literal["week", "columns", "rows", "month"]
CROWDED = 5  # sessions side by side, at which a column of the grid is too narrow for words


@dataclass(frozen=True, slots=True)
class Strip:
    """What one room, person, group or place has on the days shown."""

    name: str
    days: tuple[WeekDay, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes place."""
        return not any(day.sessions for day in self.days)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a timetable. `name` is whose it is where there are several; `strips` are columns or rows of `week`.

    `blank` is how many days before the first stand empty in a month's first week; `exceptions` are the dates on which a
    term's pattern does not hold; `prefix` makes the ids of its days differ from those of other sheets.
    """

    shape: Shape
    week: Week
    name: str = ""
    strips: tuple[Strip, ...] = ()
    idle: tuple[str, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    prefix: str = ""

    @property
    def blank(self) -> int:
        """How many days of the first week lie before the first day shown."""
        return self.week.days[0].date.weekday() if self.week.days else 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing takes place."""
        return self.week.is_empty


@dataclass(frozen=True, slots=True)
class Parts:
    """By what a timetable is parted: ids with names, in order, and what to call what belongs to none of them."""

    names: Sequence[tuple[uuid.UUID, str]]
    rest: str

    def sort(self, entries: Sequence[WeekEntry]) -> list[tuple[str, list[WeekEntry]]]:
        """Return the entries of each part; one that belongs to two (a helper's, two groups') stands in both."""
        found = [(name, [entry for entry in entries if key in entry.belongs]) for key, name in self.names]
        known = {key for key, _name in self.names}
        others = [entry for entry in entries if not entry.belongs & known]
        return [*found, (self.rest, others)] if others else found


@dataclass(frozen=True, slots=True)
class Desk:
    """On what a timetable is laid out: which days, what rests on them, and how the reader wants to see it.

    With `view` None she did not say: a grid, or a list where the grid would be too narrow. `weekdays` narrows a week.
    """

    span: Span
    today: date
    closures: Sequence[ClosedDays] = ()
    view: View | None = None
    weekdays: Collection[int] = ()

    def lay_out(self, entries: Sequence[WeekEntry], parts: Parts | None = None) -> list[Sheet]:
        """Lay out what takes place: together, or parted; one sheet, or one for each part of a month or term."""
        if parts is None:
            return [self._whole(entries)]
        if self.span.kind in {"month", "term"}:
            named = [(name, found) for name, found in parts.sort(entries) if found]
            sheets = [self._whole(found, name) for name, found in named] or [self._whole([])]
            return [replace(sheet, prefix=f"sheet-{number}-") for number, sheet in enumerate(sheets, start=1)]
        if self.view == "list":
            return [self._whole(entries)]
        return [self._in_columns(entries, parts) if self.span.kind == "day" else self._in_rows(entries, parts)]

    def _whole(self, entries: Sequence[WeekEntry], name: str = "") -> Sheet:
        if self.span.kind == "term":
            pattern, exceptions = term_pattern(entries)
            monday = monday_of(pattern[0].starts_at.date() if pattern else self.span.first)
            week = replace(lay_out_week(pattern, monday=monday, today=date.min), is_pattern=True)
            return Sheet("week", _readable(week, self.view), name, exceptions=tuple(exceptions))
        if self.span.kind == "month":
            return Sheet("month", replace(self._days(entries, self.span.days), view=self.view or "grid"), name)
        week = self._week(entries) if self.span.kind == "week" else self._days(entries, self.span.days)
        return Sheet("week", _readable(week, self.view), name)

    def _in_columns(self, entries: Sequence[WeekEntry], parts: Parts) -> Sheet:
        """Lay out a day with the hours down and a column for each part that has something; the others are named."""
        week = self._days(entries, self.span.days)
        strips = self._strips(entries, parts, week)
        busy = tuple(strip for strip in strips if not strip.is_empty)
        return Sheet("columns", week, strips=busy, idle=tuple(strip.name for strip in strips if strip.is_empty))

    def _in_rows(self, entries: Sequence[WeekEntry], parts: Parts) -> Sheet:
        """Lay out a week with the days across and a row for each part."""
        week = self._week(entries)
        return Sheet("rows", week, strips=tuple(self._strips(entries, parts, week)))

    def _strips(self, entries: Sequence[WeekEntry], parts: Parts, week: Week) -> list[Strip]:
        days = [day.date for day in week.days]
        return [Strip(name, self._days(found, days).days) for name, found in parts.sort(entries)]

    def _week(self, entries: Sequence[WeekEntry]) -> Week:
        return lay_out_week(
            entries, monday=self.span.first, today=self.today, closures=self.closures, weekdays=self.weekdays
        )

    def _days(self, entries: Sequence[WeekEntry], days: Sequence[date]) -> Week:
        return lay_out_days(entries, days=days, today=self.today, closures=self.closures)


def lay_out_pattern(entries: Sequence[WeekEntry], parts: Parts | None, *, monday: date, view: View | None) -> Sheet:
    """Lay out lines of a pattern, each on its weekday in the week of `monday`, together or in rows. Pure."""
    week_long = Span("week", monday, monday + timedelta(days=DAYS_OF_A_WEEK - 1))
    sheet = Desk(week_long, date.min, view=view).lay_out(entries, parts)[0]
    return replace(sheet, week=replace(sheet.week, is_pattern=True))


def _readable(week: Week, view: View | None) -> Week:
    if view is not None:
        return replace(week, view=view)
    lanes = max((lanes_of(entry.spot) for day in week.days for entry in day.sessions), default=1)
    return replace(week, view="list") if lanes >= CROWDED else week
