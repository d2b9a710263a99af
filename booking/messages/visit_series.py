"""The letter about visits that were booked together: one for all the dates, with one calendar file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from booking.messages.appointments import RELATED, client_facts, entry_of, facts_of
from booking.messages.words import letter
from booking.models import Appointment
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message


@composes("visits_booked", sms=BySms.INSTEAD)
def tell_series(message: Message, now: datetime) -> Text:
    """Confirm a series of visits; dates that were changed since have letters of their own."""
    found = Appointment.objects.filter(pk__in=message.facts["visits"], sequence=0, starts_at__gt=now)
    visits = list(found.select_related(*RELATED).prefetch_related("parties", "colleagues").order_by("starts_at", "pk"))
    visits = [visit for visit in visits if visit.status == Appointment.Status.BOOKED]
    if not visits:
        raise NothingToTellError("every visit was changed or had begun before the letter was sent")
    centre = visits[0].service.centre
    zone = centre.timetable.tz
    each = [_one(visit, message, now) for visit in visits]
    entries = [
        entry_of(visit, starts_at=facts.get("comes_at"), names=facts.get("names", ()))
        for visit, facts in zip(visits, each, strict=True)
    ]
    facts = {**each[0], "dates": [one["when"] for one in each], "count": len(each)}
    return letter("visits_booked", facts, centre=centre, entries=entries, zone=zone)


def _one(visit: Appointment, message: Message, now: datetime) -> dict[str, Any]:
    facts = facts_of(visit, message, now)
    return facts if facts["is_staff"] else facts | client_facts(visit, message, now)
