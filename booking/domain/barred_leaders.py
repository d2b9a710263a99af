"""Where somebody who must have no contact with a child leads a group the child goes to. Reads only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from booking.models import Enrolment, Guardianship, Person, StaffMember
from scheduler.models import Session


class Meeting(NamedTuple):
    """That one child goes to one group."""

    group: uuid.UUID
    child: uuid.UUID


def barred_leaders(
    groups: Iterable[uuid.UUID], *, on: date, now: datetime, children: Iterable[uuid.UUID] | None = None
) -> dict[Meeting, list[Person]]:
    """Return who leads or helps in a coming meeting although a contact ban forbids it, by group and child.

    The leader still sees the child on her list, for fifteen children wait for her; the organiser has to rearrange.
    Where no leader is barred from anybody, which is the rule, this is one query.
    """
    places = Enrolment.objects.live().filter(group__in=list(groups))
    if children is not None:
        places = places.filter(child__in=list(children))
    in_force = Guardianship.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on), contact_ban=True
    )
    leading = StaffMember.objects.filter(resource__isnull=False).values("person_id")
    bans = in_force.filter(child__in=places.values("child_id"), guardian__in=leading).select_related("guardian")
    found: dict[Meeting, list[Person]] = defaultdict(list)
    for ban in bans.order_by("guardian__sort_name", "pk"):
        mine = StaffMember.objects.filter(person=ban.guardian_id, resource__isnull=False)
        coming = Session.objects.led_by(*mine.values_list("resource_id", flat=True)).standing().filter(ends_at__gt=now)
        led = places.filter(child=ban.child_id, group__series__in=coming.values("series_id"))
        for group_id in sorted(set(led.values_list("group_id", flat=True))):
            found[Meeting(group_id, ban.child_id)].append(ban.guardian)
    return dict(found)


def barred_pairs(groups: Iterable[uuid.UUID], *, on: date, now: datetime) -> list[tuple[Person, Person]]:
    """Return the same as pairs of whoever leads and the child, for a page that tells the organiser."""
    found = barred_leaders(groups, on=on, now=now)
    children = Person.objects.in_bulk([meeting.child for meeting in found]) if found else {}
    return [(leader, children[meeting.child]) for meeting, leaders in found.items() for leader in leaders]
