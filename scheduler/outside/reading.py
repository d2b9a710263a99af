"""Reading a calendar from outside without running its risks: in a program that is killed when it takes too much."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.outside.refusing import CalendarRefusedError
from scheduler.period import Period

PROGRAM = Path(__file__).with_name("parsing.py")


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How much is borne: entries in the file, their dates in the window, seconds of the processor and of the clock."""

    most_events: int = 10_000
    most_dates: int = 10_000
    cpu_seconds: int = 20
    seconds: float = 60.0
    most_bytes: int = 512 * 1024 * 1024


LIMITS = ReadLimits()


def read_busy_periods(content: bytes, *, window: Period, zone: ZoneInfo, limits: ReadLimits = LIMITS) -> list[Period]:
    """Return the merged times within the window that a calendar says are taken, in order.

    Hours without a zone, and whole days, are those of `zone`; what is free, transparent or called off takes no time.
    Raises CalendarRefusedError with the reason.
    """
    numbers = (
        int(window.start.timestamp()),
        int(window.end.timestamp()),
        limits.most_events,
        limits.most_dates,
        limits.cpu_seconds,
        limits.most_bytes,
    )
    command = [sys.executable, "-I", str(PROGRAM), zone.key, *map(str, numbers)]
    try:
        ended = subprocess.run(  # noqa: S603  our own program; what is hostile comes as bytes on its standard input
            command, input=content, capture_output=True, timeout=limits.seconds, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as late:
        raise CalendarRefusedError("calendar_too_heavy") from late
    if ended.returncode:
        raise CalendarRefusedError("calendar_too_heavy" if _was_stopped(ended) else "calendar_not_a_calendar")
    answer = json.loads(ended.stdout)
    if "refused" in answer:
        raise CalendarRefusedError(str(answer["refused"]))
    return [_period(int(start), int(end)) for start, end in answer["busy"]]


def _was_stopped(ended: subprocess.CompletedProcess[bytes]) -> bool:
    """Whether a limit ended it: the kernel's signal, or no more memory."""
    return ended.returncode < 0 or b"MemoryError" in ended.stderr


def _period(start: int, end: int) -> Period:
    return Period(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
