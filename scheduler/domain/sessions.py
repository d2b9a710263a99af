"""Changing one date of a series without touching the rest: cancel, move, restore."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_session
from scheduler.models import Reservation, Resource, Session
from scheduler.period import Period


@transaction.atomic
def cancel_session(*, session_id: uuid.UUID, note: str, now: datetime) -> Session:
    """Cancel one date: its room and people are free at once, its identity stays. Cancelling twice changes nothing.

    Raises Refused (`already_over`) for a date that has ended and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if session.is_cancelled:
        return session
    _refuse_the_past(session, now)
    session.reservations.all().delete()
    session.status = Session.Status.CANCELLED
    return _store_change(session, note=note, now=now)


@transaction.atomic
def move_session(
    *, session_id: uuid.UUID, period: Period, room_id: uuid.UUID | None, note: str, now: datetime
) -> Session:
    """Move one date to another time, room or both; a cancelled date takes place again by being moved.

    Repeating the same move changes nothing. Raises Refused (`already_over`, `in_the_past`, `unknown_room`, `clash`)
    and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if not session.is_cancelled and session.period == period and session.room_id == room_id:
        return session
    _refuse_the_past(session, now)
    if period.start <= now:
        raise Refused(Refusal("in_the_past", _("The new time has already passed. Choose a later one.")))
    known = Resource.objects.rooms().filter(timetable_id=session.timetable_id)
    if room_id is not None and not known.filter(pk=room_id).exists():
        raise Refused(Refusal("unknown_room", _("There is no such room in this timetable.")))
    session.status = Session.Status.MOVED
    _take(session, period, room_id)
    return _store_change(session, note=note, now=now)


@transaction.atomic
def restore_session(*, session_id: uuid.UUID, note: str, now: datetime) -> Session:
    """Let a cancelled date take place after all, at the time and in the room it last had.

    A date that stands is left alone. Raises Refused (`already_over`, `clash`) and Session.DoesNotExist.
    """
    session = lock_session(session_id)
    if not session.is_cancelled:
        return session
    _refuse_the_past(session, now)
    planned = session.starts_at.astimezone(session.timetable.tz).date() == session.planned_date
    session.status = Session.Status.SCHEDULED if planned else Session.Status.MOVED
    _take(session, session.period, session.room_id)
    return _store_change(session, note=note, now=now)


def _refuse_the_past(session: Session, now: datetime) -> None:
    if session.ends_at <= now:
        raise Refused(Refusal("already_over", _("This meeting is already over.")))


def _take(session: Session, period: Period, room_id: uuid.UUID | None) -> None:
    """Reserve everything the session needs for `period`, all or nothing."""
    others = {resource.pk for resource in session.series.resources.all()}
    resources = lock_resources(others | {key for key in (room_id, session.leader_id) if key})
    session.reservations.all().delete()
    fresh = []
    for resource in resources.values():
        taken = set(
            Reservation.objects.filter(
                resource=resource, starts_at__lt=period.end, ends_at__gt=period.start
            ).values_list("unit", flat=True)
        )
        free = [unit for unit in range(1, resource.units + 1) if unit not in taken]
        if not free:
            raise Refused(
                Refusal(
                    "clash",
                    _("%(resource)s is taken at that time. Choose another hour or room."),
                    {"resource": resource.name},
                )
            )
        fresh.append(
            Reservation(resource=resource, unit=free[0], starts_at=period.start, ends_at=period.end, session=session)
        )
    Reservation.objects.bulk_create(fresh)
    session.starts_at, session.ends_at, session.room_id = period.start, period.end, room_id


def _store_change(session: Session, *, note: str, now: datetime) -> Session:
    session.note = note
    session.changed_by_hand = True
    session.sequence += 1
    session.changed_at = now
    session.save()
    return session
