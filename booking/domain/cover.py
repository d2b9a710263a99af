"""Planning and settling what an absence leaves without its person: substitute, move, cancel, or leave it on a list."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from booking.domain.assignments import refuse_unstaffed
from booking.domain.cover_facts import Situation, load_situation
from booking.domain.cover_plan import Action, Affected, Candidate, Proposal, fingerprint_of, plan_cover
from booking.domain.cover_tasks import Done, keep_tasks, snapshot
from booking.domain.cover_telling import tell_cover
from booking.domain.cover_visits import VisitChoice, VisitCover, lock_visits, plan_visits, settle_visits
from booking.errors import Refused, refusal
from booking.models import Account, Appointment, CoverTask, StaffMember, TimeOff
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.domain.substitutions import substitute_person
from scheduler.locks import lock_resources, lock_sessions
from scheduler.models import Reservation, Session
from scheduler.period import Period

Outcome = CoverTask.Outcome


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decided for one date; `substitute` or `period` go with the action."""

    action: Action
    substitute: uuid.UUID | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class CoverDate:
    """One date of the plan with what is proposed for it."""

    session: Session
    affected: Affected
    proposal: Proposal
    substitutes: tuple[Candidate, ...]

    def allows(self, choice: Choice) -> bool:
        """Whether this is one of the ways that are offered."""
        match choice.action:
            case Action.SUBSTITUTE:
                return choice.substitute in self.proposal.substitutes
            case Action.MOVE:
                return choice.period in self.proposal.dates
        return True


@dataclass(frozen=True, slots=True)
class CoverPlan:
    """What an absence touches and what can be done; for dates something is proposed, visits stay until one decides."""

    dates: tuple[CoverDate, ...]
    covers: tuple[VisitCover, ...]
    fingerprint: str

    @property
    def visits(self) -> list[Appointment]:
        """The visits that it touches."""
        return [cover.visit for cover in self.covers]

    @property
    def is_empty(self) -> bool:
        """Whether the absence touches nothing."""
        return not (self.dates or self.covers)

    def proposed(self) -> dict[uuid.UUID, Choice]:
        """Return the choices as they are proposed."""
        made = (each.proposal for each in self.dates)
        return {each.session: Choice(each.action, each.substitute, each.period) for each in made}


class PlanChanged(Refused):
    """Raised when the plan that was confirmed is no longer the plan: `plan` is the new one."""

    def __init__(self, plan: CoverPlan) -> None:
        super().__init__(refusal("plan_changed"))
        self.plan = plan


def plan_time_off(*, member: StaffMember, period: Period, now: datetime) -> CoverPlan:
    """Return what an absence would touch and what is proposed for it; writes nothing.

    Asks a fixed number of queries, and two for each service among the visits.
    """
    situation = load_situation(member, period, now=now)
    return _plan(situation, plan_visits(situation.visits, member=member, period=period, now=now))


def _plan(situation: Situation, covers: Sequence[VisitCover]) -> CoverPlan:
    proposals = plan_cover(situation.affected, situation.candidates, situation.ways)
    affected = {each.session: each for each in situation.affected}
    people = {each.resource: each for each in situation.candidates}
    dates = tuple(
        CoverDate(
            session=situation.sessions[proposal.session],
            affected=affected[proposal.session],
            proposal=proposal,
            substitutes=tuple(people[key] for key in proposal.substitutes),
        )
        for proposal in proposals
    )
    fingerprint = fingerprint_of(situation.affected, proposals, *(cover.mark for cover in covers))
    return CoverPlan(dates, tuple(covers), fingerprint)


