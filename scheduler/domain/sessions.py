"""Changing one date of a series without touching the rest: cancel, move, restore, say something to families."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scheduler.domain.change_log import log_session
from scheduler.domain.clashes import Need
from scheduler.domain.closures import closed_on
from scheduler.domain.needs import needed_by_session
from scheduler.domain.reservations import plan_reservations, write_reservations
from scheduler.domain.room_requests import refuse_unasked
from scheduler.domain.travel import refuse_too_far
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_session
from scheduler.models import Resource, Session
from scheduler.models.session import LONGEST_SESSION
from scheduler.period import Period
from scheduler.recurrence import planned_period


@transaction.atomic
def cancel_session(*, session_id: uuid.UUID, note: str, now: datetime) -> Session:
    """Cancel one date: its room and people are free at once, its identity stays. Cancelling twice changes nothing.

    Raises Refused (`already_over`) for a date that has ended and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if session.is_cancelled:
        return session
    _refuse_the_past(session, now)
    lock_resources(_held_resources(session))
    session.reservations.all().delete()
    session.status = Session.Status.CANCELLED
    return _store_change(session, note=note, now=now)


@transaction.atomic
def move_session(
    *,
    session_id: uuid.UUID,
    period: Period,
    room_id: uuid.UUID | None,
    note: str,
    now: datetime,
    forced_reason: str = "",
) -> Session:
    """Move one date to another time, room or both; a cancelled date takes place again by being moved.

    Repeating the same move changes nothing. `forced_reason` says why it takes place on a day of rest. Raises Refused
    (`already_over`, `in_the_past`, `too_long`, `unknown_room`, `room_not_approved`, `closed_day`, `clash`,
    `travel`) and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if not session.is_cancelled and session.period == period and session.room_id == room_id:
        return session
    _refuse_the_past(session, now)
    if period.start <= now:
        raise Refused(Refusal("in_the_past", _("The new time has already passed. Choose a later one.")))
    if period.end - period.start > LONGEST_SESSION:
        raise Refused(Refusal("too_long", _("A meeting lasts a day at most. Plan one for each day.")))
    room = _room_of(session, room_id)
    refuse_unasked(session, period, room)
    session.forced_reason = _reason_on_rest(session, period, room, forced_reason)
    session.status = Session.Status.MOVED
    _take(session, period, room_id)
    return _store_change(session, note=note, now=now)


@transaction.atomic
def restore_session(*, session_id: uuid.UUID, note: str, now: datetime, forced_reason: str = "") -> Session:
    """Let a cancelled date take place after all, at the time and in the room it last had.

    A date that stands is left alone. Raises Refused (`already_over`, `closed_day`, `clash`), Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if not session.is_cancelled:
        return session
    _refuse_the_past(session, now)
    room = _room_of(session, session.room_id)
    session.forced_reason = _reason_on_rest(session, session.period, room, forced_reason)
    session.status = Session.Status.SCHEDULED if _is_as_planned(session) else Session.Status.MOVED
    _take(session, session.period, session.room_id)
    return _store_change(session, note=note, now=now)


@transaction.atomic
def note_session(*, session_id: uuid.UUID, note: str, now: datetime) -> Session:
    """Say something to families about one date, or with an empty note nothing more; the same note changes nothing.

    The date still follows its series. Raises Refused (`already_over`) and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if session.note == note:
        return session
    _refuse_the_past(session, now)
    return _store_change(session, note=note, now=now, by_hand=session.changed_by_hand)


def _room_of(session: Session, room_id: uuid.UUID | None) -> Resource | None:
    if room_id is None:
        return None
    known = Resource.objects.rooms().filter(timetable_id=session.timetable_id).select_related("place")
    room = known.filter(pk=room_id).first()
    if room is None:
        raise Refused(Refusal("unknown_room", _("There is no such room in this timetable.")))
    return room


def _reason_on_rest(session: Session, period: Period, room: Resource | None, reason: str) -> str:
    """Return why it takes place on a day of rest, nothing on other days. Raises Refused (`closed_day`)."""
    day = period.start.astimezone(session.timetable.tz).date()
    place = room.place if room else None
    closed = closed_on(session.timetable, day, on_breaks=session.series.on_breaks, place=place)
    if closed is None:
        return ""
    kept = session.forced_reason if session.local_date == day else ""
    if not (reason.strip() or kept):
        sentence = _(
            "%(day)s is a day of rest: %(name)s. Choose another day, or write why it takes place all the same."
        )
        raise Refused(Refusal("closed_day", sentence, {"day": date_format(day, "j E Y"), "name": closed.name}))
    return reason.strip() or kept


def _refuse_the_past(session: Session, now: datetime) -> None:
    if session.ends_at <= now:
        raise Refused(Refusal("already_over", _("This meeting is already over.")))


def _is_as_planned(session: Session) -> bool:
    planned = planned_period(session.series, session.planned_date)
    return session.period == planned and session.room_id == session.series.room_id


def _held_resources(session: Session) -> set[uuid.UUID]:
    return set(session.reservations.values_list("resource_id", flat=True))


def _take(session: Session, period: Period, room_id: uuid.UUID | None) -> None:
    """Reserve everything the session needs for `period`, all or nothing, with time for the ways of its people."""
    session.room_id = room_id
    needed = needed_by_session(session)
    resources = lock_resources(needed.keys() | _held_resources(session))
    needs = [Need(key, period, session.pk, kind=session.series.kind) for key in sorted(needed.elements())]
    allotment = plan_reservations(needs, released={session.pk})
    if allotment.clashes:
        taken = resources[allotment.clashes[0].resource_id].name
        raise Refused(
            Refusal("clash", _("%(resource)s is taken at that time. Choose another hour or room."), {"resource": taken})
        )
    people = [key for key in needed if resources[key].kind == Resource.Kind.SPECIALIST]
    refuse_too_far(session, period, resources.get(room_id) if room_id else None, people)
    write_reservations(allotment, released={session.pk})
    session.starts_at, session.ends_at = period.start, period.end


def _store_change(session: Session, *, note: str, now: datetime, by_hand: bool = True) -> Session:
    session.note = note
    session.changed_by_hand = by_hand
    session.sequence += 1
    session.changed_at = now
    session.save()
    log_session(session, now=now)
    return session
