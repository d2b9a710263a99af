"""The letter about hours for visits that somebody else opened, changed or closed: the specialist reads it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format

from booking.messages.words import letter
from booking.models import Person, StaffMember
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message


@composes("hours_changed")
def tell_hours_changed(message: Message, now: datetime) -> Text:  # noqa: ARG001  composers are asked alike
    """Say who changed the hours, from when they count, and how many booked visits wait for a decision.

    What is given in them stays in the pages: a letter names no service.
    """
    members = StaffMember.objects.filter(resource=message.facts["specialist"], person=message.recipient_id)
    member = members.select_related("centre__timetable").first()
    if member is None:
        raise NothingToTellError("her hours are somebody else's now")
    by = Person.objects.filter(pk=message.facts["by"]).first()
    facts = {
        "what": message.facts["what"],
        "by": str(by) if by else member.centre.name,
        "from_day": date_format(date.fromisoformat(message.facts["from_day"]), "l j E Y"),
        "count": message.facts["waiting"],
    }
    return letter("hours_changed", facts, centre=member.centre, zone=member.centre.timetable.tz)
