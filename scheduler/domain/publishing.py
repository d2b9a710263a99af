"""Publishing series: from patterns to sessions, as an upsert that keeps every identity."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.clashes import Clash, Need, assign_units
from scheduler.domain.closures import ClosedDays, list_closures, resting_days
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_series
from scheduler.models import Reservation, Resource, Series, Session
from scheduler.period import Period
from scheduler.recurrence import planned_dates

BATCH = 500


@dataclass(frozen=True, slots=True)
class DroppedDate:
    """A date the pattern asks for that falls on a day of rest."""

    series: Series
    day: date
    reason: ClosedDays


@dataclass(slots=True)
class Publication:
    """What publishing will do, or did: sessions added, changed and removed, dates dropped, clashes in the way."""

    added: list[Session] = field(default_factory=list)
    changed: list[Session] = field(default_factory=list)
    removed: list[Session] = field(default_factory=list)
    dropped: list[DroppedDate] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether publishing would write nothing."""
        return not (self.added or self.changed or self.removed)


def plan_publication(series: Iterable[Series], *, now: datetime) -> Publication:
    """Return what publishing these series would do; writes nothing.

    A session whose date was changed by hand keeps that change. The past is left alone, except that missing sessions
    are added to it. The number of queries does not depend on the number of sessions.
    """
    lines = list(series)
    plan = Publication()
    existing = _existing_sessions(lines)
    resting = _resting_days(lines)
    for line in lines:
        _plan_series(line, existing.get(line.pk, {}), resting[line.timetable_id, line.on_breaks], plan, now)
    _find_clashes(lines, plan)
    return plan


@transaction.atomic
def publish_series(*, series_ids: Iterable[uuid.UUID], now: datetime) -> Publication:
    """Publish series in one transaction and return what changed; a second call changes nothing.

    Raises Refused (`clash`) if a room, person or piece of equipment would be needed twice; then nothing is written.
    """
    lines = lock_series(series_ids)
    lock_resources({need for line in lines for need in _needed_resources(line)})
    plan = plan_publication(lines, now=now)
    if plan.clashes:
        raise Refused(_clash_refusal(plan.clashes[0]))
    if not plan.is_empty:
        _write(plan)
    Series.objects.filter(pk__in=[line.pk for line in lines], published_at__isnull=True).update(published_at=now)
    return plan


def _existing_sessions(lines: list[Series]) -> dict[uuid.UUID, dict[date, Session]]:
    found: dict[uuid.UUID, dict[date, Session]] = {}
    for session in Session.objects.filter(series__in=lines):
        found.setdefault(session.series_id, {})[session.planned_date] = session
    return found


def _resting_days(lines: list[Series]) -> dict[tuple[uuid.UUID, str], dict[date, ClosedDays]]:
    resting: dict[tuple[uuid.UUID, str], dict[date, ClosedDays]] = {}
    for timetable in {line.timetable for line in lines}:
        own = [line for line in lines if line.timetable_id == timetable.pk]
        first = min(line.starts_on for line in own)
        last = max((line.event.end_recurring_period or line.event.end).date() for line in own)
        closures = list_closures(timetable, first, last)
        for habit in Series.OnBreaks.values:
            resting[timetable.pk, habit] = resting_days(closures, on_breaks=habit)
    return resting


def _plan_series(
    line: Series, existing: dict[date, Session], resting: dict[date, ClosedDays], plan: Publication, now: datetime
) -> None:
    wanted: dict[date, Period] = {}
    for planned in planned_dates(line):
        if planned.day in resting:
            plan.dropped.append(DroppedDate(line, planned.day, resting[planned.day]))
        else:
            wanted[planned.day] = planned.period
    for day, period in wanted.items():
        session = existing.get(day)
        if session is None:
            plan.added.append(_new_session(line, day, period, now))
        elif not session.changed_by_hand and session.starts_at > now and not _matches(session, line, period):
            plan.changed.append(_follow_pattern(session, line, period, now))
    for day, session in existing.items():
        if day not in wanted and not session.changed_by_hand and not session.is_cancelled and session.starts_at > now:
            session.status = Session.Status.CANCELLED
            session.sequence += 1
            session.changed_at = now
            plan.removed.append(session)


