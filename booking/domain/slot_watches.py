"""“Tell me if an earlier one appears”: wishes for an earlier visit, made, changed and ended."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from booking.domain.appointment_rules import is_kept_from
from booking.domain.slots import Slot
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Appointment, Person, Service, SlotWatch
from booking.models.modes import Mode
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
    passing_over: Iterable[Slot] = (),
) -> SlotWatch:
    """Remember that a person wants a visit earlier than a moment; a new wish for the same service replaces the old one.

    Her place in the order is kept when she only changes the wish. `appointment` is the visit she would move; times
    `passing_over` did not suit her when she asked, and are not offered to her. Raises Refused: `watch_too_late` if the
    moment has passed, `several_sides` where others come to that visit too, `watch_at_home` for a visit at home of which
    nobody knows yet where, `visit_by_desk` to a guardian from whom such visits are hidden.
    """
    on = timezone.localdate(now, service.centre.timetable.tz)
    if is_kept_from(by, person=person, service=service, on=on):
        raise Refused(refusal("visit_by_desk"))
    if earlier_than <= now:
        raise Refused(refusal("watch_too_late"))
    if appointment is None and Mode.HOME in (mode, *(service.modes if len(service.modes) == 1 else ())):
        raise Refused(refusal("watch_at_home", phone=service.centre.phone))
    if appointment is not None and appointment.parties.exists():
        raise Refused(refusal("several_sides", phone=service.centre.phone))
    lock_person(person.pk)
    facts: dict[str, Any] = {
        "specialist": specialist,
        "mode": mode,
        "earlier_than": earlier_than,
        "appointment": appointment,
        "passed_over": [[str(slot.specialist_id), slot.starts_at.isoformat()] for slot in passing_over],
    }
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


def _end(watch_id: uuid.UUID, end: str, now: datetime) -> SlotWatch:
    watch = SlotWatch.objects.select_for_update(of=("self",)).get(pk=watch_id)
    if watch.ended_at is None:
        watch.ended_at, watch.end = now, end
        watch.save(update_fields=["ended_at", "end"])
    return watch
