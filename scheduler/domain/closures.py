"""On which days a timetable rests, and why: statutory holidays, school breaks, own closures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import holidays
from django.db.models import Q
from django.utils.translation import get_language

from scheduler.models import Closure, SchoolBreak, Series, Timetable

ClosureKind = Literal["holiday", "school_break", "own"]
HOLIDAY_LANGUAGES = {"pl": "pl", "en": "en_US", "uk": "uk"}


@dataclass(frozen=True, slots=True, order=True)
class ClosedDays:
    """Days of rest, both ends included."""

    starts_on: date
    ends_on: date
    kind: ClosureKind
    name: str

    def days(self) -> list[date]:
        """Return each day."""
        return [self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]


def statutory_holidays(first: date, last: date) -> list[ClosedDays]:
    """Return Poland's days off by law from `first` to `last`, named in the reader's language.

    Act of 18 January 1951 on days off work (Dz.U. 2020 poz. 1920 with later changes; 24 December since 2025), as the
    `holidays` library keeps it. Sundays themselves are not listed.
    """
    language = HOLIDAY_LANGUAGES.get(get_language() or "pl", "pl")
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays("PL", years=years, language=language)
    return [ClosedDays(day, day, "holiday", name) for day, name in sorted(found.items()) if first <= day <= last]


def list_closures(timetable: Timetable, first: date, last: date) -> list[ClosedDays]:
    """Return all days of rest that touch `first`..`last` (both included), in order, in two queries."""
    breaks = SchoolBreak.objects.filter(
        Q(voivodeship="") | Q(voivodeship=timetable.voivodeship), starts_on__lte=last, ends_on__gte=first
    )
    own = Closure.objects.filter(timetable=timetable, starts_on__lte=last, ends_on__gte=first)
    return sorted(
        [
            *statutory_holidays(first, last),
            *(ClosedDays(row.starts_on, row.ends_on, "school_break", str(row.get_kind_display())) for row in breaks),
            *(ClosedDays(row.starts_on, row.ends_on, "own", row.name) for row in own),
        ]
    )


def resting_days(closures: list[ClosedDays], *, on_breaks: str) -> dict[date, ClosedDays]:
    """Return the days a series with this habit rests on, each with its reason. Pure.

    A statutory holiday is named before a school break that covers it.
    """
    rank = {"holiday": 0, "own": 1, "school_break": 2}
    resting: dict[date, ClosedDays] = {}
    for closed in sorted(closures, key=lambda each: rank[each.kind]):
        if closed.kind == "school_break" and on_breaks == Series.OnBreaks.RUN:
            continue
        for day in closed.days():
            resting.setdefault(day, closed)
    return resting
