"""Row locks of the scheduler, taken in an order that keeps two writers from waiting for each other in a ring.

First series, then sessions, then resources, and each kind in key order.
SQLite has one writer: its IMMEDIATE transactions already hold the only lock there is, and these queries simply read.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from scheduler.models import Resource, Series, Session


def lock_session(session_id: uuid.UUID) -> Session:
    """Lock one session until the transaction ends. Raises Session.DoesNotExist."""
    return Session.objects.select_for_update(of=("self",)).select_related("series", "timetable").get(pk=session_id)


def lock_resources(resource_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Resource]:
    """Lock resources in key order until the transaction ends."""
    found = Resource.objects.select_for_update(of=("self",)).filter(pk__in=set(resource_ids)).order_by("pk")
    return {resource.pk: resource for resource in found}


def lock_series(series_ids: Iterable[uuid.UUID]) -> list[Series]:
    """Lock series and their patterns in key order until the transaction ends, with all that publishing reads loaded."""
    found = Series.objects.select_for_update(of=("self", "event")).with_pattern().filter(pk__in=set(series_ids))
    return list(found.order_by("pk"))


def lock_sessions_of(series: Iterable[Series]) -> list[Session]:
    """Lock all sessions of some series in key order until the transaction ends."""
    return list(Session.objects.select_for_update().filter(series__in=list(series)).order_by("pk"))
