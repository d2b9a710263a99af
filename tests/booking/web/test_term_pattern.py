"""What repeats through a term, read from its dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from booking.web.term_pattern import say_dates, term_pattern
from booking.web.week import WeekEntry

WARSAW = ZoneInfo("Europe/Warsaw")
FIRST = date(2026, 9, 2)


def entry(day: date, hour: str = "16:00", title: str = "Taniec", **facts) -> WeekEntry:
    starts = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=WARSAW)
    return WeekEntry(starts_at=starts, ends_at=starts + timedelta(minutes=45), title=title, **facts)


def weekly(count: int, days: int = 7) -> list[date]:
    return [FIRST + timedelta(days=days * number) for number in range(count)]


def test_dates_of_one_line_are_one_entry_on_its_weekday_and_hour_whatever_the_clock_does():
    lines, exceptions = term_pattern([entry(day) for day in weekly(30)])
    (line,) = lines
    assert (line.starts_at.weekday(), line.starts_at.hour, line.ends_at.minute) == (2, 16, 45)
    assert exceptions == []


def test_other_hour_room_or_leader_is_another_line():
    entries = [entry(FIRST), entry(FIRST, "17:00"), entry(FIRST, where="Sala B"), entry(FIRST, who="Ewa")]
    assert len(term_pattern(entries)[0]) == 4


def test_cancelled_and_moved_dates_are_no_pattern():
    days = weekly(10)
    entries = [*map(entry, days[:8]), entry(days[8], status="cancelled"), entry(days[9], status="moved")]
    lines, exceptions = term_pattern(entries)
    assert len(lines) == 1
    assert [each.is_cancelled for each in exceptions] == [True, False]


def test_empty_term_has_no_pattern():
    assert term_pattern([]) == ([], [])


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (weekly(1), "2 września"),
        (weekly(3), "2 września, 9 września, 16 września"),
        (weekly(8), "8 spotkań, 2 września – 21 października"),
        (weekly(8, 14), "co drugi tydzień, 8 spotkań, 2 września – 9 grudnia"),
        (weekly(6, 28), "raz w miesiącu, 6 spotkań, 2 września – 20 stycznia"),
    ],
)
def test_dates_are_said_shortly(days, said):
    with override("pl"):
        assert say_dates(days) == said
