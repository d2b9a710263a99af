"""What a series or one of its dates needs: the room, who leads, who helps, equipment, and how many units of each."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping

from scheduler.models import Resource, Series, Session

Needed = Counter[uuid.UUID]


def needed_by_series(line: Series) -> Needed:
    """Return how many units of which resource each date of a series takes; no query if its resources are loaded."""
    return _count(line.room_id, line.leader_id, line.resources.all(), line.units_taken)


def needed_by_session(session: Session) -> Needed:
    """Return how many units of which resource one date takes: what its series asks for, with its own people and room.

    In one query for those who help and one for those who help in their place.
    """
    helping = {resource.pk: resource for resource in session.series.resources.all()}
    for substitution in session.substitutions.select_related("substitute"):
        if helping.pop(substitution.absent_id, None) is not None and substitution.substitute is not None:
            helping[substitution.substitute.pk] = substitution.substitute
    return _count(session.room_id, session.leader_id, helping.values(), session.series.units_taken)


def needed_by_many(lines: Iterable[Series]) -> dict[uuid.UUID, Needed]:
    """Return for each series what its dates take, with everything inside the rooms they take, in one query."""
    needed = {line.pk: needed_by_series(line) for line in lines}
    parts = Resource.objects.parts_of({key for each in needed.values() for key in each})
    if parts:
        for each in needed.values():
            inside = {part for key in list(each) for part in parts.get(key, ())}
            each.update(inside.difference(each))
    return needed


def _count(
    room: uuid.UUID | None, leader: uuid.UUID | None, others: Iterable[Resource], units: Mapping[str, int]
) -> Needed:
    needed: Needed = Counter()
    for key in (room, leader):
        if key is not None:
            needed[key] = 1
    for resource in others:
        taken = units.get(str(resource.pk), 1) if resource.kind == Resource.Kind.EQUIPMENT else 1
        needed[resource.pk] = max(needed[resource.pk], taken)
    return needed
