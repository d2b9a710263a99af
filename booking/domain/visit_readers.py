"""Who hears of a visit: the guardians who may know of it, each side on its own."""

from __future__ import annotations

import uuid
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
