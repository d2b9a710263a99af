"""What the rules of joining a group ask about people and groups: one at a time, or known of many at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import Min, QuerySet

from booking.domain.child_places import ChildPlace, places_of, places_of_many
from booking.models import Group, Household, Invitation, Person, Policy
from scheduler.models import PlaceDistance, Session
from scheduler.models.prepared import PreparedQuery
from scheduler.models.session import SessionQuerySet

Ways = dict[frozenset[uuid.UUID], int]


class Meeting(NamedTuple):
    """When and where somebody is expected; `place` is None where no building is known."""

    starts_at: datetime
    ends_at: datetime
    place: uuid.UUID | None
    title: str


COLUMNS = ("starts_at", "ends_at", "room__place", "series__title")


class RuleFacts:
    """Asks for each fact when a rule wants it: right for one person and one group, and always of this moment."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def places(self, child: Person) -> list[ChildPlace]:
        """Return her live places."""
        return places_of(child)

    def next_meeting(self, group: Group) -> datetime | None:
        """Return when the group meets next, or None."""
        upcoming = UPCOMING.values(group_id=group.pk, now=self.now)
        return upcoming[0][0] if upcoming else None

    def is_resident(self, child: Person, centre_id: uuid.UUID) -> bool:
        """Say whether a household of hers lives in the centre's municipality."""
        return Household.objects.filter(members=child, centre=centre_id, is_resident=True).exists()

    def is_invited(self, child: Person, group: Group) -> bool:
        """Say whether an invitation of hers to the group stands."""
        return group.invitations.standing().filter(person=child).exists()

    def meetings(self, group_ids: Collection[uuid.UUID]) -> list[Meeting]:
        """Return what these groups meet for from now on, the earliest first."""
        coming = _coming(self.now).filter(series__groups__in=group_ids).order_by("starts_at")
        return [Meeting(*row) for row in coming.values_list(*COLUMNS)]

    def ways(self, timetable_id: uuid.UUID) -> Ways:
        """Return the minutes between two places of a timetable."""
        return PlaceDistance.objects.minutes_of(timetable_id)

    def limit(self, centre_id: uuid.UUID, on: date) -> int | None:
        """Return in how many groups of a term a child may be at once, or None."""
        return Policy.objects.numbers(centre_id, on).get(Policy.Key.GROUPS_PER_CHILD)


class KnownFacts(RuleFacts):
    """Answers the same of these people and groups from at most one question a kind, however many they are."""

    def __init__(self, *, children: Iterable[Person], groups: Iterable[Group], now: datetime) -> None:
        super().__init__(now)
        self.children = {child.pk for child in children}
        self.groups = {group.pk for group in groups}
        self.known_ways: dict[uuid.UUID, Ways] = {}
        self.known_limits: dict[tuple[uuid.UUID, date], int | None] = {}

    def places(self, child: Person) -> list[ChildPlace]:
        """Return her live places."""
        return self._places.get(child.pk, [])

    def next_meeting(self, group: Group) -> datetime | None:
        """Return when the group meets next, or None."""
        return self._next_meetings.get(group.pk)

    def is_resident(self, child: Person, centre_id: uuid.UUID) -> bool:
        """Say whether a household of hers lives in the centre's municipality."""
        return (child.pk, centre_id) in self._homes

    def is_invited(self, child: Person, group: Group) -> bool:
        """Say whether an invitation of hers to the group stands."""
        return (child.pk, group.pk) in self._invited

    def meetings(self, group_ids: Collection[uuid.UUID]) -> list[Meeting]:
        """Return what these groups meet for from now on, the earliest first."""
        return sorted({each for key in group_ids for each in self._meetings[key]}, key=lambda each: each.starts_at)

    def ways(self, timetable_id: uuid.UUID) -> Ways:
        """Return the minutes between two places of a timetable."""
        if timetable_id not in self.known_ways:
            self.known_ways[timetable_id] = super().ways(timetable_id)
        return self.known_ways[timetable_id]

    def limit(self, centre_id: uuid.UUID, on: date) -> int | None:
        """Return in how many groups of a term a child may be at once, or None."""
        if (centre_id, on) not in self.known_limits:
            self.known_limits[centre_id, on] = super().limit(centre_id, on)
        return self.known_limits[centre_id, on]

    @cached_property
    def _places(self) -> dict[uuid.UUID, list[ChildPlace]]:
        return places_of_many(self.children)

    @cached_property
    def _next_meetings(self) -> dict[uuid.UUID, datetime]:
        coming = _coming(self.now).filter(series__groups__in=self.groups)
        return dict(coming.order_by().values_list("series__groups").annotate(Min("starts_at")))

    @cached_property
    def _homes(self) -> set[tuple[uuid.UUID, uuid.UUID]]:
        homes = Household.objects.filter(members__in=self.children, is_resident=True)
        return set(homes.values_list("members", "centre"))

    @cached_property
    def _invited(self) -> set[tuple[uuid.UUID, uuid.UUID]]:
        invited = Invitation.objects.standing().filter(group__in=self.groups, person__in=self.children)
        return set(invited.values_list("person", "group"))

    @cached_property
    def _meetings(self) -> defaultdict[uuid.UUID, list[Meeting]]:
        concerned = {place.group for places in self._places.values() for place in places if place.binds} | self.groups
        coming = _coming(self.now).filter(series__groups__in=concerned)
        found: defaultdict[uuid.UUID, list[Meeting]] = defaultdict(list)
        for key, *facts in coming.values_list("series__groups", *COLUMNS):
            found[key].append(Meeting(*facts))
        return found


def _coming(now: datetime) -> SessionQuerySet:
    return Session.objects.filter(ends_at__gt=now).standing()


def _upcoming(*, group_id: uuid.UUID, now: datetime) -> QuerySet[Session, tuple[datetime]]:
    meetings = Session.objects.filter(series__groups=group_id, ends_at__gt=now).standing()
    return meetings.order_by("starts_at").values_list("starts_at")[:1]


UPCOMING = PreparedQuery(_upcoming)
