"""Earlier times: offered to those who wait for one, in order, and held for a while."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from booking.domain.appointment_reservations import reserve
from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.appointment_telling import log_change, tell_visit
from booking.domain.joint_slots import joint_slots
from booking.domain.offer_times import OfferRules, deadline
from booking.domain.slots import Asker, Slot, asker_for, free_slots, slot_at
from booking.locks import lock_person
from booking.models import Appointment, AppointmentChange, Policy, SlotWatch
from booking.models.modes import Mode
from scheduler.locks import lock_resources
from scheduler.models import Resource
from scheduler.period import Period

Status = Appointment.Status
RELATED = ("service__centre__timetable", "person", "appointment")


def offer_earlier_times(*, now: datetime, freed_of: uuid.UUID | None = None) -> int:
    """Offer every free time that somebody waits for to the first in order; return how many were offered.

    `freed_of` looks only at the times of one specialist. A time may have become free in any way: cancelled, moved, new
    hours, leave that was taken back. Each offer is a transaction of its own; who has an open offer for the service is
    not made another one. Safe to repeat and to run many times over.
    """
    watches = SlotWatch.objects.open_at(now).in_order().select_related(*RELATED)
    if freed_of is not None:
        hers = Q(specialist=freed_of) | Q(specialist__isnull=True, service__series__leader=freed_of)
        watches = watches.filter(pk__in=SlotWatch.objects.filter(hers).values("pk"))
    return sum(_offer_to(watch, now) for watch in watches)


def offer_on(specialist_id: uuid.UUID, *, now: datetime) -> None:
    """Offer what becomes free of a specialist, as soon as the transaction that frees it has ended."""
    transaction.on_commit(lambda: offer_earlier_times(now=now, freed_of=specialist_id))


def _offer_to(watch: SlotWatch, now: datetime) -> int:
    asker = asker_for(person_id=watch.person_id)
    if _has_offer(watch):
        return 0
    seen = _seen_by(watch)
    for slot in _wished(watch, asker, now):
        if (slot.specialist_id, slot.starts_at) not in seen and _hold(watch, slot, asker, now):
            return 1
    return 0


def _has_offer(watch: SlotWatch) -> bool:
    return watch.service.appointments.filter(person=watch.person_id, status=Status.OFFERED).exists()


def _wished(watch: SlotWatch, asker: Asker, now: datetime) -> list[Slot]:
    if watch.earlier_than <= now:
        return []
    found = free_slots(
        service=watch.service,
        period=Period(now, watch.earlier_than),
        now=now,
        specialist_id=watch.specialist_id,
        mode=watch.mode,
        asker=asker,
        besides=watch.appointment_id,
    )
    if not _home_of(watch):  # nobody knows where to go
        found = [slot for slot in found if slot.mode != Mode.HOME]
    return joint_slots(found, service=watch.service, colleagues=_colleagues_of(watch), besides=watch.appointment_id)


def _home_of(watch: SlotWatch) -> str:
    return watch.appointment.address if watch.appointment else ""


def _colleagues_of(watch: SlotWatch) -> list[uuid.UUID]:
    """Return who gives the visit that she has together with the specialist: they come to an earlier one too."""
    return list(watch.appointment.colleagues.values_list("pk", flat=True)) if watch.appointment else []


def _seen_by(watch: SlotWatch) -> set[tuple[uuid.UUID, datetime]]:
    """Return the times that did not suit her, that she gave back or did not answer for: they are not offered again."""
    given_back = watch.service.appointments.filter(
        Q(status=Status.CANCELLED) | Q(status=Status.CANCELLED_LATE), person=watch.person_id
    )
    return watch.unwanted | set(given_back.values_list("specialist_id", "starts_at"))


def stands_in(appointment: Appointment) -> bool:
    """Say whether a time that is held stands in for one that was agreed and cannot be kept; one query."""
    return appointment.changes.filter(kind=AppointmentChange.Kind.OFFERED).exclude(was={}).exists()


def was_only_held(appointment: Appointment) -> bool:
    """Say whether a visit was never more than an earlier time, held and given back; one query."""
    return appointment.is_cancelled and not Appointment.objects.filter(pk=appointment.pk).ever_agreed().exists()


@transaction.atomic
def _hold(watch: SlotWatch, slot: Slot, asker: Asker, now: datetime) -> bool:
    """Hold a time for somebody, if it is still free, she is, and there is time to answer; say whether it is held."""
    until = _answer_until(watch, slot, now)
    if until is None:
        return False
    person, colleagues = lock_person(watch.person_id), _colleagues_of(watch)
    lock_resources({slot.specialist_id, *colleagues, *([slot.room_id] if slot.room_id else [])})
    found = slot_at(
        service=watch.service,
        specialist_id=slot.specialist_id,
        starts_at=slot.starts_at,
        mode=slot.mode,
        now=now,
        asker=asker,
    )
    period = Period(slot.starts_at, slot.ends_at)
    reason = refusal_for_visit(
        service=watch.service, person=person, period=period, now=now, by_staff=True, besides=watch.appointment_id
    )
    still = SlotWatch.objects.open_at(now).filter(pk=watch.pk).exists()
    if found is None or found.room_id != slot.room_id or reason is not None or not still or _has_offer(watch):
        return False
    if not joint_slots([found], service=watch.service, colleagues=colleagues):
        return False
    appointment = Appointment.objects.create(
        service=watch.service,
        specialist_id=slot.specialist_id,
        person=person,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        mode=slot.mode,
        room_id=slot.room_id,
        address=_home_of(watch) if slot.mode == Mode.HOME else "",
        series_key=watch.appointment.series_key if watch.appointment else None,
        status=Status.OFFERED,
        expires_at=until,
        is_first=asker.known_to is not None and slot.specialist_id not in asker.known_to,
        created_at=now,
        changed_at=now,
    )
    appointment.colleagues.set(Resource.objects.filter(pk__in=colleagues))
    reserve(appointment)
    log_change(appointment, AppointmentChange.Kind.OFFERED, by=None, now=now)
    tell_visit(appointment, kind="visit_offered", now=now)
    return True


def _answer_until(watch: SlotWatch, slot: Slot, now: datetime) -> datetime | None:
    """Return until when she may answer, by the rules of offered places, but never longer than visits are held."""
    centre = watch.service.centre
    zone = centre.timetable.tz
    numbers = Policy.objects.numbers(centre.pk, timezone.localdate(now, zone))
    rules = OfferRules.of(numbers)
    until = deadline(now=now, first=slot.starts_at, last=slot.starts_at, rules=rules, zone=zone)
    longest = now + timedelta(hours=numbers[Policy.Key.VISIT_OFFER_HOURS])
    return None if until is None else min(until, longest)
