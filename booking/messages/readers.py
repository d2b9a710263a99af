"""Of whom a message may speak to its reader: decided at the moment it is composed, not when it was queued."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from booking.models import CareDecision, Guardianship, Person


def people_told_of(reader_id: uuid.UUID, people: Iterable[uuid.UUID | str], *, on: date) -> list[Person]:
    """Return those of `people` whom this reader may be told of: herself, and children she may view; eldest first.

    A right that ended or was barred since the message was queued counts: then the reader is told nothing.
    """
    rights = Guardianship.objects.in_force(on).filter(guardian=reader_id, can_view=True)
    known = Person.objects.filter(Q(pk=reader_id) | Q(pk__in=rights.values("child_id")), pk__in=list(people))
    return list(known.order_by("birth_date", "given_name"))


def people_told_of_visit(
    reader_id: uuid.UUID, people: Iterable[uuid.UUID | str], *, service_id: uuid.UUID, on: date
) -> list[Person]:
    """As `people_told_of`, without those whose visits to this service a decision hides from the reader by now."""
    hidden = CareDecision.objects.in_force(on).about(service_id).hiding_from(reader_id).values_list("person_id")
    hidden_from = {person_id for (person_id,) in hidden} - {reader_id}
    return [person for person in people_told_of(reader_id, people, on=on) if person.pk not in hidden_from]
