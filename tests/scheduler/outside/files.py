"""Calendar files from outside: how good ones are made, and the hostile ones with the reason they are refused for."""

from __future__ import annotations

import itertools
from collections.abc import Callable

_numbers = itertools.count(1)


def event(*lines: str, uid: str = "") -> str:
    """Return an entry with these lines."""
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid or next(_numbers)}", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    """Return a calendar file of these entries."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//Elsewhere//EN", *events, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def repeating(rule: str, start: str = "20261118T080000Z") -> bytes:
    """Return a calendar with one entry that repeats by this rule."""
    return calendar(event(f"DTSTART:{start}", "DURATION:PT1H", f"RRULE:{rule}"))


def sixty_thousand() -> bytes:
    """Return a calendar of 60,000 entries in less than the bytes that are borne."""
    return b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nDTSTART:20261118T080000Z\r\nEND:VEVENT\r\n" * 60_000


def long_line() -> bytes:
    """Return a calendar with one line of ten million bytes."""
    return calendar(event("DTSTART:20261118T080000Z", "SUMMARY:" + "x" * 10_000_000))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "every second": (lambda: repeating("FREQ=SECONDLY"), "calendar_rule_broken"),
    "every minute": (lambda: repeating("FREQ=MINUTELY"), "calendar_rule_broken"),
    "every second by its parts": (
        lambda: repeating(f"FREQ=DAILY;BYMINUTE={','.join(map(str, range(60)))};BYSECOND=1,2,3"),
        "calendar_rule_broken",
    ),
    "interval of zero": (lambda: repeating("FREQ=DAILY;INTERVAL=0"), "calendar_rule_broken"),
    "rule without sense": (lambda: repeating("FREQ=DAILY;BYDAY=XX"), "calendar_not_a_calendar"),
    "year one": (lambda: repeating("FREQ=DAILY", start="00010101T000000Z"), "calendar_dates_impossible"),
    "sixty thousand entries": (sixty_thousand, "calendar_too_many_events"),
    "line of ten million bytes": (long_line, "calendar_too_large"),
    "too many dates": (
        lambda: calendar(
            *(event(f"DTSTART:20261118T{hour:02}0000Z", "RRULE:FREQ=DAILY") for hour in range(24)),
            *(event(f"DTSTART:20261118T{hour:02}3000Z", "RRULE:FREQ=DAILY") for hour in range(24)),
        ),
        "calendar_too_many_dates",
    ),
    "page of the web": (lambda: b"<!DOCTYPE html><html><body>Log in</body></html>", "calendar_not_a_calendar"),
    "nothing": (lambda: b"", "calendar_not_a_calendar"),
    "zeros": (lambda: b"\0" * 1000, "calendar_not_a_calendar"),
    "nested": (lambda: calendar("BEGIN:VEVENT\r\n" * 9_000), "calendar_not_a_calendar"),
    "cut off": (lambda: calendar(event("DTSTART:20261118T080000Z"))[:-20], "calendar_not_a_calendar"),
}
