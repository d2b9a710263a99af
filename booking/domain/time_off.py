"""Entering that somebody is away, once for everything that plans her, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from booking.domain.cover import Choice, CoverPlan, PlanChanged, apply_plan, lock_plan
from booking.domain.cover_tasks import keep_tasks
from booking.domain.cover_telling import tell_entered
from booking.domain.cover_visits import VisitChoice
from booking.errors import Refusal, Refused, refusal
from booking.models import Account, CoverTask, StaffMember, TimeOff
from scheduler.domain.publication import Away
from scheduler.period import Period

LONGEST = timedelta(days=366)


@transaction.atomic
def enter_time_off(  # noqa: PLR0913  an absence is made of these facts
    *,
    member_id: uuid.UUID,
    starts_at: datetime,
    ends_at: datetime,
    kind: str,
    note: str,
    fingerprint: str,
    choices: Mapping[uuid.UUID, Choice] | None = None,
    visits: Mapping[uuid.UUID, VisitChoice] | None = None,
    families_note: str = "",
    by: Account,
    now: datetime,
) -> TimeOff:
    """Store an absence and do what was chosen for the dates and the visits it touches, all or nothing.

    With `choices` None, as somebody enters her own, nothing is changed: everything goes on the list of open dates, and
    its owner is told. `fingerprint` is that of the plan that was shown. Raises PlanChanged with the new plan, Refused
    (`time_off_backwards`, `time_off_too_long`, `time_off_over`, `time_off_twice`, or what stands in the way of a
    choice) and StaffMember.DoesNotExist; then nothing has changed.
    """
    member = StaffMember.objects.select_for_update(of=("self",)).select_related("centre__timetable").get(pk=member_id)
    reason = refusal_of(member, starts_at, ends_at, now=now)
    if reason is not None:
        raise Refused(reason)
    period = Period(starts_at, ends_at)
    shown = _plan_now(member, period, now=now)
    if shown is not None and shown.fingerprint != fingerprint:
        raise PlanChanged(shown)
    time_off = TimeOff.objects.create(
        member=member,
        starts_at=period.start,
        ends_at=period.end,
        kind=kind,
        note=note,
        entered_by=by,
        entered_at=now,
        changed_at=now,
    )
    if shown is None:
        return time_off
    if choices is None:
        keep_tasks(time_off, [each.session for each in shown.dates], shown.visits, by=by, now=now)
        tell_entered(time_off, open_lines=time_off.tasks.count(), now=now)
    else:
        apply_plan(time_off=time_off, plan=shown, choices=choices, visits=visits, note=families_note, by=by, now=now)
    return time_off


def refusal_of(member: StaffMember, starts_at: datetime, ends_at: datetime, *, now: datetime) -> Refusal | None:
    """Return why an absence cannot be entered, or None; reads only."""
    if ends_at <= starts_at:
        return refusal("time_off_backwards")
    if ends_at - starts_at > LONGEST:
        return refusal("time_off_too_long")
    if ends_at <= now:
        return refusal("time_off_over")
    if TimeOff.objects.standing().filter(member=member).within(Period(starts_at, ends_at)).exists():
        return refusal("time_off_twice", person=str(member.person))
    return None


@transaction.atomic
def take_back_time_off(*, time_off_id: uuid.UUID, by: Account, now: datetime) -> TimeOff:
    """Take an absence back; its open dates leave the list. What was changed for it stays changed.

    Repeating it changes nothing. Raises TimeOff.DoesNotExist. The caller has made sure that `by` may.
    """
    time_off = TimeOff.objects.select_for_update(of=("self",)).get(pk=time_off_id)
    if time_off.cancelled_at is None:
        time_off.cancelled_at = time_off.changed_at = now
        time_off.save(update_fields=["cancelled_at", "changed_at"])
        outcome = CoverTask.Outcome.UNCHANGED
        CoverTask.objects.unsettled().filter(time_off=time_off).update(outcome=outcome, settled_at=now, settled_by=by)
    return time_off


def away_periods(timetable_id: uuid.UUID, *, since: datetime) -> list[Away]:
    """Return when people of a timetable are away from `since` on, for publishing, in one query."""
    standing = TimeOff.objects.standing().filter(member__resource__timetable=timetable_id, ends_at__gt=since)
    rows = standing.order_by("starts_at").values_list(
        "member__resource", "starts_at", "ends_at", "member__resource__name"
    )
    return [Away(resource_id, Period(start, end), name) for resource_id, start, end, name in rows]


def _plan_now(member: StaffMember, period: Period, *, now: datetime) -> CoverPlan | None:
    """Return the plan under its locks, or None for somebody whom no timetable knows."""
    return lock_plan(member, period, now=now) if member.resource_id else None
