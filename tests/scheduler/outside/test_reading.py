from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scheduler.outside.reading import PROGRAM, ReadLimits, read_busy_periods
from scheduler.outside.refusing import CalendarRefusedError
from scheduler.period import Period
from tests.scheduler.outside.files import HOSTILE, calendar, event

pytestmark = pytest.mark.once
WARSAW = ZoneInfo("Europe/Warsaw")
WINDOW = Period.of_days(datetime(2026, 11, 16).date(), datetime(2027, 12, 20).date(), WARSAW)


def read(content: bytes, *, window: Period = WINDOW) -> list[tuple[datetime, datetime]]:
    return [(each.start, each.end) for each in read_busy_periods(content, window=window, zone=WARSAW)]


def at(day: int, hour: int, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_entries_are_times_and_nothing_else():
    content = calendar(
        event(
            "DTSTART;TZID=Europe/Warsaw:20261118T090000", "DTEND;TZID=Europe/Warsaw:20261118T100000", "SUMMARY:Lekarz"
        ),
        event("DTSTART:20261119T120000Z", "DURATION:PT30M"),
    )
    assert read(content) == [(at(18, 8), at(18, 9)), (at(19, 12), at(19, 12, 30))]


def test_a_whole_day_is_a_day_of_the_timetable():
    content = calendar(event("DTSTART;VALUE=DATE:20261118", "DTEND;VALUE=DATE:20261120"))
    assert read(content) == [(at(17, 23), at(19, 23))]


def test_hours_without_a_zone_are_hours_of_the_timetable():
    assert read(calendar(event("DTSTART:20261118T090000", "DTEND:20261118T100000"))) == [(at(18, 8), at(18, 9))]


def test_overlapping_and_touching_entries_are_one_busy_time():
    content = calendar(
        event("DTSTART:20261118T080000Z", "DTEND:20261118T093000Z"),
        event("DTSTART:20261118T090000Z", "DTEND:20261118T100000Z"),
        event("DTSTART:20261118T100000Z", "DTEND:20261118T110000Z"),
    )
    assert read(content) == [(at(18, 8), at(18, 11))]


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_what_takes_no_time_blocks_nothing(line):
    assert read(calendar(event("DTSTART:20261118T080000Z", "DTEND:20261118T093000Z", line))) == []


def test_repeating_entry_keeps_its_hour_over_the_clock_change_and_its_exceptions():
    content = calendar(
        event(
            "DTSTART;TZID=Europe/Warsaw:20261005T090000",
            "DTEND;TZID=Europe/Warsaw:20261005T100000",
            "RRULE:FREQ=WEEKLY;COUNT=40",
            "EXDATE;TZID=Europe/Warsaw:20261123T090000",
            uid="series",
        ),
        event(
            "RECURRENCE-ID;TZID=Europe/Warsaw:20261130T090000",
            "DTSTART;TZID=Europe/Warsaw:20261201T150000",
            "DTEND;TZID=Europe/Warsaw:20261201T160000",
            uid="series",
        ),
        event(
            "RECURRENCE-ID;TZID=Europe/Warsaw:20261207T090000",
            "DTSTART;TZID=Europe/Warsaw:20261207T090000",
            "DTEND;TZID=Europe/Warsaw:20261207T100000",
            "STATUS:CANCELLED",
            uid="series",
        ),
    )
    found = [start for start, _end in read(content)]
    assert found[:3] == [at(16, 8), at(1, 14, month=12), at(14, 8, month=12)]
    assert at(29, 7, month=3, year=2027) in found  # the Monday after the clocks have changed


def test_what_reaches_over_the_window_is_cut_to_it():
    content = calendar(event("DTSTART:20260101T000000Z", "DTEND:20280101T000000Z"))
    assert read(content) == [(WINDOW.start, WINDOW.end)]


def test_empty_calendar_is_a_good_one():
    assert read(calendar()) == []


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, (_make, code) in HOSTILE.items()])
def test_hostile_file_is_refused_with_its_reason(name, code):
    content = HOSTILE[name][0]()
    begun = time.monotonic()
    with pytest.raises(CalendarRefusedError) as refused:
        read(content)
    assert refused.value.code == code
    assert time.monotonic() - begun < 60


def test_reading_that_takes_too_long_is_killed():
    heavy = calendar(*(event(f"DTSTART:19000101T{hour:02}0000Z", "RRULE:FREQ=DAILY") for hour in range(24)))
    begun = time.monotonic()
    with pytest.raises(CalendarRefusedError) as refused:
        read_busy_periods(heavy, window=WINDOW, zone=WARSAW, limits=ReadLimits(seconds=0.2))
    assert refused.value.code == "calendar_too_heavy"
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("limits", [ReadLimits(most_bytes=30 * 1024 * 1024), ReadLimits(cpu_seconds=0)])
def test_reading_that_takes_too_much_memory_or_time_of_the_processor_ends(limits):
    many = calendar(*(event("DTSTART:20261118T080000Z", "RRULE:FREQ=DAILY") for _ in range(20)))
    with pytest.raises(CalendarRefusedError) as refused:
        read_busy_periods(many, window=WINDOW, zone=WARSAW, limits=limits)
    assert refused.value.code == "calendar_too_heavy"


def test_the_program_knows_no_secret_of_ours(monkeypatch):
    """It is given neither the environment nor the packages of the product."""
    monkeypatch.setenv("SECRET_KEY", "a secret")
    seen: list[dict[str, Any]] = []
    run = subprocess.run

    def watched(command, **options):
        seen.append({"command": command, **options})
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", watched)
    assert read(calendar()) == []
    assert seen[0]["env"] == {}
    assert seen[0]["command"][:3] == [sys.executable, "-I", str(PROGRAM)]


def test_thousands_of_old_entries_are_read_within_the_limits():
    days = (datetime(2010, 1, 1, 8, tzinfo=UTC) + timedelta(hours=46 * number) for number in range(3_000))
    content = calendar(*(event(f"DTSTART:{day:%Y%m%dT%H%M%SZ}", "DURATION:PT1H") for day in days))
    assert len(content) < 2_000_000
    assert read(content) == []
