"""Writing down what was decided about a person's visits, and ending it."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction

from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Appointment, CareDecision, Guardianship, Person, Service

Kind = CareDecision.Kind


@transaction.atomic
def record_decision(  # noqa: PLR0913  a decision is made of these facts
    *,
    person: Person,
    kind: str,
    reference: str,
    starts_on: date,
    by: Account,
    now: datetime,
    service: Service | None = None,
    appointment: Appointment | None = None,
    guardian: Person | None = None,
    ends_on: date | None = None,
) -> CareDecision:
    """Write down that visits are hidden from a guardian, or that a court stands in for consent; it holds at once.

    `service` None means every service, `appointment` that single visit, whatever the service. Raises Refused:
    `reason_missing` without what it rests on, `decision_guardian` where a hidden visit names no guardian of the person
    or consent names one, `decision_visit` where it is not hers or not about hiding, `decision_days`.
    """
    person = lock_person(person.pk)
    if not reference.strip():
        raise Refused(refusal("reason_missing", sentence="decision_reference"))
    if ends_on is not None and ends_on < starts_on:
        raise Refused(refusal("decision_days"))
    known = guardian is not None and Guardianship.objects.filter(child=person, guardian=guardian).exists()
    if known != (kind == Kind.HIDDEN):
        raise Refused(refusal("decision_guardian", person=person.given_name))
    if appointment is not None:
        hers = Appointment.objects.filter(pk=appointment.pk).of_person(person.pk).exists()
        if kind != Kind.HIDDEN or not hers:
            raise Refused(refusal("decision_visit", person=person.given_name))
    return CareDecision.objects.create(
        person=person,
        kind=kind,
        service=service if appointment is None else None,
        appointment=appointment,
        guardian=guardian,
        reference=reference.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def end_decision(*, decision_id: uuid.UUID, on: date) -> CareDecision:
    """Let a decision hold no more from that day on; it stays as a row. Repeating it changes nothing.

    Raises CareDecision.DoesNotExist.
    """
    decision = CareDecision.objects.select_for_update().get(pk=decision_id)
    last = on - timedelta(days=1)
    if decision.starts_on > last:
        decision.delete()
    elif decision.ends_on is None or decision.ends_on > last:
        decision.ends_on = last
        decision.save(update_fields=["ends_on"])
    return decision
