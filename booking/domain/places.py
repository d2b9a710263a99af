"""The places of a group and its line, counted under the group's lock and in step with its enrolments."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import F

from booking.models import Account, Enrolment, Group, Person
from booking.models.enrolment import HOLDING

Status = Enrolment.Status


def open_place(
    *,
    child: Person,
    group: Group,
    status: Enrolment.Status,
    by: Account | None,
    now: datetime,
    beyond: bool = False,
    **facts: str | uuid.UUID | None,
) -> Enrolment:
    """Store a new enrolment in this state and count it; whoever waits gets the next number of the line.

    The caller holds the group's lock. `beyond` adds a place beyond the capacity where all are taken; without it the
    database refuses to pass the capacity.
    """
    joins = status == Status.WAITING
    _count(group, taken=int(status in HOLDING), waiting=int(joins), numbers=int(joins), beyond=beyond, now=now)
    entry = Enrolment.objects.create(
        group=group,
        child=child,
        status=status,
        line_number=group.line_numbers if joins else None,
        enrolled_by=by,
        created_at=now,
        updated_at=now,
        **facts,
    )
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
