"""Which week a reader asks for, and the ways from it to others: previous, next, this week, months."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

ISO_WEEK = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS_AROUND = 5  # sessions are kept for five years; nobody plans further ahead
MONTHS_BACK = 2
MONTHS_AHEAD = 12
MONTHS_OF_A_YEAR = 12
SATURDAY = 5
View = Literal["grid", "list"]
WEEKS = ("week", "from")  # how a query names a week
JUMPS = (*WEEKS, "span", "day", "month", "term")  # how it names any stretch of days


class UnknownWeek(ValueError):  # noqa: N818  a fact about the address, told to the reader as such
    """What was asked for is no week of the timetable. Its text is a sentence for the reader."""


class Jump(NamedTuple):
    """Another view one can go to, such as a month: its query, its name, and whether it is the one that is shown."""

    url: str
    label: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class WeekLinks:
    """The ways from a week, or from another span. Addresses are queries; None where there is no way.

    `present` leads to what holds today, `months` are further jumps (terms where a term is shown), `spans` and `ways`
    are the other views of the same days, on pages that have them.
    """

    title: str
    previous: str | None
    next: str | None
    present: str | None
    grid: str
    list: str
    months: tuple[Jump, ...]
    kind: str = "week"
    spans: tuple[Jump, ...] = ()
    ways: tuple[Jump, ...] = ()


def read_week(query: Mapping[str, str], *, today: date) -> date:
    """Return the Monday of `?week=2026-W48` or of the week that holds `?from=2026-11-25`; of today's without either.

    Raises UnknownWeek for what is no date, and for weeks more than five years away.
    """
    asked = query.get("week", "").strip()
    if asked:
        monday = _monday_of_iso_week(asked)
    elif query.get("from", "").strip():
        monday = _monday_of_day(query["from"].strip())
    else:
        return monday_of(today)
    if abs(monday.year - today.year) > YEARS_AROUND:
        raise UnknownWeek(_("The timetable does not reach that far."))
    return monday


def read_view(query: Mapping[str, str]) -> View:
    """Return how the reader wants the week: as a grid unless `?view=list`."""
    return "list" if query.get("view") == "list" else "grid"


def week_links(query: QueryDict, *, monday: date, today: date, opens_as: View = "grid") -> WeekLinks:
    """Return the ways from the week of `monday`, keeping the view and the filters of `query`.

    A page that may open as a list says so in `opens_as`; then the way to the grid says what it wants.
    """
    step = timedelta(days=7)
    this_monday = monday_of(today)

    def to(day: date) -> str | None:
        near = abs(day.year - today.year) <= YEARS_AROUND
        return query_with(query, week=say_iso_week(day)) if near else None

    return WeekLinks(
        title=say_days(monday, monday + timedelta(days=6)),
        previous=to(monday - step),
        next=to(monday + step),
        present=None if monday == this_monday else query_with(query, week=_this_week(today)),
        grid=query_with(query, view="" if opens_as == "grid" else "grid"),
        list=query_with(query, view="list"),
        months=tuple(_months(query, monday, today)),
    )


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds `day`."""
    return day - timedelta(days=day.weekday())


def say_iso_week(day: date) -> str:
    """Return the week as addresses write it: 2026-W48."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"


def say_days(first: date, last: date) -> str:
    """Return a stretch of days in words: "23–29 listopada 2026", "30 listopada – 6 grudnia 2026"."""
    end = date_format(last, "j E Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{date_format(first, 'j E' if first.year == last.year else 'j E Y')} – {end}"


def _monday_of_iso_week(text: str) -> date:
    found = ISO_WEEK.fullmatch(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _refuse(text)
    except ValueError:
        return _refuse(text)


def _monday_of_day(text: str) -> date:
    try:
        return monday_of(date.fromisoformat(text)) if ISO_DAY.fullmatch(text) else _refuse(text)
    except (ValueError, OverflowError):
        return _refuse(text)


def _refuse(text: str) -> date:
    raise UnknownWeek(_("“%(text)s” is not a week we know.") % {"text": text[:40]})


def query_with(query: QueryDict, **changed: str) -> str:
    """Return the query with these values set, those given as blank left out; a new stretch of days replaces the old."""
    copy = query.copy()
    for name in JUMPS if changed.keys() & set(JUMPS) else ():
        copy.pop(name, None)
    for name, value in changed.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return f"?{copy.urlencode()}"


def _this_week(today: date) -> str:
    """Leave the week open while pages open on it; at weekends they may open on the next one, so say it."""
    return say_iso_week(today) if today.weekday() >= SATURDAY else ""


def _months(query: QueryDict, monday: date, today: date) -> list[Jump]:
    """Return the months from two back to a year ahead, and the one that is shown."""
    shown = _month_number(monday)
    now = _month_number(today)
    numbers = sorted({*range(now - MONTHS_BACK, now + MONTHS_AHEAD + 1), shown})
    firsts = [date(number // MONTHS_OF_A_YEAR, number % MONTHS_OF_A_YEAR + 1, 1) for number in numbers]
    return [
        Jump(query_with(query, week=say_iso_week(first)), date_format(first, "F Y"), _month_number(first) == shown)
        for first in firsts
    ]


def _month_number(day: date) -> int:
    return day.year * MONTHS_OF_A_YEAR + day.month - 1
