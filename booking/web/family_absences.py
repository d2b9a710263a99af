"""Absences in the week of a family: what is written beside a meeting, and the tap that leads to reporting one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.web.family_members import Member
from booking.web.week import Action
from scheduler.models import Session, TimetableRow


@dataclass(frozen=True, slots=True)
class FamilyAbsences:
    """Who will not come to which meeting. A run of rows is one meeting: the day of a day-care group."""

    absent: Mapping[uuid.UUID, set[uuid.UUID]]
    now: datetime

    def words(self, run: Sequence[TimetableRow], people: Sequence[Member]) -> str:
        """Say who will not come: "Zosia: nie przyjdzie"."""
        away = [member for member in people if self._is_absent(run, member)]
        return " · ".join(_("%(name)s: will not come") % {"name": member.name} for member in away)

    def tones(self, run: Sequence[TimetableRow], people: Sequence[Member]) -> list[str]:
        """Return the class of a meeting to which nobody of the family will come."""
        away = bool(people) and all(self._is_absent(run, member) for member in people)
        return ["session--absent"] if away else []

    def actions(self, run: Sequence[TimetableRow], people: Sequence[Member]) -> tuple[Action, ...]:
        """Return a tap for each person whom the reader may enrol, as long as the meeting is not over."""
        return tuple(self._action(run, member) for member in people if member.may_book and self._row(run, member))

    def _action(self, run: Sequence[TimetableRow], member: Member) -> Action:
        row = self._row(run, member) or run[0]
        absent = self._is_absent(run, member)
        label = _("%(name)s will come after all") if absent else _("%(name)s cannot come")
        return Action(label % {"name": member.name}, reverse("absence", args=[row.id, member.id]))

    def _row(self, run: Sequence[TimetableRow], member: Member) -> TimetableRow | None:
        """Return the part of the meeting the tap is about: the first absent one that is not over, or the first."""
        coming = [row for row in run if row.ends_at > self.now and row.status != Session.Status.CANCELLED]
        absent = [row for row in coming if member.id in self.absent.get(row.id, ())]
        return next(iter(absent or coming), None)

    def _is_absent(self, run: Sequence[TimetableRow], member: Member) -> bool:
        return any(member.id in self.absent.get(row.id, ()) for row in run)
