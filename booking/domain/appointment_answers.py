"""Answers to a time that is held: taken, declined, or none in time."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_offers import offer_on, stands_in
from booking.domain.appointment_telling import log_change, snapshot, tell_visit
from booking.domain.referral_visits import answer_referrals
from booking.domain.slot_watches import fulfil_watch
from booking.errors import Refused, refusal
from booking.locks import lock_appointment, lock_person
from booking.models import Account, Appointment, AppointmentChange, SlotWatch
from scheduler.domain.visits import release_visit

Status = Appointment.Status


@transaction.atomic
def accept_appointment(*, appointment_id: uuid.UUID, by: Account | None, now: datetime) -> Appointment:
    """Take an offered time. An earlier one fulfils the wish for it, and the visit booked before is given back.

    Accepting again changes nothing. Raises Refused (`offer_over`), and Appointment.DoesNotExist.
    """
    person_id = Appointment.objects.values_list("person", flat=True).get(pk=appointment_id)
    if person_id is not None:
        lock_person(person_id)
    appointment = lock_appointment(appointment_id)
    if appointment.status == Status.BOOKED:
        return appointment
    if appointment.status != Status.OFFERED or appointment.expires_at is None or appointment.expires_at <= now:
        raise Refused(refusal("offer_over"))
    was = snapshot(appointment)
    appointment.status, appointment.expires_at = Status.BOOKED, None
    appointment.sequence += 1
    appointment.changed_at = now
    appointment.save()
    log_change(appointment, AppointmentChange.Kind.ACCEPTED, by=by, now=now, was=was)
    watch = SlotWatch.objects.filter(service=appointment.service, person=person_id, ended_at=None).first()
    if watch is not None and not stands_in(appointment):
        fulfil_watch(watch_id=watch.pk, now=now)
        if watch.appointment_id is not None:
            cancel_appointment(appointment_id=watch.appointment_id, by=by, now=now, replaced=True)
    answer_referrals(service_id=appointment.service_id, person_ids=[person_id])
    tell_visit(appointment, kind="visit_booked", now=now, by=by)
    return appointment


@transaction.atomic
def accept_at_another_time(
    *, appointment_id: uuid.UUID, starts_at: datetime, by: Account | None, now: datetime, by_staff: bool = False
) -> Appointment:
    """Take another free time than the one that is held; everyone concerned is told once.

    Raises Refused (`offer_over`, `slot_taken`, `visit_clash`), and Appointment.DoesNotExist; then nothing has changed.
    """
    move_appointment(appointment_id=appointment_id, wish=Wish(starts_at), by=by, now=now, by_staff=by_staff)
    return accept_appointment(appointment_id=appointment_id, by=by, now=now)


@transaction.atomic
def decline_appointment(*, appointment_id: uuid.UUID, by: Account | None, now: datetime) -> Appointment:
    """Give an offered time back; declining again changes nothing.

    Who waits for an earlier one goes on waiting; what stood in for an agreed visit is cancelled.

    Raises Refused (`offer_over`) for one that was accepted, and Appointment.DoesNotExist.
    """
    appointment = lock_appointment(appointment_id)
    if appointment.status == Status.OFFERED:
        _give_back(appointment, by=by, now=now)
    elif not appointment.is_cancelled:
        raise Refused(refusal("offer_over"))
    return appointment


def expire_overdue_appointments(*, now: datetime) -> int:
    """Give back every offered time that nobody answered in time; return how many."""
    overdue = Appointment.objects.filter(status=Status.OFFERED, expires_at__lte=now).order_by("expires_at", "pk")
    return sum(_expire(appointment_id, now) for appointment_id in list(overdue.values_list("pk", flat=True)))


@transaction.atomic
def _expire(appointment_id: uuid.UUID, now: datetime) -> int:
    appointment = lock_appointment(appointment_id)
    if appointment.status != Status.OFFERED or appointment.expires_at is None or appointment.expires_at > now:
        return 0
    _give_back(appointment, by=None, now=now)
    return 1


def _give_back(appointment: Appointment, *, by: Account | None, now: datetime) -> None:
    was = snapshot(appointment)
    appointment.status, appointment.expires_at = Status.CANCELLED, None
    appointment.sequence += 1
    appointment.changed_at = now
    appointment.save()
    release_visit(visit_id=appointment.pk)
    log_change(appointment, AppointmentChange.Kind.CANCELLED, by=by, now=now, was=was)
    if stands_in(appointment):  # calendars show it, and there is no other visit
        tell_visit(appointment, kind="visit_cancelled", now=now, by=by)
    offer_on(appointment.specialist_id, now=now)