def _new_session(line: Series, day: date, period: Period, now: datetime) -> Session:
    return Session(
        # Made from series and day, so that a date keeps its calendar UID even if its row is lost and published again.
        id=uuid.uuid5(line.pk, day.isoformat()),
        timetable_id=line.timetable_id,
        series=line,
        planned_date=day,
        starts_at=period.start,
        ends_at=period.end,
        room_id=line.room_id,
        leader_id=line.leader_id,
        changed_at=now,
    )


def _matches(session: Session, line: Series, period: Period) -> bool:
    return (
        session.status == Session.Status.SCHEDULED
        and session.period == period
        and session.room_id == line.room_id
        and session.leader_id == line.leader_id
    )


def _follow_pattern(session: Session, line: Series, period: Period, now: datetime) -> Session:
    session.series = line
    session.status = Session.Status.SCHEDULED
    session.starts_at, session.ends_at = period.start, period.end
    session.room_id, session.leader_id = line.room_id, line.leader_id
    session.sequence += 1
    session.changed_at = now
    return session


def _needed_resources(line: Series) -> set[uuid.UUID]:
    needed = {resource.pk for resource in line.resources.all()}
    return needed | {key for key in (line.room_id, line.leader_id) if key}


def _find_clashes(lines: list[Series], plan: Publication) -> None:
    """Fill in the needs of added and changed sessions and whatever stands in their way."""
    fresh = [*plan.added, *plan.changed]
    if not fresh:
        return
    needed = {line.pk: _needed_resources(line) for line in lines}
    needs = [
        Need(resource_id, session.period, session) for session in fresh for resource_id in needed[session.series_id]
    ]
    resources = {need.resource_id for need in needs}
    released = {session.pk for session in (*plan.changed, *plan.removed)}
    taken = Reservation.objects.filter(
        resource__in=resources,
        starts_at__lt=max(session.ends_at for session in fresh),
        ends_at__gt=min(session.starts_at for session in fresh),
    ).values_list("resource_id", "starts_at", "ends_at", "session_id", "unit")
    standing = [
        Need(resource_id, Period(starts_at, ends_at), session_id, unit)
        for resource_id, starts_at, ends_at, session_id, unit in taken
        if session_id not in released
    ]
    units = dict(Resource.objects.filter(pk__in=resources).values_list("pk", "units"))
    assigned, plan.clashes = assign_units([*standing, *needs], units)
    plan.needs = [need for need in assigned if isinstance(need.holder, Session)]


def _clash_refusal(clash: Clash) -> Refusal:
    resource = Resource.objects.get(pk=clash.resource_id)
    zone = resource.timetable.tz
    return Refusal(
        "clash",
        _("%(resource)s is already taken on %(day)s, %(starts)s–%(ends)s."),
        {
            "resource": resource.name,
            "day": f"{clash.second.period.start.astimezone(zone):%d.%m.%Y}",
            "starts": f"{clash.second.period.start.astimezone(zone):%H:%M}",
            "ends": f"{clash.second.period.end.astimezone(zone):%H:%M}",
        },
    )


def _write(plan: Publication) -> None:
    Reservation.objects.filter(session__in=[each.pk for each in (*plan.changed, *plan.removed)]).delete()
    Session.objects.bulk_update(
        [*plan.changed, *plan.removed],
        ["status", "starts_at", "ends_at", "room", "leader", "sequence", "changed_at"],
        batch_size=BATCH,
    )
    Session.objects.bulk_create(plan.added, batch_size=BATCH)
    Reservation.objects.bulk_create(
        [
            Reservation(
                resource_id=need.resource_id,
                unit=need.unit,
                starts_at=need.period.start,
                ends_at=need.period.end,
                session=need.holder,
            )
            for need in plan.needs
            if isinstance(need.holder, Session)
        ],
        batch_size=BATCH,
    )
