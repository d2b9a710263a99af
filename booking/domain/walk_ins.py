"""Writing down afterwards that somebody came without an appointment. Nobody is ever told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from booking.domain.appointment_telling import log_change
from booking.errors import Refused, refusal
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
    (`walk_in_to_come`, `walk_in_too_old`, `minutes_wrong`); then nothing has changed.
    """
    if facts.starts_at > now:
        raise Refused(refusal("walk_in_to_come"))
    if facts.starts_at < now - WRITTEN_DOWN_WITHIN:
        raise Refused(refusal("walk_in_too_old", days=WRITTEN_DOWN_WITHIN.days))
    if not 0 < facts.minutes <= LONGEST_MINUTES:
        raise Refused(refusal("minutes_wrong"))
    visit = Appointment.objects.create(
        service=facts.service,
        specialist=facts.specialist,
        person=facts.person,
        starts_at=facts.starts_at,
        ends_at=facts.starts_at + timedelta(minutes=facts.minutes),
        mode=facts.mode,
        status=Appointment.Status.HELD,
        minutes=facts.minutes,
        source=Appointment.Source.AFTERWARDS,
        booked_by=by,
        created_at=now,
        changed_at=now,
    )
    if facts.person is None:
        WalkIn.objects.create(appointment=visit, sex=facts.sex, age=facts.age)
    log_change(visit, AppointmentChange.Kind.BOOKED, by=by, now=now)
    return visit
