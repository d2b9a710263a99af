"""A visit and its free times in words, as every page that shows them needs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from booking.domain.slots import Slot
from booking.messages.service_words import place_of_visit, service_title, specialist_title
from booking.models import Account, Appointment, Centre, Person, StaffMember
from booking.models.modes import Mode


@dataclass(frozen=True, slots=True)
class VisitWords:
    """One visit for a reader who may know of it; `person` is whom of those who come it is shown to or for.

    The hour is the one at which this side comes. The address of a visit at home is shown only with `at_home`: to who
    lives there or gave it (`knows_home`), who goes there, and who plans it.
    """

    appointment: Appointment
    person: Person | None
    at_home: bool = False
    discreet: bool = False

    @property
    def starts_at(self) -> datetime:
        """When this side comes."""
        return self.appointment.comes_at(self.person.pk) if self.person else self.appointment.starts_at

    @property
    def title(self) -> str:
        """What the visit is to; a discreet page says no more than the message that led to it."""
        service = self.appointment.service
        return service_title(service) if self.discreet else service.name

    @property
    def specialist(self) -> str:
        """Who gives it; a discreet page names her only where the message does."""
        return specialist_title(self.appointment) if self.discreet else self.appointment.specialist.name

    @property
    def where(self) -> str:
        """Where it takes place, in a few words; empty when the way of meeting says it."""
        if self.appointment.mode == Mode.HOME:
            return self.appointment.address if self.at_home else ""
        if self.discreet:
            return place_of_visit(self.appointment)
        room = self.appointment.room
        if self.appointment.mode != Mode.OFFICE or room is None:
            return ""
        return f"{room.name}, {room.place}" if room.place else room.name


def knows_home(visit: Appointment, reader_id: uuid.UUID | None) -> bool:
    """Whether one of the family is shown where a visit at home is: she has it herself, or gave the address.

    Another guardian of a child may live elsewhere, and must not learn it from us.
    """
    booked_by = visit.booked_by.person_id if visit.booked_by else None
    return reader_id is not None and reader_id in (visit.person_id, booked_by)


def plans_home(visit: Appointment, account: Account, on: date) -> bool:
    """Whether one of the staff is shown where a visit at home is: who goes there, entered it, or manages the centre."""
    managed = Centre.objects.planned_by(account, on).filter(services=visit.service_id)
    if visit.booked_by_id == account.pk or managed.exists():
        return True
    own = StaffMember.objects.diaries_of(account, on).values_list("resource_id", flat=True)
    return Appointment.objects.given_by(*own).filter(pk=visit.pk).exists()


@dataclass(frozen=True, slots=True)
class DayOfSlots:
    """The free times of one day."""

    day: date
    slots: list[Slot]


def days_of(slots: Iterable[Slot]) -> list[DayOfSlots]:
    """Gather free times by the day of the active time zone, in order."""
    in_order = sorted(slots, key=lambda slot: slot.starts_at)
    by_day = groupby(in_order, key=lambda slot: timezone.localtime(slot.starts_at).date())
    return [DayOfSlots(day, list(found)) for day, found in by_day]
