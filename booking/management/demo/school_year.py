"""The school year a day belongs to."""

from __future__ import annotations

from datetime import date, timedelta

FRIDAY = 4


def school_year(day: date) -> tuple[date, date]:
    """Return the first and last day of the school year that holds `day`; summer belongs to the year to come.

    From 1 September to the Friday after 20 June, as the ordinance on the organisation of the school year has it.
    """
    first = date(day.year - 1, 9, 1)
    if day > last_school_day(day.year):
        first = date(day.year, 9, 1)
    return first, last_school_day(first.year + 1)


def last_school_day(year: int) -> date:
    """Return the Friday after 20 June."""
    twentieth = date(year, 6, 20)
    return twentieth + timedelta(days=(FRIDAY - twentieth.weekday() - 1) % 7 + 1)
