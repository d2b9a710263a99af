"""Who of the centre hears that somebody will not come, or comes after all."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.domain.recipients import desk_of, recipient
from booking.models import Absence, Enrolment, Group, Person
from notifications.outbox import Recipient, enqueue


def tell_staff(kind: str, absences: Sequence[Absence], meetings: Mapping[uuid.UUID, Group], *, now: datetime) -> None:
    """Queue one message to each person who leads any of these meetings; the desk hears of those that nobody leads.

    Of a child whom a court referred the desk is always told. `absences` are those of one person and one day.
    """
    first = absences[0]
    group = meetings.get(first.session.series_id)
    if group is None:
        return
    centre_id, zone = group.activity.centre_id, group.term.timetable.tz
    court = Enrolment.objects.live().filter(child=first.child_id, basis=Enrolment.Basis.COURT).exists()
    told: dict[Recipient, list[Absence]] = defaultdict(list)
    leaders = _leaders({each.session.leader_id for each in absences if each.session.leader_id})
    for each in absences:
        for person in leaders.get(each.session.leader_id, ()):
            told[recipient(person)].append(each)
    if court or not told:
        for reader in desk_of(centre_id, on=timezone.localdate(now, zone)):
            told[reader] = list(absences)
    for reader, concerned in told.items():
        facts: dict[str, Any] = {
            "child": str(first.child_id),
            "group": str(group.pk),
            "sessions": [str(one.session_id) for one in concerned],
            "court": court,
        }
        enqueue(recipients=[reader], kind=kind, facts=facts, cause=f"{kind}:{first.pk}", now=now)


def _leaders(resources: set[uuid.UUID]) -> dict[uuid.UUID | None, list[Person]]:
    leaders: dict[uuid.UUID | None, list[Person]] = defaultdict(list)
    found = Person.objects.filter(staff_memberships__resource__in=resources)
    for person in found.prefetch_related("staff_memberships"):
        for member in person.staff_memberships.all():
            leaders[member.resource_id].append(person)
    return leaders
