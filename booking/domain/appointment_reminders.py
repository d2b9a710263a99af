"""Recalling a visit some days before it, once, and at an hour when people are awake."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from booking.domain.appointment_telling import tell_visit
from booking.domain.offer_times import OfferRules, is_quiet
from booking.locks import lock_appointment
from booking.models import Appointment, Centre, Policy

JUST_BOOKED = timedelta(hours=24)


def remind_of_visits(*, now: datetime) -> int:
    """Queue the reminder of every visit that is due for one; return how many. Safe to repeat and to run many times.

    Who booked within the last day remembers it, and gets none.
    """
    return sum(_remind_in(centre, now) for centre in Centre.objects.select_related("timetable"))


def _remind_in(centre: Centre, now: datetime) -> int:
    zone = centre.timetable.tz
    numbers = Policy.objects.numbers(centre.pk, timezone.localdate(now, zone))
    if is_quiet(now, OfferRules.of(numbers), zone):
        return 0
    days = timedelta(days=numbers[Policy.Key.VISIT_REMINDER_DAYS])
    due = Appointment.objects.filter(
        service__centre=centre,
        status=Appointment.Status.BOOKED,
        reminded_at__isnull=True,
        starts_at__gt=now,
        starts_at__lte=now + days,
    )
    return sum(_remind(appointment_id, now) for appointment_id in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _remind(appointment_id: uuid.UUID, now: datetime) -> int:
    appointment = lock_appointment(appointment_id)
    if appointment.status != Appointment.Status.BOOKED or appointment.reminded_at is not None:
        return 0
    told_at = appointment.changes.aggregate(last=Max("at"))["last"] or appointment.created_at
    Appointment.objects.filter(pk=appointment_id).update(reminded_at=now)
    if now - told_at < JUST_BOOKED:
        return 0
    tell_visit(appointment, kind="visit_reminder", now=now, to_staff=False)
    return 1
