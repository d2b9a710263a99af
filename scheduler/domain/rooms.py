"""Making a room a part of a larger one, so that what is already booked in the hall holds the part too."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.clashes import Need
from scheduler.domain.reservations import plan_reservations, write_reservations
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources
from scheduler.models import Reservation, Resource
from scheduler.period import Period


@transaction.atomic
def put_inside(*, part_id: uuid.UUID, whole_id: uuid.UUID | None, now: datetime) -> Resource:
    """Make a room a part of another, or with None of none; coming bookings of the whole take the part along.

    Raises Refused (`clash`) if the part is taken while the whole is, ValidationError for a room that cannot be the
    whole, Resource.DoesNotExist; then nothing has changed.
    """
    locked = lock_resources({part_id, *([whole_id] if whole_id else [])})
    part = locked[part_id]
    _let_go(part, now)
    part.part_of = locked[whole_id] if whole_id else None
    part.clean()
    part.save(update_fields=["part_of"])
    if whole_id is None:
        return part
    coming = Reservation.objects.filter(resource=whole_id, starts_at__gt=now, session__isnull=False)
    needs = [
        Need(part.pk, Period(start, end), session_id, kind=kind)
        for start, end, session_id, kind in coming.values_list("starts_at", "ends_at", "session_id", "kind")
    ]
    allotment = plan_reservations(needs)
    if allotment.clashes:
        sentence = _("%(part)s is taken at times when %(whole)s is. Settle these dates first.")
        raise Refused(Refusal("clash", sentence, {"part": part.name, "whole": locked[whole_id].name}))
    write_reservations(allotment)
    return part


def _let_go(part: Resource, now: datetime) -> None:
    """Give back what the part holds only because of the whole it leaves."""
    if part.part_of_id is None:
        return
    sessions = Reservation.objects.filter(resource=part.part_of_id, starts_at__gt=now).values("session_id")
    Reservation.objects.filter(resource=part, session__in=sessions).exclude(session__room=part).delete()
