"""Two calendar programs' readers, written by other people than our writer: icalendar and vobject."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import icalendar
import vobject


def events_in(calendar: bytes) -> list[Any]:
    """Return the entries as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(calendar).events)


def starts_in_two_readers(calendar: bytes) -> tuple[list[datetime], list[datetime]]:
    """Return when the entries start, as each of the two readers understands it."""
    by_icalendar = [event.start for event in events_in(calendar)]
    return by_icalendar, [event.dtstart.value for event in vobject.readOne(calendar.decode()).vevent_list]
