"""Row locks of the scheduler, taken in an order that keeps two writers from waiting for each other in a ring.

First series, then sessions, then resources, last the timetable, and each kind in key order.
SQLite has one writer: its IMMEDIATE transactions already hold the only lock there is, and these queries simply read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from scheduler.models import Resource, Series, Session, Timetable


def lock_session(session_id: uuid.UUID) -> Session:
    """Lock one session until the transaction ends. Raises Session.DoesNotExist."""
    return Session.objects.select_for_update(of=("self",)).select_related("series", "timetable").get(pk=session_id)


def lock_sessions(session_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Session]:
    """Lock several sessions in key order until the transaction ends."""
    found = Session.objects.select_for_update(of=("self",)).filter(pk__in=set(session_ids)).order_by("pk")
    return {session.pk: session for session in found.select_related("series", "timetable")}


def lock_resources(resource_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Resource]:
    """Lock resources, and all that lies inside the rooms among them, in key order until the transaction ends."""
    wanted = set(resource_ids)
    wanted = wanted.union(*Resource.objects.parts_of(wanted).values())
    found = Resource.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    return {resource.pk: resource for resource in found}


def lock_series(series_ids: Iterable[uuid.UUID]) -> list[Series]:
    """Lock series and their patterns in key order until the transaction ends, with all that publishing reads loaded."""
    found = Series.objects.select_for_update(of=("self", "event")).with_pattern().filter(pk__in=set(series_ids))
    return list(found.order_by("pk"))


def lock_sessions_of(series: Iterable[Series]) -> list[Session]:
    """Lock all sessions of some series in key order until the transaction ends."""
    return list(Session.objects.select_for_update().filter(series__in=list(series)).order_by("pk"))


def lock_timetable(timetable_id: uuid.UUID) -> Timetable:
    """Lock one timetable until the transaction ends, for its log of changes. Raises Timetable.DoesNotExist.

    Its key stays free: rows that point at it are written under other locks meanwhile.
    """
    return Timetable.objects.select_for_update(of=("self",), no_key=True).get(pk=timetable_id)
