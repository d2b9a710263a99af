"""Free times at which several specialists can be there together."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from booking.domain.slots import Slot, occupied_period
from booking.models import Service, TimeOff
from scheduler.availability import BusyTime
from scheduler.models import BusyPeriod, Reservation
from scheduler.period import Period

Taken = dict[uuid.UUID, list[tuple[datetime, datetime]]]


def joint_slots(
    slots: Iterable[Slot],
    *,
    service: Service,
    colleagues: Collection[uuid.UUID],
    besides: uuid.UUID | None = None,
) -> list[Slot]:
    """Return those of `slots` at which all these colleagues of the specialist are free too; in three queries.

    Colleagues need no hours for visits then: what keeps them away is a meeting, a visit, leave or being busy elsewhere.
    A visit `besides` counts as not being there, for moving it.
    """
    found = list(slots)
    if not found or not colleagues:
        return found
    periods = [
        occupied_period(service=service, mode=slot.mode, period=Period(slot.starts_at, slot.ends_at)) for slot in found
    ]
    span = Period(min(each.start for each in periods), max(each.end for each in periods))
    busy = [BusyTime(rows) for rows in taken_from(colleagues, span, besides=besides).values()]
    return [
        slot
        for slot, period in zip(found, periods, strict=True)
        if slot.specialist_id not in colleagues and all(each.is_free(period.start, period.end) for each in busy)
    ]


def taken_from(resources: Collection[uuid.UUID], span: Period, *, besides: uuid.UUID | None = None) -> Taken:
    """Return when these people are taken in `span`: meetings, visits, leave, busy elsewhere; hours of duty are not."""
    taken: Taken = defaultdict(list)
    held = Reservation.objects.filter(resource__in=resources, starts_at__lt=span.end, ends_at__gt=span.start)
    held = held.exclude(kind=Reservation.Kind.DUTY)
    held = held if besides is None else held.exclude(visit=besides)
    leave = TimeOff.objects.standing().of_resources(resources).within(span)
    elsewhere = BusyPeriod.objects.within(span).filter(resource__in=resources)
    for rows in (
        held.values_list("resource_id", "starts_at", "ends_at"),
        leave.values_list("member__resource_id", "starts_at", "ends_at"),
        elsewhere.values_list("resource_id", "starts_at", "ends_at"),
    ):
        for resource_id, starts_at, ends_at in rows:
            taken[resource_id].append((starts_at, ends_at))
    return taken
