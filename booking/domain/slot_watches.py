"""“Tell me if an earlier one appears”: wishes for an earlier visit, and whose turn it is when a time becomes free."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from booking.domain.appointment_rules import is_kept_from
from booking.domain.slots import Slot, asker_for, slot_at
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Appointment, Person, Service, SlotWatch
from scheduler.models import Resource


@transaction.atomic
def watch_slots(  # noqa: PLR0913  a wish is made of these facts
    *,
    service: Service,
    person: Person,
    earlier_than: datetime,
    by: Account,
    now: datetime,
    specialist: Resource | None = None,
    mode: str = "",
    appointment: Appointment | None = None,
) -> SlotWatch:
    """Remember that a person wants a visit earlier than a moment; a new wish for the same service replaces the old one.

    Her place in the order is kept when she only changes the wish. `appointment` is the visit she would move. Raises
    Refused: `watch_too_late` if the moment has passed, `several_sides` where others come to that visit too,
    `visit_by_desk` to a guardian from whom such visits are hidden.
    """
    on = timezone.localdate(now, service.centre.timetable.tz)
    if is_kept_from(by, person=person, service=service, on=on):
        raise Refused(refusal("visit_by_desk"))
    if earlier_than <= now:
        raise Refused(refusal("watch_too_late"))
    if appointment is not None and appointment.parties.exists():
        raise Refused(refusal("several_sides", phone=service.centre.phone))
    lock_person(person.pk)
    facts = {"specialist": specialist, "mode": mode, "earlier_than": earlier_than, "appointment": appointment}
    watch, _made = SlotWatch.objects.update_or_create(
        service=service,
        person=person,
        ended_at=None,
        defaults=facts,
        create_defaults=facts | {"created_by": by, "created_at": now},
    )
    return watch


@transaction.atomic
def stop_watching(*, watch_id: uuid.UUID, now: datetime) -> SlotWatch:
    """Take a wish back; a second call changes nothing. Raises SlotWatch.DoesNotExist."""
    return _end(watch_id, SlotWatch.End.TAKEN_BACK, now)


def stop_watching_for(appointment: Appointment, *, now: datetime) -> None:
    """Take back the wish for an earlier time of a visit that its client gives up; in the caller's transaction."""
    watches = SlotWatch.objects.filter(appointment=appointment, ended_at__isnull=True)
    watches.update(ended_at=now, end=SlotWatch.End.TAKEN_BACK)


@transaction.atomic
def fulfil_watch(*, watch_id: uuid.UUID, now: datetime) -> SlotWatch:
    """End a wish because an earlier visit was booked; a second call changes nothing. Raises SlotWatch.DoesNotExist."""
    return _end(watch_id, SlotWatch.End.FULFILLED, now)


def next_watch(*, slot: Slot, now: datetime, passing_over: Collection[uuid.UUID] = ()) -> SlotWatch | None:
    """Return the first in order who wants a time that has become free and may have it, or None.

    Left out are wishes in `passing_over` (who were asked about this time before), people who have a visit or another
    appointment at that time, and those whom a quota of the hours leaves out. Reads only: whoever calls this holds the
    locks of the specialist and decides.
    """
    watches = (
        SlotWatch.objects.open_at(now)
        .filter(
            Q(specialist__isnull=True) | Q(specialist=slot.specialist_id),
            Q(mode="") | Q(mode=slot.mode),
            service=slot.service_id,
            earlier_than__gt=slot.starts_at,
        )
        .exclude(pk__in=passing_over)
    )
    for watch in watches.in_order().select_related("service__centre__timetable", "person", "appointment"):
        if _suits(watch, slot, now):
            return watch
    return None


def _suits(watch: SlotWatch, slot: Slot, now: datetime) -> bool:
    own = Appointment.objects.of_person(watch.person_id).holding()
    if watch.appointment_id:
        own = own.exclude(pk=watch.appointment_id)
    if own.filter(starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at).exists():
        return False
    found = slot_at(
        service=watch.service,
        specialist_id=slot.specialist_id,
        starts_at=slot.starts_at,
        mode=slot.mode,
        now=now,
        asker=asker_for(person_id=watch.person_id),
        besides=watch.appointment_id,
    )
    return found is not None


def _end(watch_id: uuid.UUID, end: str, now: datetime) -> SlotWatch:
    watch = SlotWatch.objects.select_for_update(of=("self",)).get(pk=watch_id)
    if watch.ended_at is None:
        watch.ended_at, watch.end = now, end
        watch.save(update_fields=["ended_at", "end"])
    return watch
