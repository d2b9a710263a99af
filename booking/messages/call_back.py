"""The SMS with which the desk asks for a call, after nobody answered the phone."""

from __future__ import annotations

from datetime import datetime

from booking.messages.words import letter
from booking.models import Centre
from notifications.kinds import BySms, Text, composes
from notifications.models import Message


@composes("call_back", sms=BySms.INSTEAD)
def tell_call_back(message: Message, now: datetime) -> Text:  # noqa: ARG001  every composer is called so
    """Ask to call the centre; what about is not said."""
    centre = Centre.objects.select_related("timetable").get(pk=message.facts["centre"])
    return letter("call_back", {}, centre=centre, zone=centre.timetable.tz)
