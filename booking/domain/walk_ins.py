"""Writing down afterwards that somebody came without an appointment. Nobody is ever told of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from booking.domain.appointment_telling import log_change, snapshot
from booking.domain.referral_visits import answer_referrals
from booking.errors import Refused, refusal
from booking.locks import lock_appointment
from booking.models import Account, Appointment, AppointmentChange, Person, Service, WalkIn
from booking.models.modes import Mode
from scheduler.models import Resource

LONGEST_MINUTES = 12 * 60
WRITTEN_DOWN_WITHIN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class WalkInFacts:
    """Who was helped with what, when and for how long. Without a person only sex and rough age are kept."""

    service: Service
    specialist: Resource
    starts_at: datetime
    minutes: int
    mode: str = Mode.OFFICE
    person: Person | None = None
    sex: str = WalkIn.Sex.UNKNOWN
    age: str = WalkIn.Age.UNKNOWN


@transaction.atomic
def record_walk_in(*, facts: WalkInFacts, by: Account, now: datetime) -> Appointment:
    """Keep a visit that has taken place; its minutes count in reports as those of any other.

    No message is queued, and no page or calendar of a family shows it. It holds nobody's time, for that is past. The
    caller has made sure that `by` gives the service or serves at the desk, and may see the person. Raises Refused
    (`walk_in_to_come`, `walk_in_too_old`, `minutes_wrong`, `walk_in_not_over`); then nothing has changed.
    """
    _require_past(facts, now)
    visit = Appointment(specialist=facts.specialist, source=Appointment.Source.AFTERWARDS, booked_by=by, created_at=now)
    _write(visit, facts, now)
    log_change(visit, AppointmentChange.Kind.BOOKED, by=by, now=now)
    return visit


@transaction.atomic
def correct_walk_in(*, visit_id: uuid.UUID, facts: WalkInFacts, by: Account, now: datetime) -> Appointment:
    """Write down anew what was written down wrongly, within the same days; what stood there before is logged.

    Raises Refused as `record_walk_in`, and `visit_cancelled` for one that was taken back; then nothing has changed.
    """
    visit = _lock(visit_id, now)
    _require_past(facts, now)
    was = {**snapshot(visit), "minutes": visit.minutes}
    _write(visit, facts, now)
    log_change(visit, AppointmentChange.Kind.OUTCOME, by=by, now=now, was=was)
    return visit


@transaction.atomic
def take_back_walk_in(*, visit_id: uuid.UUID, by: Account, now: datetime) -> Appointment:
    """Let a visit that was written down by mistake count nowhere; taking it back again changes nothing.

    Raises Refused (`walk_in_too_old`).
    """
    visit = lock_appointment(visit_id)
    if visit.is_cancelled:
        return visit
    visit = _lock(visit_id, now)
    was = {**snapshot(visit), "minutes": visit.minutes}
    visit.status, visit.minutes, visit.changed_at = Appointment.Status.CANCELLED, None, now
    visit.save(update_fields=["status", "minutes", "changed_at"])
    log_change(visit, AppointmentChange.Kind.CANCELLED, by=by, now=now, was=was)
    return visit


def _lock(visit_id: uuid.UUID, now: datetime) -> Appointment:
    visit = lock_appointment(visit_id)
    if visit.source != Appointment.Source.AFTERWARDS:
        raise Appointment.DoesNotExist
    if visit.is_cancelled:
        raise Refused(refusal("visit_cancelled"))
    if visit.starts_at < now - WRITTEN_DOWN_WITHIN:
        raise Refused(refusal("walk_in_too_old", days=WRITTEN_DOWN_WITHIN.days))
    return visit


def _require_past(facts: WalkInFacts, now: datetime) -> None:
    if facts.starts_at > now:
        raise Refused(refusal("walk_in_to_come"))
    if facts.starts_at < now - WRITTEN_DOWN_WITHIN:
        raise Refused(refusal("walk_in_too_old", days=WRITTEN_DOWN_WITHIN.days))
    if not 0 < facts.minutes <= LONGEST_MINUTES:
        raise Refused(refusal("minutes_wrong"))
    if facts.starts_at + timedelta(minutes=facts.minutes) > now:
        raise Refused(refusal("walk_in_not_over"))


def _write(visit: Appointment, facts: WalkInFacts, now: datetime) -> None:
    """Put the facts into a visit; who came with a name has no row about sex and age."""
    visit.service, visit.person, visit.mode = facts.service, facts.person, facts.mode
    visit.starts_at = facts.starts_at
    visit.ends_at = facts.starts_at + timedelta(minutes=facts.minutes)
    visit.status, visit.minutes, visit.changed_at = Appointment.Status.HELD, facts.minutes, now
    visit.save()
    if facts.person is None:
        WalkIn.objects.update_or_create(appointment=visit, defaults={"sex": facts.sex, "age": facts.age})
    else:
        WalkIn.objects.filter(appointment=visit).delete()
        answer_referrals(service_id=facts.service.pk, person_ids=[facts.person.pk])
