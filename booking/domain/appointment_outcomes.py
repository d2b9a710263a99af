"""What became of a visit. What was talked about is written nowhere here."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from booking.domain.appointment_telling import log_change, snapshot
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_appointment
from booking.models import Account, Appointment, AppointmentChange
from booking.models.appointment import ATTENDED, COMING, AppointmentQuerySet
from scheduler.models import Resource

Status = Appointment.Status
OUTCOMES = (Status.HELD, Status.INTERRUPTED, Status.NO_SHOW, Status.EXCUSED, Status.CANCELLED_LATE)
MINUTES_OF_A_DAY = 24 * 60


@transaction.atomic
def record_outcome(
    *, appointment_id: uuid.UUID, outcome: str, by: Account, now: datetime, minutes: int | None = None
) -> Appointment:
    """Note what became of a visit that has begun; noting the same again changes nothing, another outcome corrects it.

    `minutes` is how long it took, if not as long as planned; one that was broken off needs them. That somebody called
    too late to give the time to anybody else is noted, too; a visit that was cancelled before stays so. Nobody is told.
    Raises Refused: `unknown_outcome`, `visit_not_begun`, `visit_cancelled`, `minutes_wrong`, `broken_off_after`.
    """
    appointment = lock_appointment(appointment_id)
    took = minutes if outcome in ATTENDED else None
    reason = _refusal(appointment, outcome, took, now)
    if reason is not None:
        raise Refused(reason)
    if (appointment.status, appointment.minutes) == (outcome, took):
        return appointment
    was = {**snapshot(appointment), "minutes": appointment.minutes}
    was_cancelled = appointment.is_cancelled
    appointment.status, appointment.minutes, appointment.changed_at = outcome, took, now
    appointment.sequence += was_cancelled != appointment.is_cancelled  # calendars read it as a change of the entry
    appointment.save(update_fields=["status", "minutes", "sequence", "changed_at"])
    log_change(appointment, AppointmentChange.Kind.OUTCOME, by=by, now=now, was=was)
    return appointment


def outcomes_for(visit: Appointment, *, now: datetime) -> tuple[str, ...]:
    """Return what may be noted of a visit now: nothing of one to come, or of one that was cancelled in advance."""
    if visit.starts_at > now or _was_cancelled(visit):
        return ()
    return ATTENDED if visit.source == Appointment.Source.AFTERWARDS else OUTCOMES


def visits_without_outcome(specialist: Resource, *, now: datetime) -> AppointmentQuerySet:
    """Return the visits of a specialist that are over and of which nobody noted what became, the last first."""
    given = Appointment.objects.given_by(specialist.pk).filter(status__in=COMING, ends_at__lte=now)
    return given.exclude(status=Status.OFFERED).order_by("-starts_at", "pk")  # an offer: nobody had taken it


def planned_minutes(visit: Appointment) -> int:
    """Return how many minutes a visit was to take."""
    return (visit.ends_at - visit.starts_at) // timedelta(minutes=1)


def _refusal(visit: Appointment, outcome: str, took: int | None, now: datetime) -> Refusal | None:
    afterwards = visit.source == Appointment.Source.AFTERWARDS
    if outcome not in OUTCOMES or (afterwards and outcome not in ATTENDED):
        return refusal("unknown_outcome")
    if _was_cancelled(visit):
        return refusal("visit_cancelled")
    if visit.starts_at > now:
        return refusal("visit_not_begun")
    if took is not None and not 0 < took <= MINUTES_OF_A_DAY:
        return refusal("minutes_wrong")
    if outcome == Status.INTERRUPTED and (took is None or took >= planned_minutes(visit)):
        return refusal("broken_off_after", planned=planned_minutes(visit))
    return None


def _was_cancelled(visit: Appointment) -> bool:
    """Whether it was cancelled in advance; a late call that was noted afterwards can still be corrected."""
    return visit.is_cancelled and visit.changes.filter(kind=AppointmentChange.Kind.CANCELLED).exists()
