"""Taking the time of a visit from everybody who gives it, and its room; and asking before whether they are free."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from booking.domain.joint_slots import taken_from
from booking.domain.slots import occupied_period
from booking.errors import Refused, refusal
from booking.models import Appointment
from scheduler.domain.visits import reserve_for_visit
from scheduler.models import Resource
from scheduler.period import Period


def reserve(appointment: Appointment) -> None:
    """Take the time of a visit from everybody who gives it, and its room. Raises Refused (`slot_taken`)."""
    occupied = occupied_period(service=appointment.service, mode=appointment.mode, period=appointment.period)
    givers = [appointment.specialist_id, *appointment.colleagues.values_list("pk", flat=True)]
    periods = dict.fromkeys(givers, occupied)
    if appointment.room_id is not None:
        periods[appointment.room_id] = appointment.period
    reserve_for_visit(visit_id=appointment.pk, periods=periods)


def require_free(resource_ids: Collection[uuid.UUID], period: Period, *, besides: uuid.UUID | None = None) -> None:
    """Refuse a time in which one of these people is in a meeting, at a visit, on leave or busy elsewhere.

    A visit `besides` counts as not being there. Raises Refused (`busy_then`) with the name of the first by name.
    """
    taken = taken_from(resource_ids, period, besides=besides)
    if taken:
        raise Refused(refusal("busy_then", person=Resource.objects.filter(pk__in=taken).order_by("name")[0].name))
