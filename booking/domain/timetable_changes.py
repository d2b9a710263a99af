"""Changing one date and telling everyone concerned: the families of its groups and the person who leads it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from booking.domain.assignments import assignment_refusal, refuse_unstaffed
from booking.domain.recipients import recipient, recipients_about_many
from booking.errors import Refused, refusal
from booking.models import Account, Enrolment, Group, Person, SessionChange
from notifications.models import Message
from notifications.outbox import Recipient, enqueue_each
from scheduler.domain.forced_dates import force_session
from scheduler.domain.sessions import cancel_session, move_session, note_session, restore_session
from scheduler.domain.substitutions import substitute_person
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
def move_date(  # noqa: PLR0913  where to, why, by whom and when
    *,
    session_id: uuid.UUID,
    period: Period,
    room_id: uuid.UUID | None,
    by: Account,
    note: str,
    now: datetime,
    forced_reason: str = "",
) -> Session:
    """Move one date and queue a message to everyone concerned; repeating it tells nobody again.

    `forced_reason` says why it takes place on a day of rest, or in spite of a warning. Raises Refused (`already_over`,
    `in_the_past`, `unknown_room`, `room_not_approved`, `closed_day`, `clash`, `travel`; `time_off`,
    `unverified_staff`, `check_expires` and `ratio` where the old time was free of it); then nothing has changed.
    """
    before = _snapshot(session_id)
    session = move_session(
        session_id=session_id, period=period, room_id=room_id, note=note, now=now, forced_reason=forced_reason
    )
    refuse_unstaffed(session, before=before, reason=forced_reason, now=now)
    return _tell(session, SessionChange.Kind.MOVED, before, by=by, now=now, despite=forced_reason)


@transaction.atomic
def restore_date(*, session_id: uuid.UUID, by: Account, note: str, now: datetime, forced_reason: str = "") -> Session:
    """Let a cancelled date take place after all and tell everyone concerned; repeating it tells nobody again.

    Raises Refused (`already_over`, `closed_day`, `clash`; `time_off`, `unverified_staff`, `check_expires`, `ratio`).
    """
    before = _snapshot(session_id)
    session = restore_session(session_id=session_id, note=note, now=now, forced_reason=forced_reason)
    refuse_unstaffed(session, before=before, reason=forced_reason, now=now)
    return _tell(session, SessionChange.Kind.RESTORED, before, by=by, now=now, despite=forced_reason)


@transaction.atomic
def substitute_date(
    *, session_id: uuid.UUID, leader_id: uuid.UUID | None, by: Account, note: str, now: datetime
) -> Session:
    """Let somebody else lead one date, or nobody; tell families and both who lead. Repeating it tells nobody again.

    Raises Refused (`already_over`, `cancelled`, `unknown_person`, `not_there` if nobody leads it now, `clash`,
    `travel`, `unverified_staff` where children come, `time_off`); then nothing has changed.
    """
    before = _snapshot(session_id)
    if before.leader_id == leader_id:
        return before
    if before.leader_id is None:
        raise Refused(refusal("nobody_leads"))
    reason = assignment_refusal(before, leader_id, now=now) if leader_id else None
    if reason is not None:
        raise Refused(reason)
    session = substitute_person(session_id=session_id, absent_id=before.leader_id, substitute_id=leader_id, now=now)
    session.note = note
    session.save(update_fields=["note"])
    return _tell(session, SessionChange.Kind.SUBSTITUTED, before, by=by, now=now)


@transaction.atomic
def note_date(*, session_id: uuid.UUID, by: Account, note: str, now: datetime) -> Session:
    """Say something to everyone concerned about one date; with an empty note it is taken away and nobody is told.

    Raises Refused (`already_over`).
    """
    before = _snapshot(session_id)
    session = note_session(session_id=session_id, note=note.strip(), now=now)
    return _tell(session, SessionChange.Kind.NOTED, before, by=by, now=now)


@transaction.atomic
def force_date(*, series_id: uuid.UUID, day: date, by: Account, reason: str, now: datetime, note: str = "") -> Session:
    """Let a date that a day of rest dropped take place all the same, and tell everyone concerned.

    A date that stands is left alone. Raises Refused (`reason_missing`, `not_published`, `not_planned`, `in_the_past`,
    `clash`, `travel`, `time_off`, `unverified_staff`) and Series.DoesNotExist.
    """
    known = Session.objects.select_for_update(of=("self",)).select_related("room", "series", "leader")
    before = known.filter(series=series_id, planned_date=day).first()
    session = force_session(series_id=series_id, day=day, reason=reason, note=note, now=now)
    refuse_unstaffed(session, before=before, reason=reason, now=now)
    return _tell(session, SessionChange.Kind.FORCED, before, by=by, now=now)


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
    found = Session.objects.select_for_update(of=("self",)).select_related("room", "series", "leader")
    return found.get(pk=session_id)


def _tell(
    session: Session,
    kind: SessionChange.Kind,
    before: Session | None,
    *,
    by: Account,
    now: datetime,
    despite: str = "",
) -> Session:
    """Write down who changed a date and why, and queue the messages; nothing if it is as it was."""
    if before is not None and session.sequence == before.sequence:
        return session
    was = _was(before) if before else {}
    why = session.forced_reason if kind == SessionChange.Kind.FORCED else session.note
    kept = was | ({"despite": despite.strip()} if despite.strip() else {})
    SessionChange.objects.create(session=session, kind=kind, by=by, at=now, note=why, was=kept)
    if kind == SessionChange.Kind.NOTED and not session.note:
        return session
    facts: dict[str, Any] = {"session": str(session.pk), "note": session.note, "was": was}
    readers = _recipients(session, before.leader_id if before else None, now)
    told = {each: {**facts, "children": children} for each, children in readers.items()}
    enqueue_each(told, kind=f"session_{kind.value}", cause=_cause(session), now=now)
    return session


def _was(before: Session) -> dict[str, str]:
    return {
        "starts_at": before.starts_at.isoformat(),
        "ends_at": before.ends_at.isoformat(),
        "room": before.room.name if before.room else "",
        "leader": before.leader.name if before.leader else "",
        "leader_id": str(before.leader_id or ""),
        "status": before.status,
    }


def _recipients(session: Session, leader_before: uuid.UUID | None, now: datetime) -> dict[Recipient, list[str]]:
    """Return who hears of it, each once, with the children it concerns (none for who leads or led it)."""
    told: dict[Recipient, list[str]] = defaultdict(list)
    today = timezone.localdate(now, session.timetable.tz)
    for person_id, recipients in recipients_about_many(people_concerned(session), on=today).items():
        for each in recipients:
            told[each].append(str(person_id))
    leaders = {session.leader_id, leader_before} - {None}
    for leader in Person.objects.filter(staff_memberships__resource__in=leaders).distinct():
        told.setdefault(recipient(leader), [])
    return told
