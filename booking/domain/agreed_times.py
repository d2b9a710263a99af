"""Times agreed outside the hours for visits: what is taken already refuses them all the same, and says what it is."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from booking.domain.appointment_reservations import require_free
from booking.domain.slots import Slot, lengths_of, occupied_period
from booking.errors import Refused, refusal
from booking.models import Service
from booking.models.modes import Mode
from scheduler.models import Reservation, Resource
from scheduler.period import Period

FARTHEST = timedelta(days=732)


def agreed_slot(  # noqa: PLR0913  a time is agreed with these facts
    *,
    service: Service,
    specialist_id: uuid.UUID,
    starts_at: datetime,
    mode: str,
    room_id: uuid.UUID | None,
    now: datetime,
    besides: uuid.UUID | None = None,
) -> Slot:
    """Return a time that staff agreed with a specialist and the client, in a room of the centre or in none.

    The caller holds the locks of both. A visit `besides` counts as not being there, for moving it.
    Raises Refused: `visit_past`, `visit_too_far` (two years), `busy_then`, `room_taken_then`.
    """
    require_in_sight(starts_at, now)
    if starts_at <= now:
        raise Refused(refusal("visit_past"))
    period = Period(starts_at, starts_at + lengths_of(service, mode).visit)
    require_free([specialist_id], occupied_period(service=service, mode=mode, period=period), besides=besides)
    room = Resource.objects.filter(pk=room_id).first() if room_id and mode == Mode.OFFICE else None
    if room is not None:
        _require_room(room, specialist_id, period, besides)
    name = Resource.objects.get(pk=specialist_id).name
    return Slot(
        service.pk,
        specialist_id,
        name,
        period.start,
        period.end,
        mode,
        room.pk if room else None,
        room.name if room else None,
    )


def require_in_sight(starts_at: datetime, now: datetime) -> None:
    """Refuse a time of another age (`visit_too_far`): at the ends of the calendar no zone can be applied."""
    if abs(starts_at - now) > FARTHEST:
        raise Refused(refusal("visit_too_far"))


def _require_room(room: Resource, specialist_id: uuid.UUID, period: Period, besides: uuid.UUID | None) -> None:
    """Refuse a room that somebody else uses then; her own hours in it are no obstacle."""
    taken = Reservation.objects.filter(resource=room, starts_at__lt=period.end, ends_at__gt=period.start)
    taken = taken.exclude(kind=Reservation.Kind.DUTY, session__leader=specialist_id)
    if besides is not None:
        taken = taken.exclude(visit=besides)
    if taken.exists():
        raise Refused(refusal("room_taken_then", room=room.name))
