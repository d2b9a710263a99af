"""The days of rest: statutory, of schools by voivodeship, and one's own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.closures import ClosedDays, list_closures, resting_days, statutory_holidays
from scheduler.models import Closure, SchoolBreak, Voivodeship
from tests.factories import make_timetable

SCHOOL_YEAR = date(2026, 9, 1), date(2027, 8, 31)
HOLIDAYS = [
    date(2026, 11, 1),
    date(2026, 11, 11),
    date(2026, 12, 24),
    date(2026, 12, 25),
    date(2026, 12, 26),
    date(2027, 1, 1),
    date(2027, 1, 6),
    date(2027, 3, 28),  # Easter
    date(2027, 3, 29),
    date(2027, 5, 1),
    date(2027, 5, 3),
    date(2027, 5, 16),  # Pentecost
    date(2027, 5, 27),  # Corpus Christi
    date(2027, 8, 15),
]


def easter(year: int) -> date:
    """Return Easter Sunday by the Gregorian rule (Meeus, Astronomical Algorithms, chapter 8)."""
    century, rest = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    shift = moon + weekday - 7 * ((year % 19 + 11 * moon + 22 * weekday) // 451) + 114
    return date(year, shift // 31, shift % 31 + 1)


def test_holidays_of_the_school_year_are_the_fourteen_of_the_act():
    found = statutory_holidays(*SCHOOL_YEAR)
    assert [each.starts_on for each in found] == HOLIDAYS
    assert all(each.starts_on == each.ends_on and each.kind == "holiday" and each.name for each in found)


def test_christmas_eve_is_free_since_2025():
    assert not statutory_holidays(date(2024, 12, 24), date(2024, 12, 24))
    assert statutory_holidays(date(2025, 12, 24), date(2025, 12, 24))


@settings(max_examples=25)
@given(st.integers(2026, 2060))
def test_movable_holidays_of_years_to_come_are_known(year):
    days = {each.starts_on for each in statutory_holidays(date(year, 1, 1), date(year, 12, 31))}
    sunday = easter(year)
    assert {sunday, sunday + timedelta(days=1), sunday + timedelta(days=49), sunday + timedelta(days=60)} <= days
    assert date(year, 12, 24) in days


@pytest.mark.parametrize(
    ("language", "name"),
    [("pl", "Dzień Bożego Ciała"), ("en", "Corpus Christi"), ("uk", "Свято Тіла і Крові Христових")],
)
def test_holiday_is_named_in_the_readers_language(language, name):
    with override(language):
        assert statutory_holidays(date(2027, 5, 27), date(2027, 5, 27))[0].name == name


def test_holiday_outside_any_language_is_named_in_polish():
    with override(None):
        assert statutory_holidays(date(2026, 11, 11), date(2026, 11, 11))[0].name == "Narodowe Święto Niepodległości"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("voivodeship", "winter"),
    [
        (Voivodeship.SLASKIE, (date(2027, 1, 18), date(2027, 1, 31))),
        (Voivodeship.DOLNOSLASKIE, (date(2027, 1, 18), date(2027, 1, 31))),
        (Voivodeship.MAZOWIECKIE, (date(2027, 2, 1), date(2027, 2, 14))),
        (Voivodeship.MALOPOLSKIE, (date(2027, 2, 15), date(2027, 2, 28))),
    ],
)
def test_school_breaks_are_those_of_the_voivodeship(voivodeship, winter):
    found = list_closures(make_timetable(voivodeship=voivodeship), *SCHOOL_YEAR)
    assert [(each.starts_on, each.ends_on) for each in found if each.kind == "school_break"] == [
        (date(2026, 12, 23), date(2026, 12, 31)),
        winter,
        (date(2027, 3, 25), date(2027, 3, 30)),
        (date(2027, 6, 26), date(2027, 8, 31)),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("year", [2026, 2027])
def test_every_voivodeship_has_one_winter_break_of_two_weeks(year):
    found = SchoolBreak.objects.filter(kind="winter", starts_on__year=year)
    assert sorted(row.voivodeship for row in found) == sorted(Voivodeship.values)
    assert {(row.ends_on - row.starts_on).days + 1 for row in found} == {14}
    assert {row.starts_on.weekday() for row in found} == {0}


@pytest.mark.django_db
def test_school_break_is_named_in_the_readers_language():
    names = {}
    for language in ("pl", "en", "uk"):
        with override(language):
            closures = list_closures(make_timetable(), date(2027, 1, 20), date(2027, 1, 20))
            names[language] = [each.name for each in closures]
    assert names == {"pl": ["Ferie zimowe"], "en": ["Winter break"], "uk": ["Зимові канікули"]}


@pytest.mark.django_db
def test_own_closures_are_of_one_timetable_and_touch_the_days_asked_for():
    timetable, other = make_timetable(), make_timetable()
    Closure.objects.create(
        timetable=timetable, name="Malowanie", starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 7)
    )
    malowanie = ClosedDays(date(2026, 10, 5), date(2026, 10, 7), "own", "Malowanie")
    assert list_closures(timetable, date(2026, 10, 7), date(2026, 10, 20)) == [malowanie]
    assert list_closures(timetable, date(2026, 10, 1), date(2026, 10, 5)) == [malowanie]
    assert list_closures(timetable, date(2026, 10, 8), date(2026, 10, 20)) == []
    assert list_closures(other, date(2026, 10, 1), date(2026, 10, 20)) == []


@pytest.mark.django_db
def test_closures_are_listed_in_two_queries(django_assert_num_queries):
    timetable = make_timetable()
    with django_assert_num_queries(2):
        list_closures(timetable, date(2020, 1, 1), date(2030, 12, 31))


def test_series_that_runs_in_breaks_rests_on_holidays_and_own_closures_only():
    closures = [
        ClosedDays(date(2026, 12, 23), date(2026, 12, 31), "school_break", "Przerwa"),
        ClosedDays(date(2026, 12, 24), date(2026, 12, 24), "holiday", "Wigilia"),
        ClosedDays(date(2026, 12, 30), date(2026, 12, 30), "own", "Remanent"),
    ]
    running = resting_days(closures, on_breaks="run")
    assert {day: reason.name for day, reason in running.items()} == {
        date(2026, 12, 24): "Wigilia",
        date(2026, 12, 30): "Remanent",
    }
    resting = resting_days(closures, on_breaks="rest")
    assert len(resting) == 9
    assert [resting[date(2026, 12, day)].name for day in (23, 24, 30, 31)] == [
        "Przerwa",
        "Wigilia",
        "Remanent",
        "Przerwa",
    ]
