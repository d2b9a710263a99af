"""What a service may be called in anything that leaves the system: letters, calendars, papers, names of files.

Of a sensitive service nothing is said that tells what it is: neither its name, nor who gives it, nor the room.
"""

from __future__ import annotations

from django.utils.translation import pgettext

from booking.messages.sessions import joined
from booking.models import Appointment, Service
from booking.models.activity import Sensitivity
from booking.models.modes import Mode
from scheduler.models import Resource


def is_sensitive(service: Service) -> bool:
    """Whether nothing may tell what it is."""
    return service.sensitivity == Sensitivity.SENSITIVE


def neutral_title() -> str:
    """Return what every sensitive service is called, in the active language."""
    return pgettext("neutral name of a service", "Visit")


def service_title(service: Service) -> str:
    """Return what a visit to this service is called, in the active language."""
    return neutral_title() if is_sensitive(service) else service.name


def specialist_title(visit: Appointment) -> str:
    """Return who gives a visit, or nothing: her name would tell what it is about."""
    return "" if is_sensitive(visit.service) else visit.specialist.name


def place_of_visit(visit: Appointment) -> str:
    """Return where a visit takes place; of a sensitive one only the address, for a room's name tells its use.

    A visit at home has no address here: only who goes there and who plans it see it.
    """
    if visit.mode != Mode.OFFICE:
        return ""
    room: Resource | None = visit.room
    place = room.place if room else None
    address = joined(place.address, place.village) if place else ""
    address = address or visit.service.centre.address
    if room is None or is_sensitive(visit.service):
        return address
    return joined(room.name, place.name if place else "", address)
