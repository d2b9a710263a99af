"""The places of a group and its line, counted under the group's lock and in step with its enrolments."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from booking.locks import COUNTED
from booking.models import Account, Enrolment, Group, Person
from booking.models.enrolment import HOLDING
from scheduler.models.prepared import PreparedInsert, PreparedUpdate

Status = Enrolment.Status


def _taking_at_once(*, group_id: uuid.UUID, now: datetime) -> QuerySet[Group]:  # noqa: ARG001  as `_one_more`
    return Group.objects.filter(pk=group_id).taking_at_once()


def _one_more(*, group_id: uuid.UUID, now: datetime) -> dict[str, Any]:  # noqa: ARG001  as `_taking_at_once`
    return {"places_taken": F("places_taken") + 1, "extra_places": 0, "updated_at": now}


TAKEN = PreparedUpdate(_taking_at_once, to=_one_more, returning=COUNTED)
OPENED = PreparedInsert(Enrolment)


def take_free_place(group: Group, *, now: datetime) -> bool:
    """Lock the group and count one more place of it, in one statement; do nothing where none is free for a newcomer.

    The caller goes on with `open_place`, told that it is counted. Everybody who wants a place here stands in line
    behind this statement.
    """
    for counted in TAKEN.rows(group_id=group.pk, now=now):
        for name, value in zip(COUNTED, counted, strict=True):
            setattr(group, name, value)
        return True
    return False


def open_place(  # noqa: PLR0913  an enrolment is made of these facts
    *,
    child: Person,
    group: Group,
    status: Enrolment.Status,
    by: Account | None,
    now: datetime,
    beyond: bool = False,
    is_counted: bool = False,
    **facts: str | uuid.UUID | None,
) -> Enrolment:
    """Store a new enrolment in this state and count it; whoever waits gets the next number of the line.

    The caller holds the group's lock, and has counted the place already where it `is_counted`. `beyond` adds a place
    beyond the capacity where all are taken; without it the database refuses to pass the capacity.
    """
    joins = status == Status.WAITING
    if not is_counted:
        _count(group, taken=int(status in HOLDING), waiting=int(joins), numbers=int(joins), beyond=beyond, now=now)
    entry = Enrolment(
        group=group,
        child=child,
        status=status,
        line_number=group.line_numbers if joins else None,
        enrolled_by=by,
        created_at=now,
        updated_at=now,
        **facts,
    )
    OPENED.store(entry)
    entry.place_in_line = group.waiting if joins else None
    return entry


def change_status(entry: Enrolment, status: Enrolment.Status, *, now: datetime) -> None:
    """Bring an enrolment into another state and its group's counters with it; `entry.group` is the locked row."""
    _count(
        entry.group,
        taken=int(status in HOLDING) - int(entry.status in HOLDING),
        waiting=int(status == Status.WAITING) - int(entry.status == Status.WAITING),
        now=now,
    )
    entry.status = status
    entry.updated_at = now
    entry.save(update_fields=["status", "updated_at"])


def granted_status(group: Group, *, by_desk: bool = False) -> Enrolment.Status:
    """Return what a place becomes for somebody who gets one: where the centre approves, it waits for that first."""
    return Status.PENDING if group.entry == Group.Entry.APPROVAL and not by_desk else Status.ENROLLED


def _count(
    group: Group, *, taken: int, now: datetime, waiting: int = 0, numbers: int = 0, beyond: bool = False
) -> None:
    """Move the counters. Places beyond the capacity are given up first, so that nobody is let in on top of them."""
    if not (taken or waiting or numbers):
        return
    group.places_taken += taken
    group.waiting += waiting
    group.line_numbers += numbers
    above = max(0, group.places_taken - group.capacity)
    group.extra_places = above if beyond else min(group.extra_places, above)
    moved = {"places_taken": taken, "waiting": waiting, "line_numbers": numbers}
    Group.objects.filter(pk=group.pk).update(
        **{name: F(name) + number for name, number in moved.items() if number},
        extra_places=group.extra_places,
        updated_at=now,
    )
