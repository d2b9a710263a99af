"""What repeats through a term, read from its dates: who meets where on which weekday, and what differs. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.web.week import WeekEntry

FEW_DATES = 5  # up to so many dates are named one by one
A_WEEK, A_FORTNIGHT = 7, 14


class Line(NamedTuple):
    """What makes dates one line of a pattern."""

    title: str
    weekday: int
    starts: time
    ends: time
    where: str
    who: str


class Exceptional(NamedTuple):
    """A date on which the pattern does not hold: cancelled or moved, on the day where it now stands."""

    entry: WeekEntry

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.entry.status == "cancelled"


def term_pattern(entries: Iterable[WeekEntry]) -> tuple[list[WeekEntry], list[Exceptional]]:
    """Return one entry for each line of the pattern, in a week of the term, and the dates that were changed.

    The note of a line says how often and from when to when; the address is that of its latest date.
    """
    lines: dict[Line, list[WeekEntry]] = defaultdict(list)
    exceptions: list[Exceptional] = []
    for entry in sorted(entries, key=lambda each: each.order):
        if entry.status != "scheduled":
            exceptions.append(Exceptional(entry))
            continue
        starts, ends = entry.starts_at, entry.ends_at
        lines[Line(entry.title, starts.weekday(), starts.time(), ends.time(), entry.where, entry.who)].append(entry)
    earliest = min((found[0].starts_at.date() for found in lines.values()), default=date.min)
    monday = earliest - timedelta(days=earliest.weekday())
    return [_in_pattern(line, found, monday) for line, found in lines.items()], exceptions


def _in_pattern(line: Line, found: list[WeekEntry], monday: date) -> WeekEntry:
    latest = found[-1]
    shift = monday + timedelta(days=line.weekday) - latest.starts_at.date()
    belongs = frozenset().union(*(entry.belongs for entry in found))
    return replace(
        latest,
        starts_at=latest.starts_at + shift,
        ends_at=latest.ends_at + shift,
        note=say_dates([entry.starts_at.date() for entry in found]),
        places="",
        actions=(),
        belongs=belongs,
    )


def say_dates(days: list[date]) -> str:
    """Return how often in words: "co 2 tygodnie, 17 spotkań, 2 września – 23 czerwca"; a few dates one by one."""
    days = sorted(set(days))
    if len(days) <= FEW_DATES:
        return ", ".join(date_format(day, "j E") for day in days)
    gaps = {(later - earlier).days for earlier, later in itertools.pairwise(days)}
    count = ngettext("%(n)s meeting", "%(n)s meetings", len(days)) % {"n": len(days)}
    span = f"{date_format(days[0], 'j E')} – {date_format(days[-1], 'j E')}"
    return ", ".join(filter(None, (_rhythm(gaps), count, span)))


def _rhythm(gaps: set[int]) -> str:
    """Weekly needs no words; breaks make gaps longer, never shorter."""
    if min(gaps) <= A_WEEK:
        return ""
    return _("every second week") if min(gaps) == A_FORTNIGHT else _("once a month")
