"""Queueing what is told about a visit: to each side on its own, and to those who give it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.domain.recipients import recipient
from booking.domain.visit_readers import readers_of_visit
from booking.models import Account, Appointment, AppointmentChange, Person
from notifications.models import Message
from notifications.outbox import Recipient, enqueue_each

CLIENT, SPECIALIST = "client", "specialist"


def log_change(
    appointment: Appointment,
    kind: AppointmentChange.Kind,
    *,
    by: Account | None,
    now: datetime,
    was: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Write down who changed a visit, when, and how it was before."""
    AppointmentChange.objects.create(appointment=appointment, kind=kind, by=by, at=now, was=was or {}, note=note)


def snapshot(appointment: Appointment) -> dict[str, str]:
    """Return when, how and by whom a visit is given, for the log and for letters that say how it was before."""
    return {
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
        "mode": appointment.mode,
        "status": appointment.status,
        "specialist": str(appointment.specialist_id),
        "room": str(appointment.room_id or ""),
    }


def people_of(appointment: Appointment) -> list[Person]:
    """Return everybody the visit is for: the one it was booked for first, then further parties."""
    first = [appointment.person] if appointment.person else []
    return [*first, *Person.objects.filter(appointments_as_party__appointment=appointment).order_by("pk")]


def tell_visit(  # noqa: PLR0913  a message is made of these facts
    appointment: Appointment,
    *,
    kind: str,
    now: datetime,
    by: Account | None = None,
    facts: dict[str, Any] | None = None,
    staff: Iterable[uuid.UUID] = (),
    to_staff: bool = True,
) -> None:
    """Queue one message to everyone who hears of a visit, once a revision of it.

    Each side is told on its own: a message names one person (`person`), so that nobody learns of the other parties.
    Those who give it are told too, and further `staff` (ids of resources), but not who did it herself.
    """
    common = {"visit": str(appointment.pk), "sequence": appointment.sequence, **(facts or {})}
    cause = f"{kind}:{appointment.pk}:{appointment.sequence}"
    _tell(appointment, common, kind=kind, cause=cause, now=now, by=by, staff=staff, to_staff=to_staff)


def tell_series(visits: Sequence[Appointment], *, now: datetime, by: Account | None) -> None:
    """Queue one message about visits of one person that were booked together, to everyone who hears of them."""
    if len(visits) == 1:
        tell_visit(visits[0], kind="visit_booked", now=now, by=by)
    elif visits:
        common = {"visits": [str(visit.pk) for visit in visits]}
        cause = f"visits_booked:{visits[0].pk}"
        _tell(visits[0], common, kind="visits_booked", cause=cause, now=now, by=by)


def _tell(  # noqa: PLR0913  as above
    appointment: Appointment,
    common: dict[str, Any],
    *,
    kind: str,
    cause: str,
    now: datetime,
    by: Account | None,
    staff: Iterable[uuid.UUID] = (),
    to_staff: bool = True,
) -> None:
    told: dict[Recipient, dict[str, Any]] = {}
    on = timezone.localdate(now, appointment.service.centre.timetable.tz)
    for person_id, recipients in readers_of_visit(appointment, on=on).items():
        for each in recipients:
            # Who did it herself needs no SMS beside her letter.
            knows = by is not None and each.id == by.person_id and each.channel == Message.Channel.EMAIL
            reader = replace(each, sms="") if knows else each
            told.setdefault(reader, {**common, "side": CLIENT, "people": []})["people"].append(str(person_id))
    enqueue_each(told, kind=kind, cause=cause, now=now)
    if not to_staff:
        return
    givers = [appointment.specialist_id, *appointment.colleagues.values_list("pk", flat=True), *staff]
    givers_told = {
        replace(recipient(person), sms=""): {**common, "side": SPECIALIST}  # an SMS is for who has to come
        for person in Person.objects.filter(staff_memberships__resource__in=givers).distinct()
        if by is None or person.pk != by.person_id
    }
    enqueue_each(givers_told, kind=kind, cause=f"{cause}:staff", now=now)
