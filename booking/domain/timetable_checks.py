"""What speaks against a timetable beside clashes: unchecked staff, too few educators, no time for the way, leave.

The two entrances load what the rules need in a fixed number of queries, whatever the number of sessions.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from booking.domain.findings import Finding
from booking.domain.meetings import Meeting, meetings_of_publication, meetings_of_sessions, staff_by_resource
from booking.domain.safeguarding import standings
from booking.domain.staffing_rules import (
    Staffing,
    check_findings,
    leave_findings,
    ratio_findings,
    travel_findings,
)
from booking.models import Centre, Policy, TimeOff
from scheduler.domain.publication import Publication
from scheduler.domain.travel import Stop, Ways, find_too_far, standing_stops
from scheduler.models import PlaceDistance, Resource, Session
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period


def check_publication(plan: Publication, *, now: datetime) -> list[Finding]:
    """Return what speaks against publishing, in a number of queries that does not depend on the number of sessions."""
    meetings = [each for each in meetings_of_publication(plan) if each.period.end > now]
    if not meetings:
        return []
    timetable = plan.lines[0].series.timetable
    centre = Centre.objects.filter(timetable=timetable).first()
    staffing = load_staffing(meetings, centre, zone=timetable.tz, now=now)
    ways = PlaceDistance.objects.minutes_of(timetable.pk)
    return [
        *check_findings(meetings, staffing),
        *ratio_findings(meetings, staffing),
        *_find_travel(meetings, ways, staffing, leaving_out=plan.released),
    ]


def check_sessions(sessions: SessionQuerySet, *, centre: Centre, now: datetime) -> list[Finding]:
    """Return what speaks against published sessions that are not over, in a fixed number of queries."""
    meetings = meetings_of_sessions(sessions.filter(ends_at__gt=now))
    if not meetings:
        return []
    zone = centre.timetable.tz
    staffing = load_staffing(meetings, centre, zone=zone, now=now)
    ways = PlaceDistance.objects.minutes_of(centre.timetable_id)
    return [
        *check_findings(meetings, staffing),
        *ratio_findings(meetings, staffing),
        *leave_findings(meetings, staffing),
        *_find_travel(meetings, ways, staffing, leaving_out={each.session_id for each in meetings}),
    ]


def load_staffing(meetings: Iterable[Meeting], centre: Centre | None, *, zone: ZoneInfo, now: datetime) -> Staffing:
    """Return what is known about the people of these meetings, in six queries."""
    people = {key for meeting in meetings for key in meeting.staff}
    on = timezone.localdate(now, zone)
    members = staff_by_resource(people)
    names = dict(Resource.objects.filter(pk__in=people).values_list("pk", "name"))
    by_member = standings(members.values(), on=on)
    away: dict[uuid.UUID, list[Period]] = {}
    for key, start, end in _time_off(people, now):
        away.setdefault(key, []).append(Period(start, end))
    return Staffing(
        zone=zone,
        limit=Policy.objects.numbers(centre.pk, on).get(Policy.Key.CHILDREN_PER_EDUCATOR) if centre else None,
        names=names,
        standing={key: by_member[member.pk] for key, member in members.items()},
        educators=frozenset(key for key, member in members.items() if member.counts_for_ratio),
        away=away,
    )


def _find_travel(
    meetings: list[Meeting], ways: Ways, staffing: Staffing, *, leaving_out: set[uuid.UUID]
) -> list[Finding]:
    """Compare the meetings with each other and with what else their people have, but for what is left out."""
    if not ways:
        return []
    mine = {each.session_id: each for each in meetings}
    people = {key for meeting in meetings for key in meeting.staff}
    span = Period(min(each.period.start for each in meetings), max(each.period.end for each in meetings))
    others = [stop for stop in standing_stops(people, span, ways) if stop.holder not in leaving_out]
    own = [
        Stop(key, each.period, each.place_id, each.session_id)
        for each in meetings
        if each.place_id
        for key in each.staff
    ]
    far = [
        pair for pair in find_too_far([*others, *own], ways) if mine.keys() & {pair.first.holder, pair.second.holder}
    ]
    titles = {each.session_id: each.title for each in meetings}
    strangers = {holder for pair in far for holder in (pair.first.holder, pair.second.holder)} - titles.keys()
    titles |= dict(Session.objects.filter(pk__in=strangers).values_list("pk", "series__title"))
    return travel_findings(far, mine, titles, staffing)


def _time_off(people: set[uuid.UUID], now: datetime) -> list[tuple[uuid.UUID, datetime, datetime]]:
    standing = TimeOff.objects.standing().of_resources(people).filter(ends_at__gt=now).order_by("starts_at")
    return list(standing.values_list("member__resource", "starts_at", "ends_at"))
