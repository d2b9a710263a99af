"""What is drafted and not yet published: the banner on the organiser's board."""

from __future__ import annotations

import uuid
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q
from django.urls import reverse

from scheduler.models import Term


class DraftOfTerm(NamedTuple):
    """A term that is not over, and how many lines of it are new or changed since it was published."""

    name: str
    url: str
    new: int
    changed: int


def drafts_of(timetable_id: uuid.UUID, today: date) -> list[DraftOfTerm]:
    """Return the terms that can still be planned, in order of time, in one query."""
    unpublished = Q(series__published_at__isnull=True)
    rows = Term.objects.filter(timetable=timetable_id, ends_on__gte=today).annotate(
        new=Count("series", filter=unpublished & Q(series__replaces__isnull=True), distinct=True),
        changed=Count("series", filter=unpublished & Q(series__replaces__isnull=False), distinct=True),
    )
    return [
        DraftOfTerm(term.name, reverse("board-plan", args=[term.pk]), term.new, term.changed)
        for term in rows.order_by("starts_on", "name")
    ]
