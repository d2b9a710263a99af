"""Putting a visit that is changed at another time: the time is locked and asked for once more, then written."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import F

from booking.domain.appointment_reservations import require_free
from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.appointment_telling import people_of
from booking.domain.slots import STAFF, Slot, asker_for, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.models import Appointment, AppointmentParty
from scheduler.locks import lock_resources
from scheduler.models import Reservation
from scheduler.period import Period


def take_time(
    appointment: Appointment,
    *,
    starts_at: datetime,
    mode: str,
    specialist_id: uuid.UUID,
    now: datetime,
    by_staff: bool,
) -> Slot:
    """Lock whom and what a visit would take at another time, and return that time.

    Raises Refused (`slot_taken`, `busy_then`, `visit_clash`). Staff need no notice, and quotas do not bind them.
    """
    lock_resources({specialist_id, *held_by(appointment)})
    slot = _free_slot(appointment, starts_at, mode, specialist_id, now=now, by_staff=by_staff)
    _refuse_clash(appointment, Period(slot.starts_at, slot.ends_at), now)
    return slot


def put_at(appointment: Appointment, slot: Slot, now: datetime) -> None:
    """Write the new time into a visit; who comes at an hour of her own comes as much later or earlier."""
    moved_by = slot.starts_at - appointment.starts_at
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.mode, appointment.room_id = slot.mode, slot.room_id
    appointment.specialist_id = slot.specialist_id
    appointment.outside_hours = False
    appointment.reminded_at = None
    save_changed(appointment, now)
    AppointmentParty.objects.filter(appointment=appointment, arrives_at__isnull=False).update(
        arrives_at=F("arrives_at") + moved_by
    )


def held_by(appointment: Appointment) -> set[uuid.UUID]:
    """Return whom and what a visit takes."""
    held = Reservation.objects.filter(visit=appointment.pk).values_list("resource_id", flat=True)
    return {appointment.specialist_id, *held}


def _free_slot(
    appointment: Appointment,
    starts_at: datetime,
    mode: str,
    specialist_id: uuid.UUID,
    *,
    now: datetime,
    by_staff: bool,
) -> Slot:
    asker = STAFF
    if not by_staff and appointment.person_id is not None:
        asker = asker_for(person_id=appointment.person_id, is_urgent=appointment.is_urgent)
    slot = slot_at(
        service=appointment.service,
        specialist_id=specialist_id,
        starts_at=starts_at,
        mode=mode,
        now=now,
        asker=asker,
        besides=appointment.pk,
    )
    if slot is None:
        raise Refused(refusal("slot_taken"))
    occupied = occupied_period(service=appointment.service, mode=mode, period=Period(slot.starts_at, slot.ends_at))
    require_free(list(appointment.colleagues.values_list("pk", flat=True)), occupied)
    return slot


def _refuse_clash(appointment: Appointment, period: Period, now: datetime) -> None:
    for person in people_of(appointment):
        reason = refusal_for_visit(
            service=appointment.service, person=person, period=period, now=now, by_staff=True, besides=appointment.pk
        )
        if reason is not None:
            raise Refused(reason)


def save_changed(appointment: Appointment, now: datetime) -> None:
    """Store a changed visit as its next revision."""
    appointment.sequence += 1
    appointment.changed_at = now
    appointment.save()
