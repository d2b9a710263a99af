"""The places a child has or waits for, read in one query for all that is decided about her."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from booking.models import Activity, Enrolment, Person
from booking.models.enrolment import HOLDING
from scheduler.models.prepared import PreparedQuery


class ChildPlace(NamedTuple):
    """One live enrolment, with what rules ask of its group."""

    enrolment: uuid.UUID
    group: uuid.UUID
    status: str
    wish: uuid.UUID | None
    term: uuid.UUID
    kind: str

    @property
    def binds(self) -> bool:
        """Whether she is expected there: a place that is held, day care aside, which lets children go to activities."""
        return self.status in HOLDING and self.kind != Activity.Kind.DAY_CARE


COLUMNS = ("id", "group_id", "status", "wish", "group__term_id", "group__activity__kind")


def _live(*, child_id: uuid.UUID) -> QuerySet[Enrolment, tuple[Any, ...]]:
    return Enrolment.objects.live().filter(child_id=child_id).order_by("pk").values_list(*COLUMNS)


LIVE = PreparedQuery(_live)


def places_of(child: Person) -> list[ChildPlace]:
    """Return her live places."""
    return [ChildPlace(*row) for row in LIVE.values(child_id=child.pk)]


def places_of_many(children: Collection[uuid.UUID]) -> dict[uuid.UUID, list[ChildPlace]]:
    """Return the live places of each of these children who has any, in one query."""
    live = Enrolment.objects.live().filter(child__in=children).order_by("pk")
    found: dict[uuid.UUID, list[ChildPlace]] = {}
    for child, *facts in live.values_list("child", *COLUMNS):
        found.setdefault(child, []).append(ChildPlace(*facts))
    return found


def beside(entry: Enrolment, places: Iterable[ChildPlace]) -> list[ChildPlace]:
    """Return these places without `entry` and those of its wish, of which only one will be kept."""
    return [each for each in places if each.enrolment != entry.pk and (entry.wish is None or each.wish != entry.wish)]
