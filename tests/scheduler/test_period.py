"""Periods are half-open and count in real time, also in the nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.period import Period, first_overlap

WARSAW = ZoneInfo("Europe/Warsaw")
SUMMER_STARTS, SUMMER_ENDS = date(2027, 3, 28), date(2026, 10, 25)

instants = st.datetimes(datetime(2026, 10, 20), datetime(2026, 10, 30), timezones=st.sampled_from([UTC, WARSAW]))
lengths = st.timedeltas(timedelta(microseconds=1), timedelta(days=3))
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def periods(draw) -> Period:
    start = draw(instants).astimezone(UTC)
    return Period(start, start + draw(lengths))


@given(periods(), periods())
def test_overlap_is_symmetric_and_means_a_shared_moment(one, other):
    shared = max(one.start, other.start) < min(one.end, other.end)
    assert one.overlaps(other) == other.overlaps(one) == shared


@given(periods(), lengths)
def test_touching_periods_do_not_overlap(period, length):
    following = Period(period.end, period.end + length)
    assert not period.overlaps(following)
    assert not following.overlaps(period)


@given(periods())
def test_start_is_inside_and_end_is_outside(period):
    assert period.contains(period.start)
    assert not period.contains(period.end)
    assert period.contains(period.end - timedelta(microseconds=1))


@given(periods(), st.sampled_from([UTC, WARSAW, ZoneInfo("America/New_York")]))
def test_zone_a_period_is_written_in_does_not_matter(period, zone):
    same = Period(period.start.astimezone(zone), period.end.astimezone(zone))
    assert same == period
    assert hash(same) == hash(period)


@given(instants, lengths)
def test_period_that_does_not_end_after_it_starts_is_refused(start, length):
    start = start.astimezone(UTC)
    for end in (start, start - length):
        with pytest.raises(ValueError, match="must end after"):
            Period(start, end)


def test_naive_instants_are_refused():
    with pytest.raises(ValueError, match="time zone"):
        Period(datetime(2026, 10, 1, 8), datetime(2026, 10, 1, 9, tzinfo=UTC))


def test_repeated_hour_can_be_told_apart():
    first = datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW)
    assert Period(first, first.replace(fold=1)).end - Period(first, first.replace(fold=1)).start == timedelta(hours=1)


@given(days, st.integers(1, 40))
def test_days_of_a_period_of_days_are_those_days(first, number):
    expected = [first + timedelta(days=each) for each in range(number)]
    assert list(Period.of_days(first, expected[-1], WARSAW).days(WARSAW)) == expected


@pytest.mark.parametrize(
    ("day", "hours"), [(SUMMER_STARTS, 23), (SUMMER_ENDS, 25), (SUMMER_STARTS + timedelta(days=1), 24)]
)
def test_day_of_a_clock_change_has_its_own_length(day, hours):
    period = Period.of_days(day, day, WARSAW)
    assert period.end - period.start == timedelta(hours=hours)


@given(days)
def test_week_holds_its_day_and_begins_on_monday(day):
    week = Period.of_week(day, WARSAW)
    found = list(week.days(WARSAW))
    assert day in found
    assert [each.weekday() for each in found] == list(range(7))


@given(periods())
def test_days_are_those_of_its_first_and_last_moment(period):
    found = list(period.days(WARSAW))
    assert found[0] == period.start.astimezone(WARSAW).date()
    assert found[-1] == (period.end - timedelta(microseconds=1)).astimezone(WARSAW).date()


@given(st.lists(periods(), max_size=8))
def test_first_overlap_finds_one_exactly_when_there_is_one(found):
    pair = first_overlap(found)
    there = any(one.overlaps(other) for number, one in enumerate(found) for other in found[:number])
    assert (pair is not None) == there
    if pair is not None:
        assert pair[0].overlaps(pair[1])
