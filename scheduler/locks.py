"""Row locks of the scheduler, always taken in key order so that two writers never wait for each other in a ring.

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
    """Lock series in key order until the transaction ends, with their patterns loaded."""
    found = Series.objects.select_for_update(of=("self",)).with_pattern().filter(pk__in=set(series_ids))
    return list(found.order_by("pk"))
