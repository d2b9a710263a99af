"""Changing one date and telling everyone concerned: the families of its groups and the person who leads it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from booking.domain.recipients import recipient, recipients_about_many
from booking.models import Account, Enrolment, Group, Person, SessionChange
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from scheduler.domain.sessions import cancel_session, move_session, restore_session
from scheduler.models import Session
from scheduler.period import Period


@transaction.atomic
def cancel_date(*, session_id: uuid.UUID, by: Account, note: str, now: datetime) -> Session:
    """Cancel one date and queue a message to everyone concerned; repeating it tells nobody again.

    The caller has made sure that `by` may change this timetable. Raises Refused (`already_over`).
    """
    before = _snapshot(session_id)
    session = cancel_session(session_id=session_id, note=note, now=now)
    return _tell(session, SessionChange.Kind.CANCELLED, before, by=by, now=now)


@transaction.atomic
def move_date(
    *, session_id: uuid.UUID, period: Period, room_id: uuid.UUID | None, by: Account, note: str, now: datetime
) -> Session:
    """Move one date and queue a message to everyone concerned; repeating it tells nobody again.

    Raises Refused (`already_over`, `in_the_past`, `unknown_room`, `clash`); then nothing has changed.
    """
    before = _snapshot(session_id)
    session = move_session(session_id=session_id, period=period, room_id=room_id, note=note, now=now)
    return _tell(session, SessionChange.Kind.MOVED, before, by=by, now=now)


@transaction.atomic
def restore_date(*, session_id: uuid.UUID, by: Account, note: str, now: datetime) -> Session:
    """Let a cancelled date take place after all and tell everyone concerned; repeating it tells nobody again.

    Raises Refused (`already_over`, `clash`).
    """
    before = _snapshot(session_id)
    session = restore_session(session_id=session_id, note=note, now=now)
    return _tell(session, SessionChange.Kind.RESTORED, before, by=by, now=now)


def people_concerned(session: Session, *, group: Group | None = None) -> list[Person]:
    """Return the people who hold a place in any group of this session, or in one, in order of name, in one query."""
    holding = Enrolment.objects.holding().filter(group__series=session.series_id)
    if group is not None:
        holding = holding.filter(group=group)
    return list(Person.objects.filter(pk__in=holding.values("child_id")))


def told_about(session: Session) -> list[Message]:
    """Return the messages that the latest change of this session gave rise to, those for the desk to call first."""
    found = Message.objects.filter(dedupe_key__startswith=f"{_cause(session)}:")
    return sorted(found, key=lambda message: (message.channel != Message.Channel.DESK, message.recipient_name))


def _cause(session: Session) -> str:
    return f"session:{session.pk}:{session.sequence}"


def _snapshot(session_id: uuid.UUID) -> Session:
    """Return the session as it is before the change, locked, so that of two who do the same at once one is told of."""
    found = Session.objects.select_for_update(of=("self",)).select_related("room", "series")
    return found.get(pk=session_id)


def _tell(session: Session, kind: SessionChange.Kind, before: Session, *, by: Account, now: datetime) -> Session:
    if session.sequence == before.sequence:
        return session
    was = {
        "starts_at": before.starts_at.isoformat(),
        "ends_at": before.ends_at.isoformat(),
        "room": before.room.name if before.room else "",
        "status": before.status,
    }
    SessionChange.objects.create(session=session, kind=kind, by=by, at=now, note=session.note, was=was)
    facts: dict[str, Any] = {"session": str(session.pk), "note": session.note, "was": was}
    for each, children in _recipients(session, now).items():
        enqueue(
            recipients=[each],
            kind=f"session_{kind.value}",
            facts={**facts, "children": children},
            cause=_cause(session),
            now=now,
        )
    return session


def _recipients(session: Session, now: datetime) -> dict[Recipient, list[str]]:
    """Return who hears of it, each once, with the children it concerns (none for the person who leads)."""
    told: dict[Recipient, list[str]] = defaultdict(list)
    today = timezone.localdate(now, session.timetable.tz)
    for person_id, recipients in recipients_about_many(people_concerned(session), on=today).items():
        for each in recipients:
            told[each].append(str(person_id))
    if session.leader_id is not None:
        for leader in Person.objects.filter(staff_memberships__resource=session.leader_id):
            told.setdefault(recipient(leader), [])
    return told
