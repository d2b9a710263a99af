"""An absence is entered once; what it touches is settled as a whole, told once, or stays on a list with an owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.cover import Choice, CoverPlan, PlanChanged, plan_time_off, settle_time_off
from booking.domain.cover_plan import Action
from booking.domain.cover_tasks import close_settled_lines, hand_over_task, open_lines, settle_task
from booking.domain.time_off import away_periods, enter_time_off, take_back_time_off
from booking.domain.timetable_changes import cancel_date
from booking.errors import Refused
from booking.models import (
    Account,
    Activity,
    CoverTask,
    Group,
    Role,
    SafeguardingCheck,
    SessionChange,
    StaffMember,
    TimeOff,
)
from notifications.models import Message
from scheduler.models import Reservation, Session
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_room,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)
from tests.factories_staffing import THURSDAY, WEDNESDAY, make_colleague, make_time_off

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@dataclass
class World:
    """Robotics every Wednesday at 16:00, led by Michał, with two families; an organiser plans."""

    leader: StaffMember
    organiser: StaffMember
    group: Group
    session: Session

    @property
    def account(self) -> Account:
        return self.organiser.person.account

    @property
    def week(self) -> Period:
        return Period(WEDNESDAY, WEDNESDAY + 2 * DAY)


@pytest.fixture
def world() -> World:
    centre = make_centre()
    leader = make_colleague(centre, given_name="Michał")
    group = make_weekly_group(make_activity(centre), room=make_room(centre.timetable), leader=leader.resource)
    for family in (make_family(centre, children=(7, 9)), make_family(centre)):
        for child in family.children:
            make_enrolment(child, group)
    Message.objects.all().delete()
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).earliest("starts_at")
    return World(leader, make_staff(centre=centre), group, session)


def plan(world: World) -> CoverPlan:
    return plan_time_off(member=world.leader, period=world.week, now=NOW)


def enter(world: World, *, choices: dict | None = None, fingerprint: str | None = None, **facts) -> TimeOff:
    wanted = {"kind": TimeOff.Kind.ILLNESS, "note": "", "by": world.account, "now": NOW, **facts}
    return enter_time_off(
        member_id=world.leader.pk,
        starts_at=world.week.start,
        ends_at=world.week.end,
        fingerprint=plan(world).fingerprint if fingerprint is None else fingerprint,
        choices=choices,
        **wanted,
    )


def told(kind: str) -> list[str]:
    return sorted(Message.objects.filter(kind=kind).values_list("recipient_name", flat=True))


def test_qualified_checked_and_free_colleague_is_proposed(world):
    able = make_colleague(world.group.activity.centre, given_name="Ewa")
    make_colleague(world.group.activity.centre, given_name="Ola", kinds=("dance",))
    make_colleague(world.group.activity.centre, given_name="Iza", checked=False)
    (found,) = plan(world).dates
    assert [each.resource for each in found.substitutes] == [able.resource_id]
    assert found.proposal.action == Action.SUBSTITUTE


def test_colleague_who_is_away_or_busy_then_is_not_proposed(world):
    centre = world.group.activity.centre
    away, busy = make_colleague(centre), make_colleague(centre)
    make_time_off(away, WEDNESDAY, WEDNESDAY + DAY)
    make_series(make_term(centre.timetable), starts=time(16, 30), ends=time(17), leader=busy.resource)
    assert plan(world).dates[0].substitutes == ()


def test_without_a_colleague_the_next_free_day_is_proposed(world):
    (found,) = plan(world).dates
    assert found.proposal.action == Action.MOVE
    assert found.proposal.period == Period(world.session.starts_at + 2 * DAY, world.session.ends_at + 2 * DAY)


def test_substitute_leads_holds_the_hour_and_everybody_is_told_once(world):
    able = make_colleague(world.group.activity.centre)
    time_off = enter(world, choices=plan(world).proposed())
    world.session.refresh_from_db()
    assert (world.session.leader_id, world.session.sequence) == (able.resource_id, 1)
    assert able.resource.reservations.filter(session=world.session).exists()
    assert not world.leader.resource.reservations.filter(session=world.session).exists()
    assert len(told("dates_changed")) == 2
    assert told("taken_over") == [str(able.person)]
    assert SessionChange.objects.get().kind == SessionChange.Kind.SUBSTITUTED
    line = time_off.tasks.get()
    assert (line.outcome, line.settled_by) == (CoverTask.Outcome.SUBSTITUTED, world.account)


def test_many_dates_of_one_family_are_one_message(world):
    extra = make_series(
        world.group.term, day=date(2026, 9, 3), room=world.group.series.get().room, leader=world.leader.resource
    )
    world.group.series.add(extra)
    enter(world, choices={each.session.pk: Choice(Action.CANCEL) for each in plan(world).dates})
    assert Session.objects.filter(status=Session.Status.CANCELLED).count() == 2
    assert len(told("dates_changed")) == 2


def test_moved_date_is_held_on_the_new_day(world):
    enter(world, choices=plan(world).proposed(), families_note="Instruktora nie będzie.")
    before = world.session.period
    world.session.refresh_from_db()
    assert world.session.starts_at == before.start + 2 * DAY
    assert world.session.note == "Instruktora nie będzie."


def test_day_on_which_too_few_would_remain_is_not_proposed_and_cannot_be_chosen(world):
    helper = make_colleague(world.leader.centre, educator=True, kinds=())
    assert helper.resource is not None
    Reservation.objects.create(
        session=world.session,
        resource=helper.resource,
        starts_at=world.session.starts_at,
        ends_at=world.session.ends_at,
    )
    Activity.objects.update(needs_educator=True)
    make_time_off(helper, WEDNESDAY + 2 * DAY, WEDNESDAY + 4 * DAY)
    (found,) = plan(world).dates
    (friday, monday) = (Period(world.session.starts_at + n * DAY, world.session.ends_at + n * DAY) for n in (2, 5))
    assert found.proposal.dates[0] == monday
    before = snapshot()
    with pytest.raises(Refused) as raised:
        enter(world, choices={world.session.pk: Choice(Action.MOVE, period=friday)})
    assert raised.value.refusal.code == "unknown_choice_for_date"
    assert snapshot() == before


def test_day_after_the_end_of_her_checks_is_not_proposed(world):
    SafeguardingCheck.objects.filter(member=world.leader).update(checked_on=date(2024, 11, 20))
    assert plan(world).dates[0].proposal.dates == ()
    assert plan(world).dates[0].proposal.action == Action.LEAVE


def test_own_absence_changes_nothing_and_waits_for_the_organiser(world):
    time_off = enter(world, by=world.leader.person.account)
    line = time_off.tasks.get()
    assert (line.session_id, line.owner, line.settled_at) == (world.session.pk, world.organiser, None)
    assert told("time_off_entered") == [str(world.organiser.person)]
    world.session.refresh_from_db()
    assert world.session.sequence == 0


def test_open_dates_of_an_entered_absence_are_settled_later(world):
    time_off = enter(world)
    able = make_colleague(world.group.activity.centre)
    fresh = plan(world)
    settle_time_off(
        time_off=time_off, choices=fresh.proposed(), fingerprint=fresh.fingerprint, by=world.account, now=NOW
    )
    world.session.refresh_from_db()
    assert world.session.leader_id == able.resource_id
    assert open_lines(centre_ids=[world.leader.centre_id], now=NOW) == []


def snapshot() -> tuple:
    return (
        list(Session.objects.order_by("pk").values_list("pk", "leader", "status", "sequence")),
        list(Reservation.objects.order_by("pk").values_list("resource", "session")),
        TimeOff.objects.count(),
        CoverTask.objects.count(),
        Message.objects.count(),
    )


def test_plan_that_is_no_longer_the_plan_is_shown_anew_and_changes_nothing(world):
    seen = plan(world)
    make_colleague(world.group.activity.centre)
    before = snapshot()
    with pytest.raises(PlanChanged) as raised:
        enter(world, choices=seen.proposed(), fingerprint=seen.fingerprint)
    assert raised.value.plan.dates[0].proposal.action == Action.SUBSTITUTE
    assert snapshot() == before


def test_choice_that_was_not_offered_is_refused_and_changes_nothing(world):
    stranger = make_colleague(make_centre())
    before = snapshot()
    with pytest.raises(Refused) as raised:
        enter(world, choices={world.session.pk: Choice(Action.SUBSTITUTE, stranger.resource_id)})
    assert raised.value.refusal.code == "unknown_choice_for_date"
    assert snapshot() == before


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (WEDNESDAY, WEDNESDAY, "time_off_backwards"),
        (WEDNESDAY, WEDNESDAY + 400 * DAY, "time_off_too_long"),
        (NOW - 2 * DAY, NOW - DAY, "time_off_over"),
        (THURSDAY, THURSDAY + DAY, "time_off_twice"),
    ],
)
def test_absence_that_cannot_be_is_refused(world, starts, ends, code):
    make_time_off(world.leader, WEDNESDAY, WEDNESDAY + 2 * DAY)
    before = snapshot()
    with pytest.raises(Refused) as raised:
        enter_time_off(
            member_id=world.leader.pk,
            starts_at=starts,
            ends_at=ends,
            kind=TimeOff.Kind.LEAVE,
            note="",
            fingerprint="",
            by=world.account,
            now=NOW,
        )
    assert raised.value.refusal.code == code
    assert snapshot() == before


def test_day_care_is_never_moved(world):
    world.group.activity.kind = "day_care"
    world.group.activity.save()
    assert plan(world).dates[0].proposal.action == Action.LEAVE


def test_educator_without_whom_the_children_are_alone_is_replaced_by_an_educator(world):
    centre = world.group.activity.centre
    world.group.activity.needs_educator = True
    world.group.activity.save()
    world.leader.counts_for_ratio = True
    world.leader.save()
    make_colleague(centre)
    educator = make_colleague(centre, educator=True, role=Role.EDUCATOR)
    assert [each.resource for each in plan(world).dates[0].substitutes] == [educator.resource_id]


def test_date_settled_on_the_board_leaves_the_list(world):
    time_off = enter(world)
    cancel_date(session_id=world.session.pk, by=world.account, note="", now=NOW)
    assert open_lines(centre_ids=[world.leader.centre_id], now=NOW) == []
    assert close_settled_lines(now=NOW) == 1
    assert time_off.tasks.get().outcome == CoverTask.Outcome.CANCELLED
    assert close_settled_lines(now=NOW) == 0


def test_line_is_handed_over_and_taken_off(world):
    line = enter(world).tasks.get()
    other = make_staff(Role.COORDINATOR, centre=world.leader.centre)
    assert hand_over_task(task_id=line.pk, owner=other).owner == other
    with pytest.raises(CoverTask.DoesNotExist):
        hand_over_task(task_id=line.pk, owner=make_staff())
    settle_task(task_id=line.pk, by=world.account, now=NOW)
    assert open_lines(centre_ids=[world.leader.centre_id], now=NOW) == []


def test_absence_taken_back_empties_its_list_and_can_be_entered_again(world):
    time_off = enter(world)
    for _twice in range(2):
        take_back_time_off(time_off_id=time_off.pk, by=world.account, now=NOW)
    assert not time_off.tasks.unsettled().exists()
    assert away_periods(world.leader.centre.timetable_id, since=NOW) == []
    assert enter(world).tasks.count() == 1


def test_absence_is_known_to_publishing(world):
    enter(world)
    (away,) = away_periods(world.leader.centre.timetable_id, since=NOW)
    assert (away.resource_id, away.period) == (world.leader.resource_id, world.week)


def test_number_of_queries_does_not_depend_on_the_length_of_the_absence(world):
    for _number in range(3):
        make_colleague(world.group.activity.centre)
    with CaptureQueriesContext(connection) as short:
        plan_time_off(member=world.leader, period=world.week, now=NOW)
    with CaptureQueriesContext(connection) as long:
        found = plan_time_off(member=world.leader, period=Period(WEDNESDAY, WEDNESDAY + 200 * DAY), now=NOW)
    assert len(found.dates) > 20
    assert len(long) == len(short)
