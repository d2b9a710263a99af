"""Writing iCalendar (RFC 5545): values in, bytes out, the same bytes for the same values.

The lines are written here and not by the icalendar library: a family's phone asks every hour, and the library takes
several times as long over the same calendar. Tests read every kind of line back with two independent readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

LINE_OCTETS = 75
PRODUCT = "-//Grafik//Grafik//PL"

# Two rules instead of a list of dates: readers that stop at the end of a list would show later summers an hour off.
TIME_ZONES = {
    "Europe/Warsaw": (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Warsaw",
        "BEGIN:DAYLIGHT",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ),
}
LINE_ENDS = re.compile(r"\r\n|\r")
# Escapes of a TEXT value; control characters, and halves of characters that no encoding can write, are left out.
ESCAPES: dict[int, str | None] = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)])
ESCAPES |= {ord("\t"): "\t", ord("\n"): "\\n", ord("\\"): "\\\\", ord(";"): "\\;", ord(","): "\\,"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated meeting as a calendar shows it; instants with any time zone, texts in the reader's language.

    `uid` is for life, `sequence` grows and `changed_at` moves with each change of what is shown, and only then.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    changed_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    categories: tuple[str, ...] = ()
    cancelled: bool = False
    private: bool = True
    takes_no_time: bool = False  # it takes place, but without the reader


def render(
    entries: Iterable[Entry], *, name: str, zone: ZoneInfo, alarm_minutes: int | None = None, refresh: str = "PT1H"
) -> bytes:
    """Return a calendar called `name` with one VEVENT an entry, hours on the wall clock of `zone`.

    Without a name it is a loose file, to be added to a calendar that the reader has. Zones other than Warsaw's are
    written in UTC. `alarm_minutes` adds a reminder to what takes place; `refresh` is how often a subscriber is asked
    to fetch. The prefix of cancelled entries is in the active language.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    if name:
        lines += [f"X-WR-CALNAME:{_text(name)}", f"X-WR-TIMEZONE:{zone.key}"]
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}", f"X-PUBLISHED-TTL:{refresh}"]
    lines += TIME_ZONES.get(zone.key, ())
    cancelled = _("CANCELLED: %(title)s")
    local = zone if zone.key in TIME_ZONES else None
    known: dict[tuple[object, ...], bytes] = {}  # many dates say the same words, which are the costly part
    parts = [_written(lines)]
    for entry in entries:
        said = (
            entry.summary,
            entry.location,
            entry.description,
            entry.categories,
            entry.cancelled,
            entry.private,
            entry.takes_no_time,
        )
        words = known.get(said)
        if words is None:
            words = known[said] = _written(_words(entry, cancelled, alarm_minutes))
        parts += (_written(_moments(entry, local)), words)
    return b"".join([*parts, b"END:VCALENDAR\r\n"])


def _moments(entry: Entry, zone: ZoneInfo | None) -> Iterator[str]:
    """Yield the first half of an entry: which one it is, and when."""
    changed = _utc(entry.changed_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"DTSTART{_moment(entry.starts_at, zone)}"
    yield f"DTEND{_moment(entry.ends_at, zone)}"


def _words(entry: Entry, cancelled: str, alarm_minutes: int | None) -> Iterator[str]:
    """Yield the second half: what, where, for whom."""
    title = cancelled % {"title": entry.summary} if entry.cancelled else entry.summary
    yield f"SUMMARY:{_text(title)}"
    if entry.location:
        yield f"LOCATION:{_text(entry.location)}"
    if entry.description:
        yield f"DESCRIPTION:{_text(entry.description)}"
    if entry.categories:
        yield f"CATEGORIES:{','.join(_text(category) for category in entry.categories)}"
    yield f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'TRANSPARENT' if entry.cancelled or entry.takes_no_time else 'OPAQUE'}"
    yield f"CLASS:{'PRIVATE' if entry.private else 'PUBLIC'}"
    if alarm_minutes is not None and not (entry.cancelled or entry.takes_no_time):
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}")
        yield from (f"TRIGGER:-PT{alarm_minutes}M", "END:VALARM")
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _moment(moment: datetime, zone: ZoneInfo | None) -> str:
    """Return what follows DTSTART: local time, or UTC in the hour that the clock goes through twice."""
    if zone is not None:
        local = moment.astimezone(zone)
        if not local.fold and local.utcoffset() == local.replace(fold=1).utcoffset():
            return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"
    return f":{_utc(moment)}"


def _text(text: str) -> str:
    """Return a text as a TEXT value: line ends and the three special characters escaped, the unwritable left out."""
    return LINE_ENDS.sub("\n", text).translate(ESCAPES)


def _written(lines: Iterable[str]) -> bytes:
    return b"".join(map(_folded, lines))


def _folded(line: str) -> bytes:
    """Return the line with its CRLF, folded so that no part passes 75 octets or splits a character."""
    octets = line.encode()
    if len(octets) <= LINE_OCTETS:
        return octets + b"\r\n"
    parts = []
    start, room = 0, LINE_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004  a continuation byte of UTF-8
            end -= 1
        parts.append(octets[start:end])
        start, room = end, LINE_OCTETS - 1  # the space that begins a continued line counts too
    parts.append(octets[start:])
    return b"\r\n ".join(parts) + b"\r\n"
