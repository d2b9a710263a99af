"""The layout every timetable page shares."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from booking.web.week import WeekEntry, lay_out_week
from scheduler.domain.closures import ClosedDays

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY = date(2026, 11, 23)


def entry(day: int, starts: str, ends: str, title: str = "Taniec", **facts) -> WeekEntry:
    on = MONDAY + timedelta(days=day)
    begin, end = (datetime.fromisoformat(f"{on}T{hour}").replace(tzinfo=WARSAW) for hour in (starts, ends))
    return WeekEntry(starts_at=begin, ends_at=end, title=title, **facts)


def lay_out(*entries: WeekEntry, today: date = MONDAY, **facts):
    return lay_out_week(entries, monday=MONDAY, today=today, **facts)


def test_week_shows_working_days_and_weekend_only_when_something_takes_place():
    assert [day.date.isoweekday() for day in lay_out().days] == [1, 2, 3, 4, 5]
    assert [day.date.isoweekday() for day in lay_out(entry(5, "10:00", "12:00")).days] == [1, 2, 3, 4, 5, 6]
    assert [day.date.isoweekday() for day in lay_out(entry(6, "10:00", "12:00")).days] == [1, 2, 3, 4, 5, 6, 7]


def test_entries_stand_on_their_day_in_order_and_other_weeks_are_left_out():
    week = lay_out(
        entry(1, "17:00", "18:00", "późniejsze"), entry(1, "16:00", "17:00", "wcześniejsze"), entry(7, "16:00", "17:00")
    )
    assert [[each.title for each in day.sessions] for day in week.days] == [
        [],
        ["wcześniejsze", "późniejsze"],
        [],
        [],
        [],
    ]


def test_overlapping_sessions_stand_side_by_side_and_touching_ones_do_not():
    week = lay_out(entry(0, "16:00", "17:00", "a"), entry(0, "16:30", "17:30", "b"), entry(0, "17:30", "18:00", "c"))
    assert [each.spot for each in week.days[0].sessions] == [
        "at-1600 for-60 lane-1-of-2",
        "at-1630 for-60 lane-2-of-2",
        "at-1730 for-30 lane-1-of-1",
    ]


def test_hours_reach_over_every_session():
    week = lay_out(entry(0, "09:10", "10:00"), entry(4, "18:30", "20:15"))
    assert (week.from_hour, week.until_hour) == (9, 21)
    assert [hour.hour for hour in week.hours][0::12] == [9, 21]


def test_today_is_marked_once():
    week = lay_out(today=date(2026, 11, 25))
    assert [(day.is_today, day.is_past) for day in week.days] == [
        (False, True),
        (False, True),
        (True, False),
        (False, False),
        (False, False),
    ]


def test_holiday_is_a_band_of_its_day():
    week = lay_out(closures=[ClosedDays(date(2026, 11, 25), date(2026, 11, 25), "holiday", "Święto")])
    assert [[(band.kind, band.name) for band in day.bands] for day in week.days][2] == [("holiday", "Święto")]
    assert [day.is_closed for day in week.days] == [False, False, True, False, False]
    assert week.bands == ()


def test_break_of_the_whole_week_is_said_once_above_it():
    with override("pl"):
        week = lay_out(closures=[ClosedDays(date(2026, 11, 21), date(2026, 12, 4), "school_break", "Ferie")])
    assert [(band.kind, band.name, band.days) for band in week.bands] == [
        ("break", "Ferie", "21 listopada – 4 grudnia 2026")
    ]
    assert not any(day.is_closed or day.bands for day in week.days)


def test_break_that_begins_in_the_week_is_said_above_it_and_on_its_days():
    with override("pl"):
        week = lay_out(closures=[ClosedDays(date(2026, 11, 25), date(2026, 12, 4), "school_break", "Ferie")])
    assert len(week.bands) == 1
    assert [len(day.bands) for day in week.days] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_clock_change_does_not_move_a_session(day):
    begin = datetime(day.year, day.month, day.day, 16, 0, tzinfo=WARSAW)
    monday = day - timedelta(days=6)
    week = lay_out_week(
        [WeekEntry(starts_at=begin, ends_at=begin.replace(hour=17), title="Taniec")], monday=monday, today=monday
    )
    assert week.days[-1].date == day
    assert week.days[-1].sessions[0].spot == "at-1600 for-60 lane-1-of-1"


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 280), st.integers(1, 60)).filter(
            lambda fact: fact[1] + fact[2] < 288
        ),
        max_size=30,
    )
)
def test_sessions_of_one_lane_never_overlap(facts):
    midnight = datetime(2026, 11, 23, tzinfo=WARSAW)
    entries = [
        WeekEntry(
            starts_at=midnight + timedelta(days=day, minutes=5 * at),
            ends_at=midnight + timedelta(days=day, minutes=5 * (at + length)),
            title="x",
        )
        for day, at, length in facts
    ]
    week = lay_out_week(entries, monday=MONDAY, today=MONDAY)
    assert sum(len(day.sessions) for day in week.days) == len(entries)
    for day in week.days:
        lanes: dict[str, datetime] = {}
        for each in day.sessions:
            lane = each.spot.split(" ")[2]
            if not lane.endswith("-of-12"):  # more than twelve at once share lanes
                assert lanes.get(lane, midnight) <= each.starts_at
                lanes[lane] = each.ends_at
