"""Publishing series: from patterns to sessions, as an upsert that keeps every identity."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scheduler.domain.clashes import Clash, Need
from scheduler.domain.closures import ClosedDays, list_closures, resting_days
from scheduler.domain.needs import Needed, needed_by_many
from scheduler.domain.reservations import BATCH, Allotment, plan_reservations, write_reservations
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_series, lock_sessions_of
from scheduler.models import Reservation, Resource, Series, Session
from scheduler.period import Period
from scheduler.recurrence import planned_dates


@dataclass(frozen=True, slots=True)
class DroppedDate:
    """A date the pattern asks for that falls on a day of rest."""

    series: Series
    day: date
    reason: ClosedDays


@dataclass(slots=True)
class Publication:
    """What publishing will do, or did: sessions added, changed and removed, dates dropped, clashes in the way.

    `rebooked` sessions stay as families know them and only hold other resources than before.
    """

    added: list[Session] = field(default_factory=list)
    changed: list[Session] = field(default_factory=list)
    removed: list[Session] = field(default_factory=list)
    rebooked: list[Session] = field(default_factory=list)
    dropped: list[DroppedDate] = field(default_factory=list)
    allotment: Allotment = field(default_factory=Allotment)

    @property
    def is_empty(self) -> bool:
        """Whether publishing would write nothing."""
        return not (self.added or self.changed or self.removed or self.rebooked)

    @property
    def clashes(self) -> list[Clash]:
        """What stands in the way."""
        return self.allotment.clashes

    @property
    def released(self) -> set[uuid.UUID]:
        """The sessions that give back what they hold."""
        return {session.pk for session in (*self.changed, *self.removed, *self.rebooked)}


@dataclass(frozen=True, slots=True)
class _Published:
    """What stands at a moment: the sessions of each series by planned day, what coming ones hold, what each needs."""

    now: datetime
    sessions: dict[uuid.UUID, dict[date, Session]]
    held: dict[uuid.UUID, Needed]
    needed: dict[uuid.UUID, Needed]


def plan_publication(series: Iterable[Series], *, now: datetime) -> Publication:
    """Return what publishing these series would do; writes nothing.

    A session whose date was changed by hand keeps that change. Only the first publication of a series gives it dates
    that have passed; later ones leave the past alone. The number of queries does not depend on the number of sessions.
    """
    lines = list(series)
    return _plan(lines, _published(lines, Session.objects.filter(series__in=lines), now))


@transaction.atomic
def publish_series(*, series_ids: Iterable[uuid.UUID], now: datetime) -> Publication:
    """Publish series in one transaction and return what changed; a second call changes nothing.

    Raises Refused (`clash`) if a room, person or piece of equipment would be needed twice; then nothing is written.
    """
    lines = lock_series(series_ids)
    published = _published(lines, lock_sessions_of(lines), now)
    lock_resources({key for held in (*published.needed.values(), *published.held.values()) for key in held})
    plan = _plan(lines, published)
    if plan.clashes:
        raise Refused(_clash_refusal(plan.clashes[0]))
    if not plan.is_empty:
        _write(plan)
    fresh = [line.pk for line in lines if line.published_at is None]
    if fresh:
        Series.objects.filter(pk__in=fresh).update(published_at=now)
    return plan


def _published(lines: list[Series], sessions: Iterable[Session], now: datetime) -> _Published:
    needed = needed_by_many(lines)
    published = _Published(now, {line.pk: {} for line in lines}, defaultdict(Counter), needed)
    for session in sessions:
        published.sessions[session.series_id][session.planned_date] = session
    coming = Reservation.objects.filter(session__series__in=lines, session__starts_at__gt=now)
    for session_id, resource_id in coming.values_list("session_id", "resource_id"):
        published.held[session_id][resource_id] += 1
    return published


def _plan(lines: list[Series], published: _Published) -> Publication:
    plan = Publication()
    resting = _resting_days(lines)
    for line in lines:
        _plan_series(line, published, resting[line.timetable_id, line.on_breaks], plan)
    kinds = {line.pk: line.kind for line in lines}
    needs = [
        Need(resource_id, session.period, session.pk, kind=kinds[session.series_id])
        for session in (*plan.added, *plan.changed, *plan.rebooked)
        for resource_id in published.needed[session.series_id].elements()
    ]
    plan.allotment = plan_reservations(needs, released=plan.released)
    return plan


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


def _plan_series(line: Series, published: _Published, resting: dict[date, ClosedDays], plan: Publication) -> None:
    wanted = _wanted_periods(line, resting, plan)
    existing, now = published.sessions[line.pk], published.now
    for day, period in wanted.items():
        session = existing.get(day)
        if session is not None:
            _plan_standing(line, session, period, published, plan)
        elif period.start > now or line.published_at is None:
            plan.added.append(_new_session(line, day, period, now))
    for day, session in existing.items():
        if day not in wanted and not session.changed_by_hand and not session.is_cancelled and session.starts_at > now:
            plan.removed.append(_take_back(session, now))


def _wanted_periods(line: Series, resting: dict[date, ClosedDays], plan: Publication) -> dict[date, Period]:
    wanted: dict[date, Period] = {}
    for planned in planned_dates(line):
        if planned.day in resting:
            plan.dropped.append(DroppedDate(line, planned.day, resting[planned.day]))
        else:
            wanted[planned.day] = planned.period
    return wanted


def _plan_standing(line: Series, session: Session, period: Period, published: _Published, plan: Publication) -> None:
    if session.changed_by_hand or min(session.starts_at, period.start) <= published.now:
        return
    if not _matches(session, line, period):
        plan.changed.append(_follow_pattern(session, line, period, published.now))
    elif published.held.get(session.pk, Counter()) != published.needed[line.pk]:
        plan.rebooked.append(session)


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


def _take_back(session: Session, now: datetime) -> Session:
    session.status = Session.Status.CANCELLED
    session.sequence += 1
    session.changed_at = now
    return session


def _clash_refusal(clash: Clash) -> Refusal:
    resource = Resource.objects.select_related("timetable").get(pk=clash.resource_id)
    one, other = clash.first.period, clash.second.period
    starts, ends = (
        moment.astimezone(resource.timetable.tz) for moment in (max(one.start, other.start), min(one.end, other.end))
    )
    return Refusal(
        "clash",
        _("%(resource)s is already taken on %(day)s, %(starts)s–%(ends)s."),
        {
            "resource": resource.name,
            "day": date_format(starts, "DATE_FORMAT"),
            "starts": date_format(starts, "TIME_FORMAT"),
            "ends": date_format(ends, "TIME_FORMAT"),
        },
    )


def _write(plan: Publication) -> None:
    Session.objects.bulk_update(
        [*plan.changed, *plan.removed],
        ["status", "starts_at", "ends_at", "room", "leader", "sequence", "changed_at"],
        batch_size=BATCH,
    )
    Session.objects.bulk_create(plan.added, batch_size=BATCH)
    write_reservations(plan.allotment, released=plan.released)
