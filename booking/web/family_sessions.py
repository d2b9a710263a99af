"""What the people of a family go to: their places, the sessions of a stretch of time, what changed soon to come."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.formats import time_format

from booking.domain.absences import absent_from
from booking.models import Activity, Enrolment, Group
from booking.models.activity import Sensitivity
from booking.web.family_absences import FamilyAbsences
from booking.web.family_members import Member
from booking.web.offer_words import full_name
from booking.web.week import PersonChip, WeekEntry
from scheduler.models import Series, Session, TimetableRow
from scheduler.period import Period

CHANGES_AHEAD = timedelta(days=14)
SHORT = timedelta(minutes=30)  # up to this a grid has room for one line only


@dataclass(frozen=True, slots=True)
class Attendance:
    """The live places of these people, and in which series the groups they go to meet. Made by `attendance_of`."""

    members: tuple[Member, ...]
    enrolments: tuple[Enrolment, ...]
    groups_by_series: dict[uuid.UUID, list[Group]]

    def of(self, member: Member) -> list[Enrolment]:
        """Return the places of one person, those she waits for too."""
        return [enrolment for enrolment in self.enrolments if enrolment.child_id == member.id]

    def members_of(self, groups: Iterable[Group]) -> list[Member]:
        """Return who goes to any of these groups, in the family's order."""
        ids = {group.pk for group in groups}
        going = {each.child_id for each in self.enrolments if each.group_id in ids and _goes(each)}
        return [member for member in self.members if member.id in going]

    @property
    def series_ids(self) -> list[uuid.UUID]:
        """The series of all their groups."""
        return list(self.groups_by_series)


@dataclass(frozen=True, slots=True)
class Change:
    """A date of the coming days that does not take place, or not as planned."""

    session: Session
    title: str
    people: list[Member]
    moved_from: date | None


def attendance_of(members: Sequence[Member]) -> Attendance:
    """Return what these people go to, in two queries."""
    found = Enrolment.objects.live().with_position().filter(child__in=[member.id for member in members])
    enrolments = list(found.select_related("group__activity__centre").order_by("group__activity__name", "group__name"))
    groups = {enrolment.group_id: enrolment.group for enrolment in enrolments if _goes(enrolment)}
    links = Group.series.through.objects.filter(group__in=groups).values_list("series_id", "group_id")
    by_series: dict[uuid.UUID, list[Group]] = defaultdict(list)
    for series_id, group_id in links.order_by("group_id"):
        by_series[series_id].append(groups[group_id])
    return Attendance(tuple(members), tuple(enrolments), dict(by_series))


def family_entries(attendance: Attendance, *, period: Period, zone: ZoneInfo, now: datetime) -> list[WeekEntry]:
    """Return every session of the family in `period` as a week shows it, in two queries.

    Each leads in one tap to the page on which an absence is reported or taken back.

    A meeting that two children go to stands once with both. The blocks of a day-care day (play, meal, homework) that
    follow each other are one entry that lists them.
    """
    rows = _sessions(attendance).within(period).rows()
    absences = FamilyAbsences(absent_from(row.id for row in rows), now)
    entries = [_entry(row, attendance, zone, absences) for row in rows if not _is_routine(row, attendance)]
    routine: dict[uuid.UUID, list[TimetableRow]] = defaultdict(list)
    groups: dict[uuid.UUID, Group] = {}
    for row in rows:
        for group in attendance.groups_by_series[row.series_id] if _is_routine(row, attendance) else ():
            routine[group.pk].append(row)
            groups[group.pk] = group
    for key, blocks in routine.items():
        entries += [_routine_entry(run, groups[key], attendance, zone, absences) for run in _runs(blocks)]
    return entries


def next_rows(attendance: Attendance, *, now: datetime, until: datetime) -> dict[uuid.UUID, list[TimetableRow]]:
    """Return the coming sessions of each group, cancelled ones included, in one query."""
    rows: dict[uuid.UUID, list[TimetableRow]] = defaultdict(list)
    for row in _sessions(attendance).filter(ends_at__gt=now, starts_at__lt=until).rows():
        for group in attendance.groups_by_series[row.series_id]:
            rows[group.pk].append(row)
    return rows


