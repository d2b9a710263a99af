"""Who hears of a visit: the guardians who may know of it, each side on its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from booking.domain.recipients import recipients_about_many
from booking.models import Appointment, CareDecision, Person
from notifications.outbox import Recipient


def readers_of_visit(visit: Appointment, *, on: date) -> dict[uuid.UUID, list[Recipient]]:
    """Return by person whom to tell about a visit on that day: nobody from whom it is hidden."""
    people = [visit.person] if visit.person else []
    people += Person.objects.filter(appointments_as_party__appointment=visit).order_by("pk")
    hidden = set(
        CareDecision.objects.in_force(on)
        .about_visit(visit.pk, visit.service_id)
        .filter(kind=CareDecision.Kind.HIDDEN, person__in=people)
        .values_list("person_id", "guardian_id")
    )
    return {
        person_id: [reader for reader in readers if (person_id, reader.id) not in hidden]
        for person_id, readers in recipients_about_many(people, on=on).items()
    }


def hidden_from_somebody(visits: Iterable[Appointment], *, on: date) -> set[uuid.UUID]:
    """Return those of these visits that a decision of that day keeps from some guardian, in one query.

    What is on paper is read by whoever finds it, so such visits are on no paper unless somebody asks for them.
    """
    found = list(visits)
    people = {visit.person_id for visit in found} | {
        party.person_id for visit in found for party in visit.parties.all()
    }
    decisions = CareDecision.objects.in_force(on).filter(kind=CareDecision.Kind.HIDDEN, person__in=people - {None})
    rules: list[tuple[uuid.UUID, uuid.UUID | None, uuid.UUID | None]]
    rules = list(decisions.values_list("person", "service", "appointment"))
    return {
        visit.pk
        for visit in found
        for person_id, service_id, visit_id in rules
        if person_id in {visit.person_id, *(party.person_id for party in visit.parties.all())}
        if visit.pk == visit_id or (visit_id is None and service_id in {None, visit.service_id})
    }
