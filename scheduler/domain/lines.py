"""Which series belong together in a publication: each with its revision, and with those that continue it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q

from scheduler.domain.publication import Line
from scheduler.models import Series


def belonging(series_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return the ids of these series, of their revisions, of what they revise, and of the two sides of a split."""
    known: set[uuid.UUID] = set()
    asked = set(series_ids)
    while asked:
        known |= asked
        drafts = Series.objects.drafts().filter(Q(pk__in=asked) | Q(replaces__in=asked) | Q(continues__in=asked))
        rows = drafts.values_list("pk", "replaces_id", "continues_id")
        asked = {key for row in rows for key in filter(None, row)} - known
    return known


def lines_of(series: Iterable[Series]) -> list[Line]:
    """Join each series with its revision; `series` are loaded with their patterns."""
    rows = list(series)
    revisions = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    by_key: dict[uuid.UUID | None, Series] = {row.pk: row for row in rows}
    return [
        Line(row, revisions.get(row.pk, row), by_key.get(row.continues_id) if row.published_at is None else None)
        for row in rows
        if row.replaces_id is None
    ]
