"""The lines of a term as the board shows them: what stands, what is drafted, and what is wrong with each."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.models import Group
from booking.web.offer_words import say_meetings
from booking.web.recurrence_words import meetings_of
from booking.web.week import Mark, WeekEntry
from scheduler.models import Recurrence, Resource, Series

if TYPE_CHECKING:
    from scheduler.models import Term

MOVABLE = {Recurrence.WEEKLY, Recurrence.FORTNIGHTLY, Recurrence.ONCE}  # whose weekday may be changed by dragging


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line: `line` is what stands or the new draft, `plan` what it is to become."""

    line: Series
    plan: Series
    groups: tuple[Group, ...] = ()
    stops: bool = False
    warns: bool = False
    helpers: tuple[Resource, ...] = field(default=())

    @property
    def state(self) -> str:
        """What publishing does with it: new, changed, ending, or nothing (blank)."""
        if self.line.published_at is None:
            return "new"
        if self.plan is self.line:
            return ""
        return "ending" if self.plan.discontinued else "changed"

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("board-series", args=[self.line.pk])

    @property
    def when(self) -> str:
        """On which days and hours: "poniedziałki i środy 16:00–16:45"."""
        return "; ".join(say_meetings(meetings_of(self.plan)))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The words that stand at it."""
        said = {"new": Mark(_("new")), "changed": Mark(_("changed")), "ending": Mark(_("ends"), "warn")}
        state = (said[self.state],) if self.state else ()
        if self.stops:
            return (*state, Mark(_("clash"), "danger"))
        return (*state, Mark(_("check"), "warn")) if self.warns else state

    @property
    def belongs(self) -> frozenset[uuid.UUID]:
        """The ids of its room, place, people and groups."""
        plan = self.plan
        place = plan.room.place_id if plan.room else None
        ids = {plan.room_id, place, plan.leader_id, *(each.pk for each in (*self.helpers, *self.groups))}
        return frozenset(each for each in ids if each)

    @property
    def tone(self) -> str:
        """The colour of its activity, and dashed while it is not published as it stands."""
        kind = f"kind-{self.groups[0].activity.kind}" if self.groups else ""
        quiet = "session--quiet" if not kind and self.plan.kind == Series.Kind.DUTY else ""
        return " ".join(filter(None, (kind or quiet, "session--draft" if self.state else "")))

    def entries(self, monday: date, zone: ZoneInfo) -> list[WeekEntry]:
        """Return the line on each of its weekdays in the week of `monday`."""
        days = [monday + timedelta(days=weekday) for weekday in self.plan.weekdays]
        return [
            WeekEntry(
                starts_at=datetime.combine(day, self.plan.starts, tzinfo=zone),
                ends_at=datetime.combine(day, self.plan.ends, tzinfo=zone),
                title=self.plan.title,
                url=self.url,
                where=self.plan.room.name if self.plan.room else "",
                who=self.plan.leader.name if self.plan.leader else "",
                note=self.note,
                tone=self.tone,
                marks=self.marks,
                belongs=self.belongs,
            )
            for day in days
        ]

    @property
    def note(self) -> str:
        """How it repeats, where that is not every week of the term."""
        plan = self.plan
        weekly = plan.recurrence == Recurrence.WEEKLY
        said = [] if weekly else [meetings_of(plan)[0].on or str(plan.get_recurrence_display())]
        if plan.rule_id and plan.last_on < plan.term.ends_on:
            said.append(_("until %(day)s") % {"day": _short(plan.last_on)})
        if weekly and plan.starts_on > plan.term.starts_on + timedelta(days=13):
            said.append(_("from %(day)s") % {"day": _short(plan.starts_on)})
        return ", ".join(said)

    def as_json(self) -> dict[str, Any]:
        """Return what the script that drags lines is told."""
        plan = self.plan
        return {
            "id": str(self.line.pk),
            "title": plan.title,
            "weekdays": plan.weekdays,
            "starts": _clock(plan.starts),
            "ends": _clock(plan.ends),
            "resources": [str(each) for each in self.belongs],
            "room": str(plan.room_id or ""),
            "leader": str(plan.leader_id or ""),
            "where": plan.room.name if plan.room else "",
            "who": plan.leader.name if plan.leader else "",
            "marks": [{"label": mark.label, "tone": mark.tone} for mark in self.marks],
            "tone": self.tone,
            "url": self.url,
            "shift": reverse("board-series-shift", args=[self.line.pk]),
            "movable": plan.recurrence in MOVABLE,
        }


def lines_of(term: Term, *, stops: Iterable[uuid.UUID] = (), warns: Iterable[uuid.UUID] = ()) -> list[PlanLine]:
    """Return the lines of a term in order of the week, in three queries; ended ones that nobody revises stay out."""
    rows = list(Series.objects.filter(term=term).with_pattern().select_related("term", "timetable", "event__rule"))
    revisions = {row.replaces_id: row for row in rows if row.replaces_id}
    lines = [row for row in rows if not row.replaces_id and not (row.discontinued and row.pk not in revisions)]
    groups = _groups_of(rows)
    stopping, warning = set(stops), set(warns)
    found = []
    for line in lines:
        plan = revisions.get(line.pk, line)
        ids = {line.pk, plan.pk}
        helpers = tuple(each for each in plan.resources.all() if each.kind == Resource.Kind.SPECIALIST)
        of_groups = groups.get(plan.pk) or groups.get(line.pk) or []
        found.append(PlanLine(line, plan, tuple(of_groups), bool(ids & stopping), bool(ids & warning), helpers))
    return sorted(found, key=lambda each: (each.plan.weekday, each.plan.starts, each.plan.title))


def _groups_of(rows: Iterable[Series]) -> Mapping[uuid.UUID, list[Group]]:
    found: dict[uuid.UUID, list[Group]] = defaultdict(list)
    links = Group.series.through.objects.filter(series__in=[row.pk for row in rows])
    for link in links.select_related("group__activity").order_by("group__name"):
        found[link.series_id].append(link.group)
    return found


def _clock(hour: time) -> str:
    return f"{hour:%H:%M}"


def _short(day: date) -> str:
    return date_format(day, "j E")
