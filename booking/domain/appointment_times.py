"""Putting a visit that is changed at another time: the time is locked and asked for once more, then written."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from booking.domain.agreed_times import agreed_slot, require_in_sight
from booking.domain.appointment_reservations import require_free
from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.appointment_telling import people_of
from booking.domain.slots import STAFF, Slot, asker_for, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.models import Account, Appointment, AppointmentParty, SlotWatch
from scheduler.locks import lock_resources
from scheduler.models import Reservation
from scheduler.period import Period


@dataclass(frozen=True, slots=True)
class Agreed:
    """That a time was agreed outside the hours for visits, and in which room: None for no room."""

    room_id: uuid.UUID | None = None


def take_time(  # noqa: PLR0913  a time is named by these facts
    appointment: Appointment,
    *,
    starts_at: datetime,
    mode: str,
    specialist_id: uuid.UUID,
    now: datetime,
    by: Account | None,
    by_staff: bool,
    agreed: Agreed | None = None,
) -> Slot:
    """Lock whom and what a visit would take at another time, and return that time; one `agreed` may lie in no hours.

    Raises Refused (`slot_taken`, `busy_then`, `visit_clash`). Staff need no notice, and quotas do not bind them.
    """
    require_in_sight(starts_at, now)
    room = {agreed.room_id} if agreed and agreed.room_id else set()
    lock_resources({specialist_id, *held_by(appointment), *room})
    if agreed is None:
        slot = _free_slot(appointment, starts_at, mode, specialist_id, now=now, by_staff=by_staff)
    else:
        slot = agreed_slot(
            service=appointment.service,
            specialist_id=specialist_id,
            starts_at=starts_at,
            mode=mode,
            room_id=agreed.room_id,
            now=now,
            besides=appointment.pk,
        )
        appointment.outside_hours = True
    _require_colleagues(appointment, slot, by_staff=by_staff)
    _refuse_clash(appointment, Period(slot.starts_at, slot.ends_at), now, by=by, by_staff=by_staff)
    return slot


def put_at(appointment: Appointment, slot: Slot, now: datetime) -> None:
    """Write the new time into a visit; who comes at an hour of her own comes as much later or earlier.

    Who waits for an earlier time waits for one earlier than the new one.
    """
    moved_by = slot.starts_at - appointment.starts_at
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.mode, appointment.room_id = slot.mode, slot.room_id
    appointment.specialist_id = slot.specialist_id
    appointment.reminded_at = None
    save_changed(appointment, now)
    appointment.colleagues.remove(appointment.specialist)
    SlotWatch.objects.filter(appointment=appointment, ended_at=None).update(earlier_than=slot.starts_at)
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
    appointment.outside_hours = False
    return slot


def _require_colleagues(appointment: Appointment, slot: Slot, *, by_staff: bool) -> None:
    """Refuse a time at which somebody who joins is away; only staff are told who."""
    period = Period(slot.starts_at, slot.ends_at)
    occupied = occupied_period(service=appointment.service, mode=slot.mode, period=period)
    try:
        require_free(list(appointment.colleagues.values_list("pk", flat=True)), occupied, besides=appointment.pk)
    except Refused as away:
        raise away if by_staff else Refused(refusal("slot_taken")) from away


def _refuse_clash(
    appointment: Appointment, period: Period, now: datetime, *, by: Account | None, by_staff: bool
) -> None:
    for person in people_of(appointment):
        reason = refusal_for_visit(
            service=appointment.service,
            person=person,
            period=period,
            now=now,
            by=by,
            by_staff=by_staff,
            besides=appointment.pk,
        )
        if reason is not None:
            raise Refused(reason)


def save_changed(appointment: Appointment, now: datetime) -> None:
    """Store a changed visit as its next revision."""
    appointment.sequence += 1
    appointment.changed_at = now
    appointment.save()
