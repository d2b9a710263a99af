"""Lines of a timetable in rooms of others: what waits for an owner's word is held back, and said so."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from booking.domain.findings import Finding
from booking.errors import refusal
from scheduler.domain.lines import belonging
from scheduler.domain.room_requests import awaiting_owner
from scheduler.models import Series

HELD = "room_not_approved"


def held_back(series_ids: Iterable[uuid.UUID]) -> tuple[set[uuid.UUID], list[Finding]]:
    """Return which of these lines an owner has not agreed to yet, and what is said about them, in a few queries.

    A line is held back with its revision and with both sides of a split, so that no date is lost meanwhile.
    """
    keys = list(series_ids)
    shared = Series.objects.filter(pk__in=belonging(keys), room__needs_approval=True).with_pattern()
    waiting = list(shared)
    asked = awaiting_owner(waiting)
    lines = [line for line in waiting if line.pk in asked and (line.published_at is None)]
    return belonging(line.pk for line in lines), room_findings(lines, stops=False)


def room_findings(lines: Iterable[Series], *, stops: bool = True) -> list[Finding]:
    """Return that owners of rooms have not agreed to these lines; in one query."""
    drafts = [line for line in lines if line.published_at is None]
    waiting = awaiting_owner(drafts)
    return [
        Finding(
            HELD,
            refusal(HELD, owner=line.room.owner, title=line.title, room=line.room.name),
            stops=stops,
            series_id=line.replaces_id or line.pk,
            resource_id=line.room_id,
        )
        for line in drafts
        if line.pk in waiting and line.room is not None
    ]
