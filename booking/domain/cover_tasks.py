"""The list of what absences left open: who owns each line, and how it was settled."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from booking.domain.cover_facts import affected_sessions
from booking.models import Account, Appointment, CoverTask, Role, StaffMember, StaffRole, TimeOff
from booking.models.appointment import COMING
from scheduler.models import Session

Outcome = CoverTask.Outcome
OWNERS = (Role.ORGANISER, Role.COORDINATOR, Role.DIRECTOR)  # who is asked first
Was = dict[str, str]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with one date; `was` is what it was before, `led` says that its leader was replaced."""

    session: Session
    outcome: CoverTask.Outcome
    was: Was
    substitute: uuid.UUID | None = None
    led: bool = False


def snapshot(session: Session) -> Was:
    """Return what a date is now, as texts."""
    return {
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
        "room": session.room.name if session.room else "",
        "leader": session.leader.name if session.leader else "",
        "status": session.status,
    }


def keep_tasks(
    time_off: TimeOff,
    sessions: Iterable[Session],
    visits: Iterable[Appointment],
    *,
    done: Mapping[uuid.UUID, CoverTask.Outcome] | None = None,
    by: Account | None,
    now: datetime,
) -> None:
    """Keep a line for everything an absence touches: settled for what was done, open for the rest.

    `done` says what was done, by the ids of dates and visits.
    """
    owner = owner_for(time_off.member, by=by, now=now)
    facts = {"owner": owner, "opened_at": now}
    for session in sessions:
        CoverTask.objects.get_or_create(time_off=time_off, session=session, defaults=facts)
    for visit in visits:
        CoverTask.objects.get_or_create(time_off=time_off, visit=visit, defaults=facts)
    for key, outcome in (done or {}).items():
        lines = CoverTask.objects.unsettled().filter(Q(session=key) | Q(visit=key), time_off=time_off)
        lines.update(outcome=outcome, settled_at=now, settled_by=by)


def owner_for(member: StaffMember, *, by: Account | None, now: datetime) -> StaffMember | None:
    """Return who owns what an absence of this member leaves open: whoever enters it if she plans, else an organiser."""
    on = timezone.localdate(now, member.centre.timetable.tz)
    roles = StaffRole.objects.in_force(on).filter(member__centre=member.centre_id, role__in=OWNERS)
    staff = {role.member: role.role for role in roles.select_related("member").order_by("member__person__sort_name")}
    own = [each for each in staff if by is not None and each.person_id == by.person_id]
    others = sorted((each for each in staff if each.pk != member.pk), key=lambda each: OWNERS.index(Role(staff[each])))
    return next(iter([*own, *others]), None)


@transaction.atomic
def settle_task(*, task_id: uuid.UUID, by: Account, now: datetime) -> CoverTask:
    """Take a line off the list: it was settled in another way, or stays as it is. Repeating it changes nothing.

    Raises CoverTask.DoesNotExist. The caller has made sure that `by` plans the centre.
    """
    task = CoverTask.objects.select_for_update(of=("self",)).get(pk=task_id)
    if task.settled_at is None:
        task.outcome, task.settled_at, task.settled_by = Outcome.UNCHANGED, now, by
        task.save(update_fields=["outcome", "settled_at", "settled_by"])
    return task


@transaction.atomic
def hand_over_task(*, task_id: uuid.UUID, owner: StaffMember) -> CoverTask:
    """Give a line of the list to another member of staff of the same centre. Raises CoverTask.DoesNotExist."""
    task = CoverTask.objects.select_for_update(of=("self",)).select_related("time_off__member").get(pk=task_id)
    if task.time_off.member.centre_id != owner.centre_id:
        raise CoverTask.DoesNotExist
    task.owner = owner
    task.save(update_fields=["owner"])
    return task


def open_lines(*, centre_ids: Iterable[uuid.UUID], now: datetime) -> list[CoverTask]:
    """Return what is still open, in order of time, without what was meanwhile settled elsewhere; reads only."""
    return [line for line, outcome in _looked_at(centre_ids, now) if not outcome]


@transaction.atomic
def close_settled_lines(*, now: datetime) -> int:
    """Take off every list what was settled elsewhere: cancelled, moved, led by others, over. Return how many."""
    count = 0
    centres = CoverTask.objects.unsettled().values_list("time_off__member__centre_id", flat=True)
    for line, outcome in _looked_at(set(centres), now):
        if outcome:
            settled = CoverTask.objects.unsettled().filter(pk=line.pk)
            count += settled.update(outcome=outcome, settled_at=now)
    return count


def _looked_at(centre_ids: Iterable[uuid.UUID], now: datetime) -> list[tuple[CoverTask, str]]:
    """Return the unsettled lines with how each was settled elsewhere, or nothing."""
    related = ("session__series", "session__room", "visit__service", "time_off__member__person", "owner__person")
    found = CoverTask.objects.unsettled().filter(time_off__member__centre__in=list(centre_ids)).select_related(*related)
    by_absence: dict[uuid.UUID, list[CoverTask]] = {}
    for line in found:
        by_absence.setdefault(line.time_off_id, []).append(line)
    looked_at = []
    for lines in by_absence.values():
        still = _still_open(lines[0].time_off, now)
        looked_at += [(line, _settled_as(line, still)) for line in lines]
    return sorted(looked_at, key=lambda each: each[0].starts_at)


def _still_open(time_off: TimeOff, now: datetime) -> set[uuid.UUID]:
    resource = time_off.member.resource_id
    if resource is None or time_off.cancelled_at is not None:
        return set()
    visits = Appointment.objects.given_by(resource).within(time_off.period).coming(now).values_list("pk", flat=True)
    return {each.pk for each in affected_sessions(resource, time_off.period, now=now)} | set(visits)


def _settled_as(line: CoverTask, still: set[uuid.UUID]) -> str:
    if (line.session_id or line.visit_id) in still:
        return ""
    if line.visit is not None:
        return _visit_settled_as(line.visit, line.time_off)
    assert line.session is not None  # noqa: S101  a line is about one of the two, the database says so
    if line.session.is_cancelled:
        return Outcome.CANCELLED
    if line.time_off.cancelled_at is not None:
        return Outcome.UNCHANGED
    return Outcome.SUBSTITUTED if line.session.period.overlaps(line.time_off.period) else Outcome.MOVED


def _visit_settled_as(visit: Appointment, time_off: TimeOff) -> str:
    if visit.is_cancelled:
        return Outcome.CANCELLED
    if time_off.cancelled_at is not None or visit.status not in COMING:
        return Outcome.UNCHANGED
    if not visit.period.overlaps(time_off.period):
        return Outcome.MOVED
    return Outcome.SUBSTITUTED if visit.specialist_id != time_off.member.resource_id else Outcome.UNCHANGED
