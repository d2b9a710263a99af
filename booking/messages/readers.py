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
    reader_id: uuid.UUID,
    people: Iterable[uuid.UUID | str],
    *,
    service_id: uuid.UUID,
    on: date,
    visit_id: uuid.UUID | None = None,
) -> list[Person]:
    """As `people_told_of`, without those whose visits to this service a decision hides from the reader by now.

    Of a visit that exists, `visit_id`, a decision about that single one counts too.
    """
    decisions = CareDecision.objects.in_force(on).hiding_from(reader_id)
    decisions = decisions.about(service_id) if visit_id is None else decisions.about_visit(visit_id, service_id)
    hidden_from = set(decisions.values_list("person_id", flat=True)) - {reader_id}
    return [person for person in people_told_of(reader_id, people, on=on) if person.pk not in hidden_from]
