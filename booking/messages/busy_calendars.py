"""The letter about a calendar elsewhere that has gone stale: its owner alone reads it."""

from __future__ import annotations

from datetime import datetime

from booking.errors import refusal
from booking.messages.words import letter, until
from booking.models import BusyCalendar
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message


@composes("calendar_stale")
def tell_calendar_stale(message: Message, now: datetime) -> Text:
    """Say since when a calendar could not be read, and why; nothing once it was read again or turned off.

    Its name and address stay in the pages: they may tell more than a letter should.
    """
    known = BusyCalendar.objects.select_related("resource__timetable", "resource__staff_member__centre")
    calendar = known.filter(pk=message.facts["calendar"], resource__staff_member__person=message.recipient_id).first()
    if calendar is None or not calendar.is_stale(now):
        raise NothingToTellError("the calendar is read again, or turned off")
    zone = calendar.resource.timetable.tz
    facts = {
        "since": until(calendar.fresh_at, zone),
        "reason": str(refusal(calendar.refused)),
    }
    return letter("calendar_stale", facts, centre=calendar.resource.staff_member.centre, zone=zone)
