"""Why a visit may not be booked, and until when it is moved or cancelled in time."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from booking.domain.visit_consents import consent_refusal
from booking.errors import Refusal, refusal
from booking.messages.words import when
from booking.models import Account, Appointment, CareDecision, Person, Policy, Service
from booking.models.appointment import AppointmentQuerySet
from booking.models.visit_deadline import change_deadline
from scheduler.period import Period

__all__ = ["change_deadline", "is_kept_from", "is_late", "refusal_for_visit"]


def refusal_for_visit(  # noqa: PLR0913  a question is made of these facts
    *,
    service: Service,
    person: Person,
    period: Period,
    now: datetime,
    by: Account | None = None,
    by_staff: bool = False,
    besides: uuid.UUID | None = None,
) -> Refusal | None:
    """Return why this person may not have a visit then, or None. Whether the time is free is another question.

    A visit `besides` counts as not being there, for moving it. Staff may go beyond what holds for those who book
    online: the service is given only by the desk, or the person has her share of coming visits already. Another visit
    is named only to who may see it (`by`), and to nobody online where visits are hidden from a guardian: to all others
    the time is simply taken.
    """
    on = timezone.localdate(now, service.centre.timetable.tz)
    own = Appointment.objects.of_person(person.pk).holding()
    own = own if besides is None else own.exclude(pk=besides)
    other = own.within(period).prefetch_related("parties").first()
    if other is not None:
        return _clash(person, other, service.centre.timetable.tz, on, by=by, by_staff=by_staff)
    if besides is not None:  # a booked visit is moved without asking for consent anew, and makes no further one
        return None
    missing = consent_refusal(person=person, service=service, on=on)
    return missing or (None if by_staff else _online_refusal(person, own, service, now, on))


def _clash(
    person: Person, other: Appointment, zone: ZoneInfo, on: date, *, by: Account | None, by_staff: bool
) -> Refusal:
    seen = by is not None and Appointment.objects.visible_to(by, on).filter(pk=other.pk).exists()
    if not seen or (not by_staff and _is_hidden(person, other.service_id, on)):
        return refusal("slot_taken")
    return refusal("visit_clash", person=person, when=when(other.comes_at(person.pk), other.ends_at, zone))


def _online_refusal(
    person: Person, own: AppointmentQuerySet, service: Service, now: datetime, on: date
) -> Refusal | None:
    most = Policy.objects.numbers(service.centre_id, on)[Policy.Key.VISITS_AHEAD]
    full = own.coming(now).filter(service=service).count() >= most
    if not service.online or (full and _is_hidden(person, service.pk, on)):
        return refusal("visit_by_desk")
    return refusal("visits_ahead", person=person, count=most) if full else None


def is_kept_from(by: Account | None, *, person: Person, service: Service, on: date) -> bool:
    """Say whether visits of this person to a service are hidden from who asks: she neither books them nor waits."""
    if by is None or by.person_id == person.pk:
        return False
    decisions = CareDecision.objects.in_force(on).about(service.pk).filter(person=person)
    return decisions.hiding_from(by.person_id).exists()


def _is_hidden(person: Person, service_id: uuid.UUID, on: date) -> bool:
    """Whether a decision hides visits to this service, or a single one of them, from some guardian."""
    decisions = CareDecision.objects.in_force(on).touching(service_id)
    return decisions.filter(person=person, kind=CareDecision.Kind.HIDDEN).exists()


def is_late(appointment: Appointment, now: datetime) -> bool:
    """Say whether it is too late to move or cancel a visit in time."""
    return now > change_deadline(appointment)
