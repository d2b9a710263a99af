"""What publishing does with the dates of one line: adds, follows the pattern, takes back, leaves alone. Pure."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.closures import ClosedDays
from scheduler.domain.needs import Needed
from scheduler.domain.publication import Away, DroppedDate, Line, Publication, Was
from scheduler.models import Session
from scheduler.period import Period
from scheduler.recurrence import planned_dates

Resting = dict[date, ClosedDays]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at a moment: sessions by series and planned day, the units that coming ones hold, what lines need."""

    now: datetime
    sessions: dict[uuid.UUID, dict[date, Session]]
    held: dict[uuid.UUID, Needed]
    needed: dict[uuid.UUID, Needed]
    away: dict[uuid.UUID, list[Away]]


def plan_line(line: Line, standing: Standing, resting: Resting, plan: Publication) -> None:
    """Add to the plan what becomes of the dates of a line."""
    existing, now = standing.sessions[line.series.pk], standing.now
    wanted = {} if line.plan.discontinued else _wanted_periods(line, resting, plan)
    first_time = line.is_new and line.continues is None
    for day, period in wanted.items():
        session = existing.get(day)
        if session is not None:
            _plan_standing(line, session, period, standing, plan)
        elif away := _away(line, period, standing):
            plan.dropped.append(DroppedDate(line.plan, day, ClosedDays(day, day, "leave", away.name)))
        elif period.start > now or first_time:
            plan.added.append(_new_session(line, day, period, now))
    for day, session in existing.items():
        if not session.is_cancelled and session.starts_at > now:
            _plan_unplanned(line, session, resting, plan, asked_for=day in wanted)


def _plan_unplanned(line: Line, session: Session, resting: Resting, plan: Publication, *, asked_for: bool) -> None:
    """Take a coming date back that the plan does not ask for; what was changed by hand stays as it is."""
    if session.changed_by_hand:
        closed = resting.get(session.starts_at.astimezone(line.plan.timetable.tz).date())
        if closed is not None and not session.forced_reason:
            plan.stranded.append((session, closed))
    elif not asked_for:
        plan.was[session.pk] = Was.of(session)
        plan.removed.append(_take_back(session, plan.now))


def _wanted_periods(line: Line, resting: Resting, plan: Publication) -> dict[date, Period]:
    wanted: dict[date, Period] = {}
    for planned in planned_dates(line.plan):
        if planned.day in resting and planned.day.isoformat() not in line.plan.forced_days:
            plan.dropped.append(DroppedDate(line.plan, planned.day, resting[planned.day]))
        else:
            wanted[planned.day] = planned.period
    return wanted


def _away(line: Line, period: Period, standing: Standing) -> Away | None:
    leader = line.plan.leader_id
    if leader is None or leader not in standing.away or period.start <= standing.now:
        return None
    return next((each for each in standing.away[leader] if each.period.overlaps(period)), None)


def _plan_standing(line: Line, session: Session, period: Period, standing: Standing, plan: Publication) -> None:
    if session.changed_by_hand or min(session.starts_at, period.start) <= standing.now:
        return
    if not _matches(session, line, period):
        plan.was[session.pk] = Was.of(session)
        plan.changed.append(_follow_pattern(session, line, period, standing.now))
    elif standing.held.get(session.pk, Counter()) != standing.needed[line.plan.pk]:
        plan.rebooked.append(session)


def _new_session(line: Line, day: date, period: Period, now: datetime) -> Session:
    return Session(
        # Made from series and day, so that a date keeps its calendar UID even if its row is lost and standing again.
        id=uuid.uuid5(line.continues.root if line.continues else line.series.root, day.isoformat()),
        timetable_id=line.series.timetable_id,
        series=line.series,
        planned_date=day,
        starts_at=period.start,
        ends_at=period.end,
        room_id=line.plan.room_id,
        leader_id=line.plan.leader_id,
        forced_reason=line.plan.forced_days.get(day.isoformat(), ""),
        changed_at=now,
    )


def _matches(session: Session, line: Line, period: Period) -> bool:
    plan, stands = line.plan, line.continues or line.series
    return (
        session.status == Session.Status.SCHEDULED
        and session.period == period
        and session.room_id == plan.room_id
        and session.leader_id == plan.leader_id
        and session.forced_reason == plan.forced_days.get(session.planned_date.isoformat(), "")
        and (stands.title, stands.audience) == (plan.title, plan.audience)
    )


def _follow_pattern(session: Session, line: Line, period: Period, now: datetime) -> Session:
    session.series = line.series
    session.status = Session.Status.SCHEDULED
    session.starts_at, session.ends_at = period.start, period.end
    session.room_id, session.leader_id = line.plan.room_id, line.plan.leader_id
    session.forced_reason = line.plan.forced_days.get(session.planned_date.isoformat(), "")
    session.sequence += 1
    session.changed_at = now
    return session


def _take_back(session: Session, now: datetime) -> Session:
    session.status = Session.Status.CANCELLED
    session.sequence += 1
    session.changed_at = now
    return session
