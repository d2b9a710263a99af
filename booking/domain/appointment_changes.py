"""Moving, cancelling and handing over a visit, or offering another time; everyone concerned is told once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.appointment_offers import offer_on
from booking.domain.appointment_reservations import require_free, reserve
from booking.domain.appointment_rules import is_late
from booking.domain.appointment_telling import log_change, people_of, snapshot, tell_visit
from booking.domain.appointment_times import held_by, put_at, save_changed, take_time
from booking.domain.offer_times import OfferRules, answer_until
from booking.domain.slots import STAFF, Slot, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.locks import lock_appointment, lock_people
from booking.models import Account, Appointment, AppointmentChange, Policy
from scheduler.domain.visits import release_visit
from scheduler.locks import lock_resources
from scheduler.models import Resource

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
    if _is_there(appointment, wish):
        return appointment
    _require_coming(appointment, now)
    agreed = appointment.status != Status.OFFERED
    if agreed and not by_staff and is_late(appointment, now):
        raise Refused(refusal("late_to_move", phone=appointment.service.centre.phone))
    slot = _time_for(appointment, wish, now=now, by_staff=by_staff)
    was = snapshot(appointment)
    put_at(appointment, slot, now)
    reserve(appointment)
    log_change(appointment, Kind.MOVED, by=by, now=now, was=was, note=note)
    before = [uuid.UUID(was["specialist"])]
    tell_visit(appointment, kind="visit_moved", now=now, by=by, facts={"was": was, "note": note}, staff=before)
    offer_on(before[0], now=now)
    return appointment


@transaction.atomic
def offer_other_time(
    *, appointment_id: uuid.UUID, wish: Wish, by: Account | None, now: datetime, note: str = ""
) -> Appointment:
    """Hold another time for a visit that cannot take place when it was agreed, and ask whether it suits.

    The agreed time is given back at once. What is declined, or not answered in time, is cancelled. Offering the same
    time again changes nothing. Raises Refused (`visit_over`, `visit_cancelled`, `slot_taken`, `visit_clash`,
    `no_time_to_answer`); then nothing has changed.
    """
    appointment = _lock_with_people(appointment_id)
    if _is_there(appointment, wish):
        return appointment
    _require_coming(appointment, now)
    centre = appointment.service.centre
    on = timezone.localdate(now, centre.timetable.tz)
    until = answer_until(wish.starts_at, now=now, rules=OfferRules.of(Policy.objects.numbers(centre.pk, on)))
    if until is None:
        raise Refused(refusal("no_time_to_answer"))
    slot = _time_for(appointment, wish, now=now, by_staff=True)
    was = snapshot(appointment)
    appointment.status, appointment.expires_at = Status.OFFERED, until
    put_at(appointment, slot, now)
    reserve(appointment)
    log_change(appointment, Kind.OFFERED, by=by, now=now, was=was, note=note)
    before = [uuid.UUID(was["specialist"])]
    tell_visit(appointment, kind="visit_offered", now=now, by=by, facts={"was": was, "note": note}, staff=before)
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
    save_changed(appointment, now)
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
    lock_resources({specialist_id, *held_by(appointment)})
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
    save_changed(appointment, now)
    reserve(appointment)
    log_change(appointment, Kind.REASSIGNED, by=by, now=now, was=was, note=note)
    facts = {"was": was, "note": note}
    tell_visit(appointment, kind="visit_reassigned", now=now, by=by, facts=facts, staff=[before])
    offer_on(before, now=now)
    return appointment


def _is_there(appointment: Appointment, wish: Wish) -> bool:
    """Say whether a visit is already where it is wished."""
    asked = (wish.starts_at, wish.mode or appointment.mode, wish.specialist_id or appointment.specialist_id)
    return not appointment.is_cancelled and asked == (
        appointment.starts_at,
        appointment.mode,
        appointment.specialist_id,
    )


def _time_for(appointment: Appointment, wish: Wish, *, now: datetime, by_staff: bool) -> Slot:
    return take_time(
        appointment,
        starts_at=wish.starts_at,
        mode=wish.mode or appointment.mode,
        specialist_id=wish.specialist_id or appointment.specialist_id,
        now=now,
        by_staff=by_staff,
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
