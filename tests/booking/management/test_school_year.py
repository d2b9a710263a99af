"""Which school year a day belongs to, and ages that hold on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.management.demo.crowd import born_on
from booking.management.demo.school_year import last_school_day, school_year
from booking.models import Person


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 21), date(2026, 9, 1), date(2027, 6, 25)),
        (date(2027, 6, 25), date(2026, 9, 1), date(2027, 6, 25)),
        (date(2027, 6, 26), date(2027, 9, 1), date(2028, 6, 23)),
        (date(2026, 7, 1), date(2026, 9, 1), date(2027, 6, 25)),
        (date(2026, 8, 31), date(2026, 9, 1), date(2027, 6, 25)),
        (date(2026, 1, 1), date(2025, 9, 1), date(2026, 6, 26)),
    ],
)
def test_school_year_of_a_day(day: date, first: date, last: date) -> None:
    assert school_year(day) == (first, last)


@pytest.mark.parametrize("year", range(2020, 2035))
def test_last_school_day_is_the_friday_after_20_june(year: int) -> None:
    day = last_school_day(year)
    assert (day.weekday(), day.month) == (4, 6)
    assert 21 <= day.day <= 27


def test_whoever_is_made_of_an_age_has_it_on_every_day() -> None:
    for n in range(366):
        today = date(2028, 1, 1) + timedelta(days=n)
        for days_ago in (1, 40, 360):
            assert Person(birth_date=born_on(today, 7, days_ago)).age_on(today) == 7
