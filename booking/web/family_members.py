"""The family of the reader: the children she may see and she herself, each with her rights and her own hue."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from booking.models import Account, Centre, Guardianship, Merge, Person

HUES = 8


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the reader's family. `right` is what makes the reader her guardian; None for the reader herself."""

    person: Person
    hue: int
    mark: str
    right: Guardianship | None = None

    @property
    def id(self) -> uuid.UUID:
        """The person's id."""
        return self.person.pk

    @property
    def name(self) -> str:
        """What the family calls her."""
        return self.person.given_name

    @property
    def is_reader(self) -> bool:
        """Whether it is the reader herself."""
        return self.right is None

    @property
    def may_book(self) -> bool:
        """Whether the reader may enrol and withdraw her."""
        return self.right is None or self.right.can_book


def reader_of(request: HttpRequest) -> Account:
    """Return the account that asks; pages call it behind `login_required`."""
    return cast("Account", request.user)


def family_of(account: Account, on: date) -> list[Member]:
    """Return the children `account` may see on that day, oldest first, then the reader herself; in two queries.

    Guardians without the right to view, whose right has ended or who are barred from a child do not get that child.
    """
    if account.person is None:
        return []
    rights = Guardianship.objects.in_force(on).filter(guardian_id=account.person_id, can_view=True)
    found = rights.select_related("child").order_by("child__birth_date", "child__given_name", "child_id")
    people = [*((right.child, right) for right in found), (account.person, None)]
    marks = marks_of([person.given_name for person, _right in people])
    return [
        Member(person, number % HUES + 1, mark, right)
        for number, ((person, right), mark) in enumerate(zip(people, marks, strict=True))
    ]


def marks_of(names: Sequence[str]) -> list[str]:
    """Return the letters that stand for each name: the first, or as many as tell it from the others (at most three)."""
    marks = []
    for position, name in enumerate(names):
        others = [other for number, other in enumerate(names) if number != position]
        lengths = (size for size in (1, 2, 3) if not any(other[:size] == name[:size] for other in others))
        marks.append(name[: next(lengths, 1)])
    return marks


def member_or_404(members: Iterable[Member], person_id: uuid.UUID) -> Member:
    """Return the member with this id, or whose record that one was put into. Raises Http404 for everybody else."""
    known = {member.id: member for member in members}
    if person_id not in known:
        person_id = Merge.objects.kept_instead_of(Merge.Kind.PERSON, person_id)
    if person_id not in known:
        raise Http404
    return known[person_id]


def centres_of(members: Iterable[Member]) -> QuerySet[Centre]:
    """Return the centres these people are families of, with their timetables."""
    people = [member.id for member in members]
    found = Centre.objects.filter(households__members__in=people).distinct()
    return found.select_related("timetable").order_by("name")


def zone_of(centre: Centre | None) -> ZoneInfo:
    """Return the zone of a family's pages: the centre's, or the installation's where the family has none."""
    return centre.timetable.tz if centre else ZoneInfo(settings.TIME_ZONE)
