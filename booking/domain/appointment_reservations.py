"""Taking the time of a visit from everybody who gives it, and its room; and what nobody reserved but is known."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from booking.domain.slots import occupied_period
from booking.errors import Refused, refusal
from booking.models import Appointment, TimeOff
from scheduler.domain.visits import reserve_for_visit
from scheduler.models import BusyPeriod, Resource
from scheduler.period import Period


def reserve(appointment: Appointment) -> None:
    """Take the time of a visit from everybody who gives it, and its room. Raises Refused (`slot_taken`)."""
    occupied = occupied_period(service=appointment.service, mode=appointment.mode, period=appointment.period)
    givers = [appointment.specialist_id, *appointment.colleagues.values_list("pk", flat=True)]
    periods = dict.fromkeys(givers, occupied)
    if appointment.room_id is not None:
        periods[appointment.room_id] = appointment.period
    reserve_for_visit(visit_id=appointment.pk, periods=periods)


def require_free(resource_ids: Collection[uuid.UUID], period: Period) -> None:
    """Refuse what nobody reserved but is known all the same: leave, and times taken elsewhere.

    Raises Refused (`busy_then`) with the name of the first who is away.
    """
    away = {
        *TimeOff.objects.standing()
        .of_resources(resource_ids)
        .within(period)
        .values_list("member__resource", flat=True),
        *BusyPeriod.objects.within(period).filter(resource__in=resource_ids).values_list("resource", flat=True),
    }
    if away:
        raise Refused(refusal("busy_then", person=Resource.objects.filter(pk__in=away).order_by("name")[0].name))
