"""What the planner of substitutes is asked with: what an absence touches, who could take over, which dates are free."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q
from django.utils import timezone

from booking.domain.cover_dates import DAYS_AHEAD, FreeDates
from booking.domain.cover_plan import Affected, Candidate, Stay, Ways
from booking.domain.meetings import Audience, audiences
from booking.domain.safeguarding import Standing, standings
from booking.models import Appointment, Group, Policy, StaffMember, TimeOff
from scheduler.models import PlaceDistance, Reservation, Series, Session
from scheduler.period import Period

AROUND = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything about one absence at one moment; `visits` are those that the absent person would have given."""

    affected: list[Affected]
    sessions: Mapping[uuid.UUID, Session]
    visits: list[Appointment]
    candidates: list[Candidate]
    ways: Ways


def affected_sessions(resource_id: uuid.UUID, period: Period, *, now: datetime) -> list[Session]:
    """Return the dates not over that this person leads or helps in within `period`, in order of time."""
    hers = Q(leader=resource_id) | Q(reservations__resource=resource_id)
    found = Session.objects.standing().within(period).filter(hers, ends_at__gt=now)
    keys = found.values("pk")
    groups = Prefetch("series__groups", queryset=Group.objects.select_related("activity"))
    related = Session.objects.filter(pk__in=keys).select_related("series__term", "timetable", "room__place", "leader")
    return list(related.prefetch_related(groups, "series__services").order_by("starts_at", "pk"))


def affected_visits(resource_id: uuid.UUID, period: Period, *, now: datetime) -> list[Appointment]:
    """Return the visits not over that this person gives, alone or with others, within `period`, in order of time."""
    found = Appointment.objects.given_by(resource_id).within(period).coming(now).order_by("starts_at", "pk")
    return list(found.select_related("service__centre__timetable", "person").prefetch_related("colleagues", "parties"))


def load_situation(member: StaffMember, period: Period, *, now: datetime) -> Situation:
    """Return what an absence of this member in `period` touches, in a fixed number of queries."""
    assert member.resource_id is not None  # noqa: S101  who is in no timetable is not asked about
    sessions = affected_sessions(member.resource_id, period, now=now)
    ways = PlaceDistance.objects.minutes_of(member.centre.timetable_id)
    visits = affected_visits(member.resource_id, period, now=now)
    # Whoever visits comes to this specialist: such hours are settled visit by visit, and no other person is put there.
    sessions = [each for each in sessions if not _receives(each, visits)]
    if not sessions:
        return Situation([], {}, visits, [], ways)
    until = max(period.end, now) + timedelta(days=DAYS_AHEAD)
    span = Period(min(sessions[0].starts_at, now) - AROUND, until + AROUND)
    candidates = _candidates(member, span, on=timezone.localdate(sessions[-1].starts_at, member.centre.timetable.tz))
    educators = {each.resource for each in candidates if each.is_educator}
    dates = FreeDates(member, sessions, span, ways, after=max(period.end, now), now=now)
    staff = _staff_of(sessions)
    known = audiences(session.series_id for session in sessions)
    limit = Policy.objects.numbers(member.centre_id, timezone.localdate(now)).get(Policy.Key.CHILDREN_PER_EDUCATOR)
    affected = []
    for session in sessions:
        audience = known.get(session.series_id, Audience())
        needs_educator = _needs_educator(audience, member, len(staff[session.pk] & educators), limit)
        affected.append(_affected(session, audience=audience, needs_educator=needs_educator, dates=dates))
    by_id = {session.pk: session for session in sessions}
    return Situation(affected, by_id, visits, candidates, ways)


def _receives(session: Session, visits: Iterable[Appointment]) -> bool:
    is_duty = session.series.kind == Series.Kind.DUTY
    return is_duty and any(visit.starts_at < session.ends_at and session.starts_at < visit.ends_at for visit in visits)


def _affected(session: Session, *, audience: Audience, needs_educator: bool, dates: FreeDates) -> Affected:
    leads = session.leader_id == dates.member.resource_id
    return Affected(
        session=session.pk,
        sequence=session.sequence,
        stay=Stay(session.period, session.room.place_id if session.room else None),
        # Whoever helps as an educator is replaced by an educator, whatever is taught there.
        skills=_skills(session) if leads or not dates.member.counts_for_ratio else frozenset(),
        with_children=audience.with_children,
        needs_educator=needs_educator,
        wishes=dates.wishes(session) if leads else (),
        blocked=dates.blocked(session) if leads else (),
    )


def _needs_educator(audience: Audience, member: StaffMember, others: int, limit: int | None) -> bool:
    """Say whether only an educator can replace this one: without her there are too few for the children."""
    if limit is None or not (audience.in_care and member.counts_for_ratio):
        return False
    return audience.children > limit * others


def _skills(session: Session) -> frozenset[str]:
    """Return what somebody must be able to do to lead this date."""
    kinds = {f"kind:{group.activity.kind}" for group in session.series.groups.all()}
    return frozenset(kinds | {f"service:{service.pk}" for service in session.series.services.all()})


def _staff_of(sessions: Iterable[Session]) -> dict[uuid.UUID, set[uuid.UUID]]:
    staff: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    held = Reservation.objects.filter(session__in=[each.pk for each in sessions])
    for session_id, resource_id in held.values_list("session_id", "resource_id"):
        staff[session_id].add(resource_id)
    return staff


def _candidates(member: StaffMember, span: Period, *, on: date) -> list[Candidate]:
    """Return everybody else whom the timetable knows, with what they can do and what they have in `span`."""
    others = StaffMember.objects.filter(centre=member.centre_id, resource__isnull=False).exclude(pk=member.pk)
    people = list(others.select_related("resource").prefetch_related("qualifications"))
    keys = [person.resource_id for person in people if person.resource_id]
    checked: Mapping[uuid.UUID, Standing] = standings(people, on=on)
    stays: dict[uuid.UUID, list[Stay]] = defaultdict(list)
    held = Reservation.objects.filter(resource__in=keys, starts_at__lt=span.end, ends_at__gt=span.start)
    for key, start, end, place in held.values_list("resource_id", "starts_at", "ends_at", "session__room__place_id"):
        stays[key].append(Stay(Period(start, end), place))
    away: dict[uuid.UUID, list[Period]] = defaultdict(list)
    for off in TimeOff.objects.standing().of_resources(keys).within(span).select_related("member"):
        if off.member.resource_id:
            away[off.member.resource_id].append(off.period)
    return [
        Candidate(
            resource=person.resource_id,
            name=person.resource.name,
            skills=_skills_of(person),
            is_verified=checked[person.pk].verified,
            is_educator=person.counts_for_ratio,
            stays=tuple(sorted(stays[person.resource_id], key=lambda stay: stay.period)),
            away=tuple(sorted(away[person.resource_id])),
        )
        for person in people
        if person.resource is not None and person.resource_id is not None
    ]


def _skills_of(person: StaffMember) -> frozenset[str]:
    return frozenset(
        f"service:{each.service_id}" if each.service_id else f"kind:{each.activity_kind}"
        for each in person.qualifications.all()
    )
