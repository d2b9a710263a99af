"""Asking for several places at once: one of several groups, or siblings together."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from booking.domain.consent_holds import hold_for_consents
from booking.domain.line_log import log_step
from booking.domain.places import granted_status, open_place
from booking.domain.refusals import refusal_for
from booking.domain.telling import tell_place
from booking.errors import Refused, refusal
from booking.locks import lock_groups, lock_people, lock_person
from booking.models import Account, Enrolment, Group, LineEvent, Person

Status = Enrolment.Status


class Ask(NamedTuple):
    """One child and the group she is to join."""

    child: Person
    group: Group


@transaction.atomic
def enrol_in_any(
    *, child: Person, groups: Sequence[Group], by: Account, now: datetime, note: str = "", by_desk: bool = False
) -> list[Enrolment]:
    """Enrol `child` in the first of these groups that takes her at once, or put her in the line of all she fits in.

    In line the entries share a `wish`: when one of them becomes a place, the others are left. Raises Refused with the
    reason of the first group if none takes her; then nothing has changed. The desk (`by_desk`) gives places of groups
    that are not open to families too.
    """
    child = lock_person(child.pk)
    locked = lock_groups(group.pk for group in groups)
    wanted = [locked[group.pk] for group in groups]
    reasons = [refusal_for(child=child, group=group, now=now, by_desk=by_desk) for group in wanted]
    possible = [group for group, reason in zip(wanted, reasons, strict=True) if reason is None]
    if not possible:
        raise Refused(reasons[0] or refusal("full"))
    at_once = next((group for group in possible if group.takes_at_once), None)
    if at_once is not None:
        return [_open(Ask(child, at_once), granted_status(at_once, by_desk=by_desk), by, now, note=note)]
    wish = uuid.uuid4() if len(possible) > 1 else None
    return [_open(Ask(child, group), Status.WAITING, by, now, note=note, wish=wish) for group in possible]


@transaction.atomic
def enrol_together(
    *, asks: Sequence[Ask], by: Account, now: datetime, note: str = "", by_desk: bool = False
) -> list[Enrolment]:
    """Enrol siblings all at once, or put all of them in line as one bundle: both or neither.

    In line they are offered places only when there is one for each. Raises Refused with the first reason that any of
    them meets (`full` where a line is needed and a group has none); then nothing has changed.
    """
    people = lock_people(ask.child.pk for ask in asks)
    locked = lock_groups(ask.group.pk for ask in asks)
    wanted = [Ask(people[ask.child.pk], locked[ask.group.pk]) for ask in asks]
    for child, group in wanted:
        reason = refusal_for(child=child, group=group, now=now, by_desk=by_desk)
        if reason is not None:
            raise Refused(reason)
    needed = Counter(group.pk for _child, group in wanted)
    if all(group.free_places >= needed[group.pk] and not group.waiting for _child, group in wanted):
        return [_open(ask, granted_status(ask.group, by_desk=by_desk), by, now, note=note) for ask in wanted]
    if not all(group.waitlist for _child, group in wanted):
        raise Refused(refusal("full"))
    bundle = uuid.uuid4()
    return [_open(ask, Status.WAITING, by, now, note=note, bundle=bundle) for ask in wanted]


def _open(  # noqa: PLR0913  an entry is made of these facts
    ask: Ask,
    status: Enrolment.Status,
    by: Account,
    now: datetime,
    *,
    note: str,
    wish: uuid.UUID | None = None,
    bundle: uuid.UUID | None = None,
) -> Enrolment:
    entry = open_place(
        child=ask.child, group=ask.group, status=status, by=by, now=now, note=note, wish=wish, bundle=bundle
    )
    if status == Status.WAITING:
        log_step(entry, LineEvent.Kind.JOINED, now=now, by=by)
    if not hold_for_consents(entry, now=now):
        tell_place(entry, now=now)
    return entry
