"""Until when a visit is moved or cancelled in time."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from booking.models.appointment import Appointment
from booking.models.policy import Policy

HOURS = 24


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
