from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical import Entry, render
from tests.calendar_readers import events_in, starts_in_two_readers

WARSAW = ZoneInfo("Europe/Warsaw")
CHANGED = datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)
CLOCK_CHANGES = (date(2026, 10, 25), date(2027, 3, 28))


def make_entry(starts_at: datetime, **facts: Any) -> Entry:
    texts: dict[str, Any] = {"uid": f"{uuid.uuid4()}@grafik", "sequence": 0, "summary": "Robotyka"} | facts
    return Entry(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45), changed_at=CHANGED, **texts)


def local(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=WARSAW)


def lines_of(calendar: bytes) -> list[str]:
    return calendar.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("change", CLOCK_CHANGES)
def test_hours_are_right_on_both_sides_of_a_clock_change_in_two_readers(change):
    days = [change + timedelta(days=shift) for shift in (-7, -1, 0, 1, 7)]
    calendar = render([make_entry(local(day, 16)) for day in days], name="Grafik", zone=WARSAW)

    expected = [local(day, 16).astimezone(UTC) for day in days]
    for read in starts_in_two_readers(calendar):
        assert [(each.date(), each.hour) for each in read] == [(day, 16) for day in days]
        assert [each.astimezone(UTC) for each in read] == expected


def test_hour_that_comes_twice_is_written_in_utc():
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    calendar = render([make_entry(first), make_entry(first + timedelta(hours=1))], name="Grafik", zone=WARSAW)

    for read in starts_in_two_readers(calendar):
        assert [each.astimezone(UTC) for each in read] == [first, first + timedelta(hours=1)]
    assert b"DTSTART:20261025T003000Z" in calendar


def test_zone_without_a_written_rule_is_told_in_utc():
    calendar = render([make_entry(local(date(2026, 11, 25), 16))], name="Grafik", zone=ZoneInfo("Europe/Kyiv"))

    assert b"DTSTART:20261125T150000Z" in calendar
    assert b"VTIMEZONE" not in calendar


def test_calendar_names_its_zone_by_two_rules_and_repeats_nothing_else():
    lines = lines_of(render([make_entry(local(date(2026, 11, 25), 16))], name="Grafik", zone=WARSAW))

    assert [line for line in lines if "RRULE" in line or "RDATE" in line] == [
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ]
    assert "METHOD" not in "".join(lines)


def test_entry_says_all_it_has_to():
    entry = make_entry(
        local(date(2026, 11, 25), 16),
        uid="abc@grafik",
        sequence=3,
        summary="Zosia: Robotyka, część 1; łazik",
        location="Pracownia, ul. Długa 1",
        description="Prowadzi: Łukasz\nNowa sala",
        categories=("Zosia", "Jaś, mały"),
    )
    event = events_in(render([entry], name="Grafik", zone=WARSAW))[0]

    assert {
        key: event[key].to_ical().decode() for key in ("UID", "DTSTAMP", "LAST-MODIFIED", "STATUS", "CLASS", "TRANSP")
    } == {
        "UID": "abc@grafik",
        "DTSTAMP": "20261120T093015Z",
        "LAST-MODIFIED": "20261120T093015Z",
        "STATUS": "CONFIRMED",
        "CLASS": "PRIVATE",
        "TRANSP": "OPAQUE",
    }
    assert event["SEQUENCE"] == 3
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (entry.summary, entry.location)
    assert str(event["DESCRIPTION"]) == entry.description
    assert [str(category) for category in event["CATEGORIES"].cats] == list(entry.categories)


@pytest.mark.parametrize(
    ("language", "title"),
    [("pl", "ODWOŁANE: Robotyka"), ("en", "CANCELLED: Robotyka"), ("uk", "СКАСОВАНО: Robotyka")],
)
def test_cancelled_entry_says_so_in_the_readers_language(language, title):
    entry = make_entry(local(date(2026, 11, 25), 16), cancelled=True)
    with translation.override(language):
        calendar = render([entry], name="Grafik", zone=WARSAW, alarm_minutes=30)
    event = events_in(calendar)[0]

    assert (str(event["SUMMARY"]), str(event["STATUS"])) == (title, "CANCELLED")
    assert event["TRANSP"] == "TRANSPARENT"
    assert event.alarms.times == []


def test_reminder_rings_as_long_before_as_was_chosen():
    calendar = render([make_entry(local(date(2026, 11, 25), 16))], name="Grafik", zone=WARSAW, alarm_minutes=90)
    event = events_in(calendar)[0]

    assert [alarm.trigger for alarm in event.alarms.times] == [local(date(2026, 11, 25), 14) + timedelta(minutes=30)]


def test_same_values_give_the_same_bytes():
    entries = [make_entry(local(date(2026, 11, 25), 16), uid="a@grafik")]

    assert render(entries, name="Grafik", zone=WARSAW) == render(entries, name="Grafik", zone=WARSAW)


def test_subscribed_calendar_asks_to_be_fetched_hourly_and_a_loose_file_does_not():
    subscribed = lines_of(render([], name="Grafik rodziny", zone=WARSAW))
    loose = lines_of(render([], name="", zone=WARSAW))

    asking = ["X-WR-CALNAME:Grafik rodziny", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"]
    assert [line for line in subscribed if line in asking] == asking
    assert [line for line in subscribed if line not in loose] == [
        asking[0],
        "X-WR-TIMEZONE:Europe/Warsaw",
        *asking[1:],
    ]


TEXTS = st.text(alphabet=st.sampled_from("aż–ї;,\\\"':\n щ😀\r\x07\x00\ud800Ł"), max_size=200)


@given(summary=TEXTS, description=TEXTS)
def test_any_text_is_folded_at_75_octets_and_read_back_by_two_readers(summary, description):
    entry = make_entry(local(date(2026, 11, 25), 16), summary=summary, description=description)
    calendar = render([entry], name="Grafik", zone=WARSAW)

    assert calendar.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    for line in calendar.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    event = events_in(calendar)[0]
    written = "".join(letter for letter in summary.replace("\r\n", "\n").replace("\r", "\n") if writable(letter))
    assert str(event["SUMMARY"]) == written
    assert vobject.readOne(calendar.decode()).vevent.summary.value == written


def writable(letter: str) -> bool:
    return letter == "\n" or (letter >= " " and letter != "\ud800")
