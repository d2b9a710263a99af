"""Moving and cancelling a visit, or offering another time for it; everyone concerned is told once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.appointment_offers import offer_on, stands_in
from booking.domain.appointment_reservations import reserve
from booking.domain.appointment_rules import is_late
from booking.domain.appointment_telling import log_change, people_of, snapshot, tell_visit
from booking.domain.appointment_times import Agreed, put_at, save_changed, take_time
from booking.domain.offer_times import OfferRules, answer_until
from booking.domain.referral_visits import answer_referrals
from booking.domain.slot_watches import stop_watching_for
from booking.domain.slots import Slot
from booking.errors import Refused, refusal
from booking.locks import lock_appointment, lock_people
from booking.models import Account, Appointment, AppointmentChange, Policy
from booking.models.modes import Mode
from scheduler.domain.visits import release_visit

Status = Appointment.Status
Kind = AppointmentChange.Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """When a visit is to take place instead; None leaves as it is how it takes place or who gives it.

    `outside_hours` is for staff who agreed on a time in no hours for visits: `reason` says why and stays in the log,
    `room_id` is where, None for no room.
    """

    starts_at: datetime
    mode: str | None = None
    specialist_id: uuid.UUID | None = None
    outside_hours: bool = False
    room_id: uuid.UUID | None = None
    reason: str = ""


@transaction.atomic
def move_appointment(
    *, appointment_id: uuid.UUID, wish: Wish, by: Account | None, now: datetime, by_staff: bool = False, note: str = ""
) -> Appointment:
    """Move a visit to a free time and tell everyone concerned; moving it to where it is changes nothing.

    The old time is free again only when the new one is taken. Where several come, one of them does not move it for the
    others: the centre does. Only staff may wish for a time outside the hours. Raises Refused: `visit_over`,
    `visit_cancelled`, `late_to_move` and `several_sides` (staff may still move it), `slot_taken`, `visit_clash`,
    `address_missing_for_visit`, and for a time outside the hours what `agreed_slot` raises; then nothing has changed.
    """
    appointment = lock_with_people(appointment_id)
    if _is_there(appointment, wish):
        return appointment
    require_coming(appointment, now)
    if not by_staff:
        _require_online(appointment, now)
    slot = _time_for(appointment, wish, by=by, now=now, by_staff=by_staff)
    was = snapshot(appointment)
    put_at(appointment, slot, now)
    reserve(appointment)
    log_change(appointment, Kind.MOVED, by=by, now=now, was=was, note=wish.reason or note)
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
    appointment = lock_with_people(appointment_id)
    if _is_there(appointment, wish):
        return appointment
    require_coming(appointment, now)
    centre = appointment.service.centre
    on = timezone.localdate(now, centre.timetable.tz)
    until = answer_until(wish.starts_at, now=now, rules=OfferRules.of(Policy.objects.numbers(centre.pk, on)))
    if until is None:
        raise Refused(refusal("no_time_to_answer"))
    slot = _time_for(appointment, wish, by=by, now=now, by_staff=True)
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
    *,
    appointment_id: uuid.UUID,
    by: Account | None,
    now: datetime,
    by_staff: bool = False,
    replaced: bool = False,
    note: str = "",
) -> Appointment:
    """Cancel a visit, free its time and tell everyone concerned; cancelling again changes nothing.

    A client who cancels after the deadline of the centre's policy cancels late: it counts, but the time is free for
    somebody else. What the centre cancels is never late, nor what was `replaced` by an earlier time that was offered.
    Who cancels does not wait for an earlier time of it any more. Raises Refused (`visit_over`).
    """
    appointment = lock_with_people(appointment_id)
    if appointment.is_cancelled:
        return appointment
    require_coming(appointment, now)
    was = snapshot(appointment)
    was_offered = appointment.status == Status.OFFERED
    late = not (by_staff or replaced or was_offered) and is_late(appointment, now)
    appointment.status = Status.CANCELLED_LATE if late else Status.CANCELLED
    save_changed(appointment, now)
    release_visit(visit_id=appointment.pk)
    log_change(appointment, Kind.CANCELLED, by=by, now=now, was=was, note=note)
    answer_referrals(service_id=appointment.service_id, person_ids=[each.pk for each in people_of(appointment)])
    if not by_staff:
        stop_watching_for(appointment, now=now)
    if not was_offered:
        facts = {"note": note, "by_centre": by_staff, "replaced": replaced}
        tell_visit(appointment, kind="visit_cancelled", now=now, by=by, facts=facts)
    offer_on(appointment.specialist_id, now=now)
    return appointment


def _is_there(appointment: Appointment, wish: Wish) -> bool:
    """Say whether a visit is already where it is wished."""
    asked = (wish.starts_at, wish.mode or appointment.mode, wish.specialist_id or appointment.specialist_id)
    return not appointment.is_cancelled and asked == (
        appointment.starts_at,
        appointment.mode,
        appointment.specialist_id,
    )


def _require_online(appointment: Appointment, now: datetime) -> None:
    """Refuse what only staff move: what is agreed with several people, and what is too near."""
    phone = appointment.service.centre.phone
    if appointment.parties.exists():
        raise Refused(refusal("several_sides", phone=phone))
    if appointment.status == Status.OFFERED and not stands_in(appointment):
        raise Refused(refusal("visit_held"))
    if appointment.status != Status.OFFERED and is_late(appointment, now):
        raise Refused(refusal("late_to_move", phone=phone))


def _time_for(appointment: Appointment, wish: Wish, *, by: Account | None, now: datetime, by_staff: bool) -> Slot:
    mode = wish.mode or appointment.mode
    if mode == Mode.HOME and not appointment.address:
        raise Refused(refusal("address_missing_for_visit"))
    if wish.outside_hours and not wish.reason.strip():
        raise Refused(refusal("reason_outside_hours"))
    return take_time(
        appointment,
        starts_at=wish.starts_at,
        mode=mode,
        specialist_id=wish.specialist_id or appointment.specialist_id,
        now=now,
        by=by,
        by_staff=by_staff,
        agreed=Agreed(wish.room_id) if wish.outside_hours and by_staff else None,
    )


def lock_with_people(appointment_id: uuid.UUID) -> Appointment:
    """Lock everybody a visit is for, then the visit. Raises Appointment.DoesNotExist."""
    found = Appointment.objects.get(pk=appointment_id)
    lock_people(person.pk for person in people_of(found))
    return lock_appointment(appointment_id)


def require_coming(appointment: Appointment, now: datetime) -> None:
    """Refuse to change what was cancelled or has begun. Raises Refused (`visit_cancelled`, `visit_over`)."""
    if appointment.is_cancelled:
        raise Refused(refusal("visit_cancelled"))
    if appointment.status not in {Status.BOOKED, Status.REQUESTED, Status.OFFERED} or appointment.starts_at <= now:
        raise Refused(refusal("visit_over"))
