"""Booked visits that no hours cover any more: they stay until somebody moves, cancels or keeps them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from booking.models import Appointment
from scheduler.models import Series, Session


def visits_outside_hours(*, specialists: Collection[uuid.UUID], now: datetime) -> list[Appointment]:
    """Return the coming visits of these specialists that lie in no standing hours of theirs, in order; one query.

    A visit that was agreed outside the hours is none of them.
    """
    hours = Session.objects.standing().filter(
        series__kind=Series.Kind.DUTY,
        leader=OuterRef("specialist"),
        starts_at__lte=OuterRef("starts_at"),
        ends_at__gte=OuterRef("ends_at"),
    )
    visits = Appointment.objects.coming(now).filter(~Exists(hours), specialist__in=specialists, outside_hours=False)
    return list(visits.select_related("service", "specialist", "person", "room").order_by("starts_at", "pk"))


@transaction.atomic
def keep_outside_hours(*, visit_id: uuid.UUID, now: datetime) -> Appointment:
    """Settle a visit by leaving it where it is, outside the hours; a second call changes nothing.

    Nothing changes for the client, so nobody is told. Raises Appointment.DoesNotExist.
    """
    visit = Appointment.objects.select_for_update(of=("self",)).coming(now).get(pk=visit_id)
    if not visit.outside_hours:
        visit.outside_hours = True
        visit.save(update_fields=["outside_hours"])
    return visit
