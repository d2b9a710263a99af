"""Who hears that hours for visits changed: the specialist, unless she did it herself."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from booking.domain.recipients import recipient
from booking.models import Account, Person
from notifications.outbox import enqueue
from scheduler.models import Resource


def tell_hours(  # noqa: PLR0913  what happened is made of these facts
    specialist: Resource, *, window_id: uuid.UUID, what: str, from_day: date, waiting: int, by: Account, now: datetime
) -> None:
    """Queue the letter; `what` is opened, changed or closed, `waiting` how many booked visits fit no hours by it."""
    people = Person.objects.filter(staff_memberships__resource=specialist).order_by("pk")
    enqueue(
        recipients=[recipient(person) for person in people if person.pk != by.person_id],
        kind="hours_changed",
        facts={
            "specialist": str(specialist.pk),
            "what": what,
            "from_day": from_day.isoformat(),
            "waiting": waiting,
            "by": str(by.person_id or ""),
        },
        cause=f"hours:{window_id}:{what}:{now.isoformat()}",
        now=now,
    )
