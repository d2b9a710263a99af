"""Meetings as the rules of safe staffing read them: when, where, which staff, how many children."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from booking.models import Activity, Group, StaffMember
from scheduler.domain.publication import Publication
from scheduler.models import Reservation, Resource, Series, Session
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period

OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Meeting:
    """One dated meeting.

    `children` are the places taken, or all places while its line is a draft. `in_care`: the children are in the care
    of the day-care facility, so that only educators count.
    """

    session_id: uuid.UUID
    series_id: uuid.UUID
    title: str
    period: Period
    place_id: uuid.UUID | None
    staff: frozenset[uuid.UUID]
    children: int = 0
    with_children: bool = False
    in_care: bool = False


@dataclass(frozen=True, slots=True)
class Audience:
    """Who meets in a series."""

    children: int = 0
    places: int = 0
    with_children: bool = False
    in_care: bool = False

    def __add__(self, other: Audience) -> Audience:
        """Return both together."""
        return Audience(
            self.children + other.children,
            self.places + other.places,
            self.with_children or other.with_children,
            self.in_care or other.in_care,
        )


def audiences(series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Audience]:
    """Return who meets in each of these series, in one query; series without groups are absent."""
    facts = ("series", "places_taken", "capacity", "age_from", "activity__kind", "activity__needs_educator")
    found: dict[uuid.UUID, Audience] = defaultdict(Audience)
    for series_id, taken, capacity, age_from, kind, needs_educator in Group.objects.filter(
        series__in=set(series_ids)
    ).values_list(*facts):
        if age_from is not None and age_from >= OF_AGE:
            continue
        in_care = needs_educator or kind == Activity.Kind.DAY_CARE
        found[series_id] += Audience(taken, capacity, with_children=True, in_care=in_care)
    return dict(found)


def meetings_of_publication(plan: Publication) -> list[Meeting]:
    """Return what a publication would add or change, in two queries more than the plan itself."""
    line_of = plan.line_of
    helpers = {line.series.pk: _helpers(line.plan) for line in plan.lines}
    known = audiences(key for line in plan.lines for key in (line.plan.pk, line.series.pk))
    rooms = {session.room_id for session in (*plan.added, *plan.changed, *plan.rebooked) if session.room_id}
    places = dict(Resource.objects.filter(pk__in=rooms).values_list("pk", "place"))
    meetings = []
    for session in (*plan.added, *plan.changed, *plan.rebooked):
        line = line_of[session.series_id]
        audience = known.get(line.plan.pk) or known.get(line.series.pk) or Audience()
        meetings.append(
            Meeting(
                session_id=session.pk,
                series_id=session.series_id,
                title=line.plan.title,
                period=session.period,
                place_id=places.get(session.room_id) if session.room_id else None,
                staff=frozenset(helpers[line.series.pk] | ({session.leader_id} if session.leader_id else set())),
                children=audience.places if line.is_new else audience.children,
                with_children=audience.with_children,
                in_care=audience.in_care,
            )
        )
    return meetings


def meetings_of_sessions(sessions: SessionQuerySet) -> list[Meeting]:
    """Return published meetings that take place, with the people whom each has reserved, in three queries."""
    facts = ("pk", "series_id", "series__title", "starts_at", "ends_at", "room__place", "leader_id")
    rows = list(sessions.filter(status__in=[Session.Status.SCHEDULED, Session.Status.MOVED]).values_list(*facts))
    staff: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    held = Reservation.objects.filter(session__in=[row[0] for row in rows], resource__kind=Resource.Kind.SPECIALIST)
    for session_id, resource_id in held.values_list("session_id", "resource_id"):
        staff[session_id].add(resource_id)
    known = audiences(row[1] for row in rows)
    return [
        Meeting(
            session_id=pk,
            series_id=series_id,
            title=title,
            period=Period(starts_at, ends_at),
            place_id=place_id,
            staff=frozenset(staff[pk] | ({leader_id} if leader_id else set())),
            children=(audience := known.get(series_id, Audience())).children,
            with_children=audience.with_children,
            in_care=audience.in_care,
        )
        for pk, series_id, title, starts_at, ends_at, place_id, leader_id in rows
    ]


def staff_by_resource(resource_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, StaffMember]:
    """Return the members of staff whom a timetable knows as these resources, in one query."""
    found = StaffMember.objects.filter(resource__in=set(resource_ids)).select_related("person", "resource")
    return {member.resource_id: member for member in found if member.resource_id}


def _helpers(plan: Series) -> set[uuid.UUID]:
    """Return the people beside the leader; no query if the resources are loaded."""
    return {each.pk for each in plan.resources.all() if each.kind == Resource.Kind.SPECIALIST} - {plan.leader_id}
