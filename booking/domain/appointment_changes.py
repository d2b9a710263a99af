"""Moving, cancelling and handing over a visit; everyone concerned is told once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from booking.domain.appointment_offers import offer_on
from booking.domain.appointment_reservations import require_free, reserve
from booking.domain.appointment_rules import is_late, refusal_for_visit
from booking.domain.appointment_telling import log_change, people_of, snapshot, tell_visit
from booking.domain.slots import STAFF, Slot, asker_for, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.locks import lock_appointment, lock_people
from booking.models import Account, Appointment, AppointmentChange, AppointmentParty
from scheduler.domain.visits import release_visit
from scheduler.locks import lock_resources
from scheduler.models import Reservation, Resource
from scheduler.period import Period

Status = Appointment.Status
Kind = AppointmentChange.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """When a visit is to take place instead; None leaves as it is how it takes place or who gives it."""

    starts_at: datetime
    mode: str | None = None
    specialist_id: uuid.UUID | None = None


@transaction.atomic
def move_appointment(
    *, appointment_id: uuid.UUID, wish: Wish, by: Account | None, now: datetime, by_staff: bool = False, note: str = ""
) -> Appointment:
    """Move a visit to a free time and tell everyone concerned; moving it to where it is changes nothing.

    The old time is free again only when the new one is taken. Raises Refused: `visit_over`, `visit_cancelled`,
    `late_to_move` (staff may still move it), `slot_taken`, `visit_clash`; then nothing has changed.
    """
    appointment = _lock_with_people(appointment_id)
    mode = wish.mode or appointment.mode
    specialist_id = wish.specialist_id or appointment.specialist_id
    same = (wish.starts_at, mode, specialist_id)
    if same == (appointment.starts_at, appointment.mode, appointment.specialist_id) and not appointment.is_cancelled:
        return appointment
    _require_coming(appointment, now)
    if not by_staff and is_late(appointment, now):
        raise Refused(refusal("late_to_move", phone=appointment.service.centre.phone))
    lock_resources({specialist_id, *_held_by(appointment)})
    slot = _free_slot(appointment, wish.starts_at, mode, specialist_id, now=now, by_staff=by_staff)
    _refuse_clash(appointment, Period(slot.starts_at, slot.ends_at), now)
    was = snapshot(appointment)
    _put(appointment, slot, now)
    reserve(appointment)
    log_change(appointment, Kind.MOVED, by=by, now=now, was=was, note=note)
    before = [uuid.UUID(was["specialist"])]
    tell_visit(appointment, kind="visit_moved", now=now, by=by, facts={"was": was, "note": note}, staff=before)
    offer_on(before[0], now=now)
    return appointment


@transaction.atomic
def cancel_appointment(
    *, appointment_id: uuid.UUID, by: Account | None, now: datetime, by_staff: bool = False, note: str = ""
) -> Appointment:
    """Cancel a visit, free its time and tell everyone concerned; cancelling again changes nothing.

    A client who cancels after the deadline of the centre's policy cancels late: it counts, but the time is free for
    somebody else. What the centre cancels is never late. Raises Refused (`visit_over`).
    """
    appointment = _lock_with_people(appointment_id)
    if appointment.is_cancelled:
        return appointment
    _require_coming(appointment, now)
    was = snapshot(appointment)
    was_offered = appointment.status == Status.OFFERED
    late = not by_staff and not was_offered and is_late(appointment, now)
    appointment.status = Status.CANCELLED_LATE if late else Status.CANCELLED
    _save(appointment, now)
    release_visit(visit_id=appointment.pk)
    log_change(appointment, Kind.CANCELLED, by=by, now=now, was=was, note=note)
    if not was_offered:
        tell_visit(appointment, kind="visit_cancelled", now=now, by=by, facts={"note": note})
    offer_on(appointment.specialist_id, now=now)
    return appointment


@transaction.atomic
def reassign_appointment(
    *, appointment_id: uuid.UUID, specialist_id: uuid.UUID, by: Account, now: datetime, note: str = ""
) -> Appointment:
    """Let another specialist give a visit at the same hour; the client, the old and the new one are told.

    In her hours for visits it takes place in her room; otherwise it is agreed outside the hours, in the room that the
    visit has. Raises Refused: `visit_over`, `visit_cancelled`, `busy_then`, `slot_taken`.
    """
    appointment = _lock_with_people(appointment_id)
    if appointment.specialist_id == specialist_id:
        return appointment
    _require_coming(appointment, now)
    lock_resources({specialist_id, *_held_by(appointment)})
    was = snapshot(appointment)
    slot = slot_at(
        service=appointment.service,
        specialist_id=specialist_id,
        starts_at=appointment.starts_at,
        mode=appointment.mode,
        now=now,
        asker=STAFF,
        besides=appointment.pk,
    )
    if slot is None:
        occupied = occupied_period(service=appointment.service, mode=appointment.mode, period=appointment.period)
        require_free([specialist_id], occupied)
    else:
        appointment.room_id = slot.room_id
    before = appointment.specialist_id
    appointment.outside_hours = slot is None
    appointment.specialist = Resource.objects.get(pk=specialist_id)
    _save(appointment, now)
    reserve(appointment)
    log_change(appointment, Kind.REASSIGNED, by=by, now=now, was=was, note=note)
    facts = {"was": was, "note": note}
    tell_visit(appointment, kind="visit_reassigned", now=now, by=by, facts=facts, staff=[before])
    offer_on(before, now=now)
    return appointment


def _put(appointment: Appointment, slot: Slot, now: datetime) -> None:
    """Write the new time into a visit; who comes at an hour of her own comes as much later or earlier."""
    moved_by = slot.starts_at - appointment.starts_at
    appointment.starts_at, appointment.ends_at = slot.starts_at, slot.ends_at
    appointment.mode, appointment.room_id = slot.mode, slot.room_id
    appointment.specialist_id = slot.specialist_id
    appointment.outside_hours = False
    appointment.reminded_at = None
    _save(appointment, now)
    AppointmentParty.objects.filter(appointment=appointment, arrives_at__isnull=False).update(
        arrives_at=F("arrives_at") + moved_by
    )


def _lock_with_people(appointment_id: uuid.UUID) -> Appointment:
    """Lock everybody a visit is for, then the visit. Raises Appointment.DoesNotExist."""
    found = Appointment.objects.get(pk=appointment_id)
    lock_people(person.pk for person in people_of(found))
    return lock_appointment(appointment_id)


def _require_coming(appointment: Appointment, now: datetime) -> None:
    if appointment.is_cancelled:
        raise Refused(refusal("visit_cancelled"))
    if appointment.status not in {Status.BOOKED, Status.REQUESTED, Status.OFFERED} or appointment.starts_at <= now:
        raise Refused(refusal("visit_over"))


def _held_by(appointment: Appointment) -> set[uuid.UUID]:
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


def _save(appointment: Appointment, now: datetime) -> None:
    appointment.sequence += 1
    appointment.changed_at = now
    appointment.save()
