"""Why a visit may not be booked, and until when it is moved or cancelled in time."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from booking.domain.visit_consents import consent_refusal
from booking.errors import Refusal, refusal
from booking.messages.words import when
from booking.models import Appointment, Person, Policy, Service
from scheduler.period import Period

HOURS = 24


def refusal_for_visit(
    *,
    service: Service,
    person: Person,
    period: Period,
    now: datetime,
    by_staff: bool = False,
    besides: uuid.UUID | None = None,
) -> Refusal | None:
    """Return why this person may not have a visit then, or None. Whether the time is free is another question.

    A visit `besides` counts as not being there, for moving it. Staff may go beyond what holds for those who book
    online: the service is given only by the desk, or the person has her share of coming visits already.
    """
    zone = service.centre.timetable.tz
    own = Appointment.objects.of_person(person.pk).holding()
    if besides is not None:
        own = own.exclude(pk=besides)
    other = own.within(period).first()
    if other is not None:
        return refusal("visit_clash", person=person, when=when(other.starts_at, other.ends_at, zone))
    if besides is None:  # a booked visit is moved without asking for consent anew
        missing = consent_refusal(person=person, service=service, on=timezone.localdate(now, zone))
        if missing is not None:
            return missing
    if by_staff:
        return None
    if not service.online:
        return refusal("visit_by_desk")
    most = Policy.objects.numbers(service.centre_id, timezone.localdate(now, zone))[Policy.Key.VISITS_AHEAD]
    if own.coming(now).filter(service=service).count() >= most:
        return refusal("visits_ahead", person=person, count=most)
    return None


def change_deadline(appointment: Appointment) -> datetime:
    """Return until when a visit is moved or cancelled in time: an hour of the centre's clock some days before it.

    The numbers are the centre's policy of the day of the visit. `appointment.service.centre.timetable` is loaded.
    """
    centre = appointment.service.centre
    zone = centre.timetable.tz
    day = timezone.localdate(appointment.starts_at, zone)
    numbers = Policy.objects.numbers(centre.pk, day)
    days, hour = numbers[Policy.Key.VISIT_CHANGE_DAYS], numbers[Policy.Key.VISIT_CHANGE_HOUR]
    last = day - timedelta(days=days) + timedelta(days=hour // HOURS)
    return min(datetime.combine(last, time(hour % HOURS), zone), appointment.starts_at)


def is_late(appointment: Appointment, now: datetime) -> bool:
    """Say whether it is too late to move or cancel a visit in time."""
    return now > change_deadline(appointment)
