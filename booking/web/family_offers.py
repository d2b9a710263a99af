"""Groups as they are offered to one person of the family: what, when, where, and the way to enrol her."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from booking.models import Centre, Group
from booking.web.family_members import Member
from booking.web.offer_words import full_name, say_meetings
from booking.web.recurrence_words import meetings_of

OFFERS_SHOWN = 4
WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A group in the words a family reads it in; the group was loaded with `catalogue()`."""

    group: Group
    member: Member | None = None

    @property
    def name(self) -> str:
        """What it is called, without saying the same twice."""
        return full_name(self.group)

    @property
    def when(self) -> list[str]:
        """When it meets: "środy 15:45–16:45"."""
        return say_meetings(meeting for series in self.group.series.all() for meeting in meetings_of(series))

    @property
    def where(self) -> str:
        """In which rooms, each named once."""
        return ", ".join(dict.fromkeys(series.room.name for series in self.group.series.all() if series.room))

    @property
    def who(self) -> str:
        """Who leads it, each named once."""
        return ", ".join(dict.fromkeys(series.leader.name for series in self.group.series.all() if series.leader))

    @property
    def enrol(self) -> str:
        """The page that enrols, the person already chosen."""
        address = reverse("enrol", args=[self.group.pk])
        return f"{address}?child={self.member.id}" if self.member else address


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one person who goes nowhere yet could join."""

    member: Member
    offers: list[Offer]


def suggestions_for(
    idle: Sequence[Member], centres: Iterable[Centre], *, now: datetime, today: date
) -> list[Suggestion]:
    """Return for each of these people the open groups with a free place at her age, in a fixed number of queries."""
    if not idle:
        return []
    open_groups = Group.objects.public().open_at(now).taking_at_once().catalogue()
    groups = list(open_groups.filter(activity__centre__in=list(centres)))
    suggestions = []
    for member in idle:
        age = member.person.age_on(today)
        fitting = [Offer(group, member) for group in groups if _fits(group, age)]
        suggestions.append(Suggestion(member, fitting[:OFFERS_SHOWN]))
    return suggestions


def _fits(group: Group, age: int | None) -> bool:
    if group.age_from is None and group.age_until is None:
        return True
    return age is not None and (group.age_from or 0) <= age <= (group.age_until or age)
