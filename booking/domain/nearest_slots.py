"""What to take instead of a time for a visit that could not be had."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from booking.domain.appointment_booking import VisitFacts
from booking.domain.joint_slots import joint_slots
from booking.domain.slots import ANYONE, Asker, Slot, free_slots
from booking.models.appointment import AppointmentQuerySet
from scheduler.availability import BusyTime
from scheduler.period import Period

NEAREST = 5


def nearest_slots(
    *,
    facts: VisitFacts,
    now: datetime,
    asker: Asker = ANYONE,
    own: AppointmentQuerySet | None = None,
    besides: uuid.UUID | None = None,
) -> list[Slot]:
    """Return the next free times after a wished one, at most five, at none of which the person has another visit.

    `own` are her visits that the asker may know of: a time left out for any other would tell of it. A visit `besides`
    counts as not being there, for moving it.
    """
    start = max(facts.starts_at, now)
    found = free_slots(
        service=facts.service,
        period=Period(start, start + timedelta(days=facts.service.horizon_days + 1)),
        now=now,
        specialist_id=facts.specialist_id,
        mode=facts.mode,
        asker=asker,
        besides=besides,
    )
    found = joint_slots(found, service=facts.service, colleagues=facts.colleagues, besides=besides)
    if own is not None:
        others = own.coming(now).values_list("pk", "starts_at", "ends_at")
        taken = BusyTime((starts_at, ends_at) for key, starts_at, ends_at in others if key != besides)
        found = [slot for slot in found if taken.is_free(slot.starts_at, slot.ends_at)]
    return found[:NEAREST]
