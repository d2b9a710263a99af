"""Reading a calendar from outside, as a program of its own that may be killed: bytes in, busy seconds out.

Started by `scheduler.outside.reading` in isolated mode, without environment and under limits of memory and time that
it sets itself before it looks at a byte. It knows neither Django nor this product.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_LINE = 100_000
EARLIEST_YEAR, LATEST_YEAR = 1600, 9000
FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
FINE_PARTS = ("BYSECOND", "BYMINUTE", "BYHOUR")
MOST_FINE_PARTS = 24
A_DAY = timedelta(days=1)  # hours without a zone may lie on the other side of the window's edge
FREE = {"CANCELLED", "TRANSPARENT", "FREE"}

Span = tuple[int, int]


class Refused(Exception):  # noqa: N818  it is an answer, not a failure
    """The calendar is not taken in; the first argument is the code."""


def main(arguments: list[str]) -> int:
    """Read a calendar from standard input and write its busy spans, or the code of a refusal, as JSON."""
    zone, starts, ends, events, dates, seconds, octets = arguments
    resource.setrlimit(resource.RLIMIT_AS, (int(octets), int(octets)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    body = sys.stdin.buffer.read()
    try:
        check_text(body, int(events))
        window = (datetime.fromtimestamp(int(starts), UTC), datetime.fromtimestamp(int(ends), UTC))
        answer: dict[str, Any] = {"busy": busy_spans(body, ZoneInfo(zone), window, int(dates))}
    except Refused as refused:
        answer = {"refused": refused.args[0]}
    except MemoryError:
        answer = {"refused": "calendar_too_heavy"}
    json.dump(answer, sys.stdout)
    return 0


def check_text(body: bytes, most_events: int) -> None:
    """Look at the bytes before any library does. Raises Refused."""
    if not re.match(rb"(\xef\xbb\xbf)?\s*BEGIN:VCALENDAR\s", body[:200], re.IGNORECASE):
        raise Refused("calendar_not_a_calendar")
    if any(len(line) > LONGEST_LINE for line in body.split(b"\n")):
        raise Refused("calendar_too_large")
    begun, ended = (len(re.findall(word, body, re.IGNORECASE | re.MULTILINE)) for word in (rb"^BEGIN:", rb"^END:"))
    if begun > most_events:
        raise Refused("calendar_too_many_events")
    if begun != ended:
        raise Refused("calendar_not_a_calendar")  # cut off on its way


def busy_spans(body: bytes, zone: ZoneInfo, window: tuple[datetime, datetime], most_dates: int) -> list[Span]:
    """Return the busy time within the window in seconds since 1970, merged and in order. Raises Refused."""
    import recurring_ical_events  # noqa: PLC0415  only after the limits are set
    from icalendar import Calendar  # noqa: PLC0415  as above

    try:
        calendars = Calendar.from_ical(body, multiple=True)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as failure:
        raise Refused("calendar_not_a_calendar") from failure
    spans: list[Span] = []
    found = 0
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            check_event(event)
        try:
            dates = recurring_ical_events.of(calendar).between(window[0] - A_DAY, window[1] + A_DAY)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as failure:
            raise Refused("calendar_rule_broken") from failure
        found += len(dates)
        if found > most_dates:
            raise Refused("calendar_too_many_dates")
        for each in dates:
            spans += span_of(each, zone, window)
    return merged(spans)


def check_event(event: Any) -> None:
    """Refuse an entry with a pattern or a date that nobody's calendar has. Raises Refused."""
    start = getattr(event.get("DTSTART"), "dt", None)
    if start is None:
        raise Refused("calendar_not_a_calendar")
    for moment in (start, getattr(event.get("DTEND"), "dt", start)):
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise Refused("calendar_dates_impossible")
    for rule in rules_of(event):
        check_rule(rule)


def rules_of(event: Any) -> Iterator[Any]:
    """Yield the patterns of an entry; a property that is said twice is a list."""
    for name in ("RRULE", "EXRULE"):
        found = event.get(name)
        if found is not None:
            yield from found if isinstance(found, list) else [found]


def check_rule(rule: Any) -> None:
    """Let through only what repeats by the day or more rarely. Raises Refused."""
    frequency = [str(part).upper() for part in listed(rule.get("FREQ"))]
    if len(frequency) != 1 or frequency[0] not in FREQUENCIES:
        raise Refused("calendar_rule_broken")
    if any(int(interval) < 1 for interval in listed(rule.get("INTERVAL", 1))):
        raise Refused("calendar_rule_broken")
    many = 1
    for name in FINE_PARTS:
        many *= max(len(listed(rule.get(name))), 1)
    if many > MOST_FINE_PARTS:
        raise Refused("calendar_rule_broken")


def listed(value: Any) -> list[Any]:
    """Return a value as a list of values."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def span_of(event: Any, zone: ZoneInfo, window: tuple[datetime, datetime]) -> Iterator[Span]:
    """Yield the part of a date that lies in the window, unless it takes no time or was called off."""
    if {str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")} & FREE:
        return
    start = max(instant(event.start, zone), window[0])
    end = min(instant(event.end, zone), window[1])
    if start < end:
        yield int(start.timestamp()), int(end.timestamp())


def instant(moment: date, zone: ZoneInfo) -> datetime:
    """Return a moment in UTC: days begin at midnight of `zone`, and hours without a zone are its hours."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans that neither overlap nor touch, in order."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