@transaction.atomic
def settle_time_off(  # noqa: PLR0913  what was decided about an absence
    *,
    time_off: TimeOff,
    choices: Mapping[uuid.UUID, Choice],
    fingerprint: str,
    by: Account,
    now: datetime,
    visits: Mapping[uuid.UUID, VisitChoice] | None = None,
    note: str = "",
) -> CoverPlan:
    """Do what was chosen for every date and every visit of an absence, all or nothing.

    Each family is told once of its dates, and of each visit. `note` is for families, with what is moved or cancelled.
    What has no choice, or is left, stays on the list of open dates. Raises PlanChanged if the plan is no longer the one
    that was confirmed, Refused with the code of what stands in the way (`clash`, `travel`, `closed_day`, `ratio` …), or
    `unknown_choice_for_date`, `unknown_choice_for_visit`; then nothing has changed.
    """
    plan = lock_plan(time_off.member, time_off.period, now=now)
    if plan.fingerprint != fingerprint:
        raise PlanChanged(plan)
    apply_plan(time_off=time_off, plan=plan, choices=choices, visits=visits, note=note, by=by, now=now)
    return plan


def apply_plan(  # noqa: PLR0913  as above
    *,
    time_off: TimeOff,
    plan: CoverPlan,
    choices: Mapping[uuid.UUID, Choice],
    visits: Mapping[uuid.UUID, VisitChoice] | None,
    note: str,
    by: Account,
    now: datetime,
) -> None:
    """Do what was chosen for all that a plan touches, which was made under its locks. Raises Refused as above."""
    done: list[Done] = []
    for date in plan.dates:
        choice = choices.get(date.session.pk, Choice(Action.LEAVE))
        if not date.allows(choice):
            raise Refused(refusal("unknown_choice_for_date", title=date.session.series.title))
        outcome = _settle(time_off, date, choice, note=note, now=now)
        if outcome is not None:
            done.append(outcome)
    outcomes = {each.session.pk: each.outcome for each in done}
    outcomes |= settle_visits(plan.covers, visits or {}, note=note, by=by, now=now)
    keep_tasks(time_off, [date.session for date in plan.dates], plan.visits, done=outcomes, by=by, now=now)
    tell_cover(time_off, done, by=by, cause=plan.fingerprint, now=now)


def lock_plan(member: StaffMember, period: Period, *, now: datetime) -> CoverPlan:
    """Lock those who come, their visits, the dates, then all that may be taken, each in key order, and plan anew."""
    situation = load_situation(member, period, now=now)
    covers = plan_visits(situation.visits, member=member, period=period, now=now)
    lock_visits(situation.visits)
    lock_sessions(situation.sessions)
    of_plan = Q(session__in=list(situation.sessions)) | Q(visit__in=[each.pk for each in situation.visits])
    held = Reservation.objects.filter(of_plan).values_list("resource_id", flat=True)
    people = {each.resource for each in situation.candidates} | {key for key in (member.resource_id,) if key}
    people |= {key for cover in covers for key in cover.takes}
    lock_resources(people | set(held))
    return plan_time_off(member=member, period=period, now=now)


def _settle(time_off: TimeOff, date: CoverDate, choice: Choice, *, note: str, now: datetime) -> Done | None:
    before, absent = date.session, time_off.member.resource_id
    assert absent is not None  # noqa: S101  the plan has dates only for people of a timetable
    was = snapshot(before)
    match choice.action:
        case Action.SUBSTITUTE:
            someone = choice.substitute
            after = substitute_person(session_id=before.pk, absent_id=absent, substitute_id=someone, now=now)
            return Done(after, Outcome.SUBSTITUTED, was, substitute=someone, led=before.leader_id == absent)
        case Action.MOVE:
            assert choice.period is not None  # noqa: S101  the plan offered it
            after = move_session(
                session_id=before.pk, period=choice.period, room_id=before.room_id, note=note or before.note, now=now
            )
            refuse_unstaffed(after, before=before, now=now)
            return Done(after, Outcome.MOVED, was)
        case Action.CANCEL:
            after = cancel_session(session_id=before.pk, note=note or before.note, now=now)
            return Done(after, Outcome.CANCELLED, was)
    return None
