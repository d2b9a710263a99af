"""On which other days the dates of an absence could be held, at the hours they have and with their people there."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from booking.domain.assignments import new_findings
from booking.domain.cover_plan import Stay, Ways, way_between
from booking.domain.meetings import meetings_of_sessions
from booking.domain.timetable_checks import load_staffing
from booking.models import Activity, StaffMember, TimeOff
from scheduler.domain.closures import list_closures, resting_days
from scheduler.models import Reservation, Resource, Session
from scheduler.period import Period
from scheduler.recurrence import is_missing

DAYS_AHEAD = 21  # how far after the absence another date is looked for
SATURDAY = 5


class FreeDates:
    """On which other days the dates of an absence could be held, at the hours they have."""

    def __init__(
        self,
        member: StaffMember,
        sessions: list[Session],
        span: Period,
        ways: Ways,
        *,
        after: datetime,
        now: datetime,
    ) -> None:
        self.member, self.after, self.ways = member, after, ways
        self.zone = member.centre.timetable.tz
        first = timezone.localdate(after, self.zone)
        self.days = [first + timedelta(days=number) for number in range(DAYS_AHEAD)]
        self.closures = list_closures(member.centre.timetable, self.days[0], self.days[-1], of_places=True)
        self.taken = _taken(member, sessions, span)
        self.groups = _group_meetings(sessions, span)
        found = meetings_of_sessions(Session.objects.filter(pk__in=[each.pk for each in sessions]))
        self.meetings = {each.session_id: each for each in found}
        staffing = load_staffing(found, member.centre, zone=self.zone, now=now)
        # Whoever is absent is back by then; her other absences are among what is taken.
        away = {key: periods for key, periods in staffing.away.items() if key != member.resource_id}
        self.staffing = replace(staffing, away=away)

    def wishes(self, session: Session) -> tuple[Period, ...]:
        """Return the same hours on the days that follow, on weekends only of what meets on them.

        Left out are days on which its people could not be there, or too few of them, as when it is moved by hand. Day
        care takes place every day and is never moved.
        """
        groups = session.series.groups.all()
        if any(group.activity.kind == Activity.Kind.DAY_CARE for group in groups):
            return ()
        place = session.room.place if session.room else None
        resting = resting_days(self.closures, on_breaks=session.series.on_breaks, place=place)
        starts, ends = (moment.astimezone(self.zone).timetz() for moment in (session.starts_at, session.ends_at))
        found = []
        for day in self.days:
            on_weekend = day.weekday() >= SATURDAY > session.local_date.weekday()
            if day in resting or on_weekend or day > session.series.term.ends_on:
                continue
            start, end = (datetime.combine(day, hour.replace(tzinfo=None), self.zone) for hour in (starts, ends))
            if start >= self.after and not (is_missing(start) or is_missing(end)):
                found.append(Period(start, end))
        return tuple(period for period in found if self._is_staffed(session, period))

    def _is_staffed(self, session: Session, period: Period) -> bool:
        meeting = self.meetings.get(session.pk)
        return meeting is None or not new_findings(
            replace(meeting, period=period), self.staffing, before=session.period
        )

    def blocked(self, session: Session) -> tuple[Period, ...]:
        """Return when the returning person, the room, the other people or the groups have something else."""
        here = Stay(session.period, session.room.place_id if session.room else None)
        busy = [stay for key, stay in self.taken[session.pk] if key != self.member.resource_id]
        own = []
        for key, stay in self.taken[session.pk]:
            if key == self.member.resource_id:
                way = way_between(here, stay, self.ways)
                own.append(Period(stay.period.start - way, stay.period.end + way))
        return tuple(sorted({*own, *(stay.period for stay in busy), *self.groups[session.pk]}))


def _taken(member: StaffMember, sessions: list[Session], span: Period) -> dict[uuid.UUID, list[tuple[uuid.UUID, Stay]]]:
    """Return for each date when what it needs is taken by something else, in three queries."""
    needed: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in (session.pk for session in sessions)}
    for session_id, resource_id in Reservation.objects.filter(session__in=needed).values_list("session", "resource"):
        needed[session_id].add(resource_id)
    keys = {key for each in needed.values() for key in each}
    held = Reservation.objects.filter(resource__in=keys, starts_at__lt=span.end, ends_at__gt=span.start)
    facts = ("resource", "resource__kind", "starts_at", "ends_at", "session__room__place", "session")
    rows = list(held.values_list(*facts))
    away = TimeOff.objects.standing().filter(member=member).within(span)
    off = [(member.resource_id, Stay(each.period)) for each in away if member.resource_id]
    return {
        session_id: [
            *off,
            *(
                (key, Stay(Period(start, end), place))
                for key, kind, start, end, place, holder in rows
                if key in own and kind != Resource.Kind.EQUIPMENT and holder != session_id
            ),
        ]
        for session_id, own in needed.items()
    }


def _group_meetings(sessions: list[Session], span: Period) -> dict[uuid.UUID, list[Period]]:
    """Return for each date when its groups meet otherwise, in one query."""
    groups = {group.pk for session in sessions for group in session.series.groups.all()}
    others = Session.objects.standing().within(span).filter(series__groups__in=groups)
    meets: dict[uuid.UUID, list[tuple[uuid.UUID, Period]]] = defaultdict(list)
    for pk, group, start, end in others.values_list("pk", "series__groups", "starts_at", "ends_at"):
        meets[group].append((pk, Period(start, end)))
    return {
        session.pk: [
            period for group in session.series.groups.all() for pk, period in meets[group.pk] if pk != session.pk
        ]
        for session in sessions
    }
