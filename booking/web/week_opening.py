"""Which week a page opens on: the one asked for, else this one, or the coming one once nothing of this is to come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from booking.web.week_links import SATURDAY, WEEKS, monday_of, read_week
from scheduler.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.models.session import SessionQuerySet

WEEK = timedelta(days=7)


def opening_week(query: Mapping[str, str], *, sessions: SessionQuerySet, now: datetime, zone: ZoneInfo) -> date:
    """Return the Monday of the week to show of these sessions: the one that `query` asks for, or the present one.

    On Saturday and Sunday, when none of the sessions is still to come, the next week is shown unasked: who looks then
    wants to know what comes. One query more on these days only. Raises UnknownWeek as `read_week` does.
    """
    today = now.astimezone(zone).date()
    monday = read_week(query, today=today)
    asked = any(query.get(name, "").strip() for name in WEEKS)
    if asked or today.weekday() < SATURDAY:
        return monday
    rest = Period(now, Period.of_week(monday_of(today), zone).end)
    return monday if sessions.standing().within(rest).exists() else monday + WEEK