def coming_changes(attendance: Attendance, *, now: datetime, zone: ZoneInfo) -> list[Change]:
    """Return the dates of the coming two weeks that were cancelled or moved, into them or out of them; in one query."""
    until = now + CHANGES_AHEAD
    today, last = now.astimezone(zone).date(), until.astimezone(zone).date()
    soon = Q(starts_at__lt=until, ends_at__gt=now) | Q(planned_date__range=(today, last), ends_at__gt=now)
    found = _sessions(attendance).filter(soon).exclude(status=Session.Status.SCHEDULED)
    changes = []
    for session in found.select_related("room", "leader", "series").order_by("starts_at", "series__title"):
        groups = attendance.groups_by_series[session.series_id]
        people = attendance.members_of(groups)
        moved_from = session.planned_date if session.starts_at.astimezone(zone).date() != session.planned_date else None
        changes.append(Change(session, _title(session.series.title, groups), people, moved_from))
    return changes


def public_page(group: Group) -> str:
    """Return the address of a group's page, or nothing where strangers may not see it."""
    return group.get_absolute_url() if group.activity.sensitivity == Sensitivity.PUBLIC else ""


def _goes(enrolment: Enrolment) -> bool:
    return enrolment.status == Enrolment.Status.ENROLLED


def _sessions(attendance: Attendance) -> Any:
    return Session.objects.filter(series__in=attendance.series_ids).exclude(series__audience=Series.Audience.STAFF)


def _is_routine(row: TimetableRow, attendance: Attendance) -> bool:
    """Say whether a row is a plain block of a day-care day: nothing changed about it, no other group meets in it."""
    groups = attendance.groups_by_series[row.series_id]
    plain = row.status == Session.Status.SCHEDULED and not row.note
    return plain and all(group.activity.kind == Activity.Kind.DAY_CARE for group in groups)


def _runs(rows: list[TimetableRow]) -> list[list[TimetableRow]]:
    """Split blocks in order of time into runs in which each begins when the one before it ends."""
    begun = -1
    until: datetime | None = None

    def run(row: TimetableRow) -> int:
        nonlocal begun, until
        begun += row.starts_at != until
        until = row.ends_at
        return begun

    return [list(together) for _, together in groupby(rows, key=run)]


def _entry(row: TimetableRow, attendance: Attendance, zone: ZoneInfo, absences: FamilyAbsences) -> WeekEntry:
    groups = attendance.groups_by_series[row.series_id]
    people = attendance.members_of(groups)
    entry = WeekEntry.of_row(row, zone=zone, title=_title(row.title, groups), url=public_page(groups[0]))
    absent = absences.words([row], people)
    facts = _of_people(people, *absences.tones([row], people))
    entry = replace(entry, note=_joined(absent, row.note), actions=absences.actions([row], people), **facts)
    return _leading_on(entry)


def _routine_entry(
    run: list[TimetableRow], group: Group, attendance: Attendance, zone: ZoneInfo, absences: FamilyAbsences
) -> WeekEntry:
    first, last = run[0], run[-1]
    people = attendance.members_of([group])
    absent = absences.words(run, people)
    plan = [f"{time_format(row.starts_at.astimezone(zone), 'H:i')} {row.title}" for row in run]
    entry = WeekEntry.of_row(
        first,
        zone=zone,
        title=full_name(group) if len(run) > 1 else _title(first.title, [group]),
        url=public_page(group),
        ends_at=last.ends_at.astimezone(zone),
        where=", ".join(dict.fromkeys(row.room for row in run if row.room)),
        who=", ".join(dict.fromkeys(row.leader for row in run if row.leader)),
        note=_joined(absent, ", ".join(plan) if len(run) > 1 else ""),
        actions=absences.actions(run, people),
        **_of_people(people, "session--routine", *absences.tones(run, people)),
    )
    return _leading_on(entry)


def _leading_on(entry: WeekEntry) -> WeekEntry:
    """Let the whole of a short entry lead to the page of its absence: a line of its own would not be seen."""
    is_short = entry.ends_at - entry.starts_at <= SHORT
    return replace(entry, url=entry.actions[0].url) if is_short and entry.actions else entry


def _joined(*notes: str) -> str:
    return " · ".join(filter(None, notes))


def _of_people(people: list[Member], *classes: str) -> dict[str, Any]:
    """Return the chips of these people and the tone: the hue of one person, no hue where several go together."""
    chips = tuple(PersonChip(member.name, member.hue, member.mark) for member in people)
    hue = [f"hue-{people[0].hue}"] if len(people) == 1 else []
    return {"people": chips, "tone": " ".join([*hue, *classes])}


def _title(title: str, groups: list[Group]) -> str:
    """Return what meets and which group it is, without saying the same twice.

    An activity is its group: "Robotyka – Maluchy". A part of a day-care day is named, then the group.
    """
    names = [full_name(group) for group in groups if group.activity.kind != Activity.Kind.DAY_CARE]
    if names:
        return " · ".join(names)
    return " · ".join([title, *(full_name(group) for group in groups)])
