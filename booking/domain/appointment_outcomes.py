"""What became of a visit, and the hours that count towards reports. What was talked about is written nowhere here."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from booking.domain.appointment_telling import log_change, snapshot
from booking.errors import Refused, refusal
from booking.locks import lock_appointment
from booking.models import Account, Appointment, AppointmentChange, Centre
from scheduler.period import Period

Status = Appointment.Status
OUTCOMES = (Status.HELD, Status.NO_SHOW, Status.EXCUSED)
MINUTES_OF_A_DAY = 24 * 60


class Hours(NamedTuple):
    """What one specialist did of one service in a time: visits by what became of them, and minutes that took place."""

    specialist_id: uuid.UUID
    specialist: str
    service_id: uuid.UUID
    service: str
    held: int
    no_show: int
    excused: int
    cancelled_late: int
    minutes: int


@transaction.atomic
def record_outcome(
    *, appointment_id: uuid.UUID, outcome: str, by: Account, now: datetime, minutes: int | None = None
) -> Appointment:
    """Note what became of a visit that has begun; noting the same again changes nothing, another outcome corrects it.

    `minutes` is how long it took, if not as long as planned. Nobody is told.
    Raises Refused: `unknown_outcome`, `visit_not_begun`, `visit_cancelled`, `minutes_wrong`.
    """
    appointment = lock_appointment(appointment_id)
    if outcome not in OUTCOMES:
        raise Refused(refusal("unknown_outcome"))
    if appointment.is_cancelled:
        raise Refused(refusal("visit_cancelled"))
    if appointment.starts_at > now:
        raise Refused(refusal("visit_not_begun"))
    took = minutes if outcome == Status.HELD else None
    if took is not None and not 0 < took <= MINUTES_OF_A_DAY:
        raise Refused(refusal("minutes_wrong"))
    if (appointment.status, appointment.minutes) == (outcome, took):
        return appointment
    was = {**snapshot(appointment), "minutes": appointment.minutes}
    appointment.status, appointment.minutes, appointment.changed_at = outcome, took, now
    appointment.save(update_fields=["status", "minutes", "changed_at"])
    log_change(appointment, AppointmentChange.Kind.OUTCOME, by=by, now=now, was=was)
    return appointment


def hours_given(*, centre: Centre, first: date, last: date) -> list[Hours]:
    """Return the visits and minutes of each specialist and service on these days, both included; no names of clients.

    A visit without minutes of its own counts as long as it was planned.
    """
    period = Period.of_days(first, last, centre.timetable.tz)
    found = Appointment.objects.filter(
        service__centre=centre, starts_at__gte=period.start, starts_at__lt=period.end
    ).order_by("specialist__name", "service__name", "specialist", "service")
    planned = F("ends_at") - F("starts_at")
    rows = found.values_list("specialist", "specialist__name", "service", "service__name").annotate(
        held=Count("pk", filter=Q(status=Status.HELD)),
        no_show=Count("pk", filter=Q(status=Status.NO_SHOW)),
        excused=Count("pk", filter=Q(status=Status.EXCUSED)),
        late=Count("pk", filter=Q(status=Status.CANCELLED_LATE)),
        said=Coalesce(Sum("minutes", filter=Q(status=Status.HELD)), 0),
        planned=Sum(planned, filter=Q(status=Status.HELD, minutes__isnull=True)),
    )
    return [
        Hours._make([*facts, said + (int(planned.total_seconds()) // 60 if planned else 0)])
        for *facts, said, planned in rows
        if any(facts[4:])
    ]
