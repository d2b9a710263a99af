"""Who is to be expected at one meeting: those with a place, without those who will not come, and guests of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from booking.domain.timetable_changes import people_concerned
from booking.models import Absence, Group, GuestPlace, Person
from scheduler.models import Session


@dataclass(frozen=True, slots=True)
class Line:
    """One person on the list of a meeting; `age` on that day, None where the birth date is not known."""

    person: Person
    age: int | None
    is_absent: bool = False
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """The list of one meeting, in order of name."""

    lines: tuple[Line, ...]

    def __iter__(self) -> Iterator[Line]:
        """Go through the list."""
        return iter(self.lines)

    def __len__(self) -> int:
        """Count those on the list, absent ones too."""
        return len(self.lines)

    @property
    def absent(self) -> int:
        """How many will not come."""
        return sum(line.is_absent for line in self.lines)

    @property
    def expected(self) -> int:
        """How many will."""
        return len(self.lines) - self.absent


def register_of(session: Session, *, on: date, group: Group | None = None) -> Register:
    """Return the list of a meeting that takes place on the day `on`, in three queries.

    Where several groups meet together, `group` asks for those of one of them.
    """
    away = set(Absence.objects.standing().filter(session=session).values_list("child_id", flat=True))
    people = people_concerned(session, group=group)
    lines = [Line(person, person.age_on(on), is_absent=person.pk in away) for person in people]
    known = {line.person.pk for line in lines}
    visits = GuestPlace.objects.coming().filter(session=session).select_related("child")
    if group is not None:
        visits = visits.filter(group=group)
    guests = [Line(visit.child, visit.child.age_on(on), is_guest=True) for visit in visits.order_by("child")]
    return Register((*lines, *(guest for guest in guests if guest.person.pk not in known)))
