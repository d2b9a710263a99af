"""Visits of somebody who is away are settled together: handed over, offered other times, cancelled, or left."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.appointment_answers import (
    accept_appointment,
    accept_at_another_time,
    decline_appointment,
    expire_overdue_appointments,
)
from booking.domain.cover import CoverPlan, PlanChanged, plan_time_off
from booking.domain.cover_tasks import open_lines
from booking.domain.cover_visits import VisitAction, VisitChoice
from booking.domain.slot_watches import watch_slots
from booking.domain.time_off import enter_time_off
from booking.errors import Refused
from booking.models import Account, Appointment, AppointmentChange, CoverTask, StaffMember, TimeOff
from notifications.models import Message
from scheduler.models import Reservation
from scheduler.period import Period
from tests.factories import NOW, make_family, make_room, make_service, make_staff
from tests.factories_staffing import WEDNESDAY
from tests.factories_visits import Practice, make_practice, make_visit, make_window, wall

pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(days=7)
AWAY = Period(WEDNESDAY, WEDNESDAY + DAY)
Outcome, Status = CoverTask.Outcome, Appointment.Status


@dataclass
class World:
    """A psychologist with two visits on the Wednesday on which she will be away; an organiser settles them."""

    practice: Practice
    visits: list[Appointment]
    organiser: Account

    @property
    def member(self) -> StaffMember:
        return self.practice.member

    def plan(self) -> CoverPlan:
        return plan_time_off(member=self.member, period=AWAY, now=NOW)

    def enter(self, *choices: VisitChoice, **facts) -> TimeOff:
        wanted = dict(zip((visit.pk for visit in self.visits), choices, strict=False))
        facts = {"fingerprint": self.plan().fingerprint, "choices": {}, "visits": wanted, "by": self.organiser} | facts
        return enter_time_off(
            member_id=self.member.pk,
            starts_at=AWAY.start,
            ends_at=AWAY.end,
            kind=TimeOff.Kind.ILLNESS,
            note="",
            now=NOW,
            **facts,
        )

    def best(self, action: VisitAction) -> list[VisitChoice]:
        return [cover.best(action) for cover in self.plan().covers]


@pytest.fixture
def world() -> World:
    practice = make_practice()
    centre = practice.service.centre
    visits = [make_visit(practice, wall(hour), person=make_family(centre).child) for hour in (9, 10)]
    return World(practice, visits, make_staff(centre=centre).person.account)


def make_colleague_with_hours(world: World, **window) -> uuid.UUID:
    service = world.practice.service
    member = make_staff("specialist", centre=service.centre)
    make_window(service, specialist=member.resource, room=make_room(service.centre.timetable), **window)
    assert member.resource_id is not None
    return member.resource_id


def statuses() -> list[tuple]:
    found = Appointment.objects.order_by("starts_at", "pk")
    return list(found.values_list("pk", "starts_at", "specialist", "status", "sequence"))


def outcomes(time_off: TimeOff) -> dict[uuid.UUID, str]:
    return dict(time_off.tasks.values_list("visit", "outcome"))


def told(kind: str) -> int:
    return Message.objects.filter(kind=kind).count()


def test_colleague_with_hours_for_the_service_who_is_free_can_take_a_visit_over(world):
    able = make_colleague_with_hours(world)
    other = make_service(world.practice.service.centre, minutes=50)
    make_practice(other)
    first, second = world.plan().covers
    assert [each.id for each in first.colleagues] == [each.id for each in second.colleagues] == [able]
    Reservation.objects.create(
        resource_id=able, visit=uuid.uuid4(), kind="visit", starts_at=wall(9, 30), ends_at=wall(10)
    )
    assert [len(cover.colleagues) for cover in world.plan().covers] == [0, 1]


def test_first_times_after_the_absence_are_offered_to_one_visit_each(world):
    first, second = world.plan().covers
    assert [slot.starts_at for slot in first.times] == [wall(hour) + WEEK for hour in (9, 10, 11)]
    assert [slot.starts_at for slot in second.times] == [wall(hour) + WEEK for hour in (10, 11, 12)]


def test_time_at_which_she_has_another_visit_is_not_offered(world):
    other = make_practice(make_service(world.practice.service.centre, minutes=50))
    make_visit(other, wall(9) + WEEK, person=world.visits[0].person)
    assert world.plan().covers[0].times[0].starts_at == wall(10) + WEEK


def test_visits_are_settled_each_in_its_way_and_everybody_is_told(world):
    able = make_colleague_with_hours(world)
    third = make_visit(world.practice, wall(11), person=make_family(world.practice.service.centre).child)
    world.visits.append(third)
    (hand_over, *_rest) = world.best(VisitAction.HAND_OVER)
    offer = world.best(VisitAction.OFFER)[1]
    time_off = world.enter(hand_over, offer, VisitChoice(VisitAction.CANCEL))
    for visit in world.visits:
        visit.refresh_from_db()
    handed, offered, cancelled = world.visits
    assert (handed.specialist_id, handed.starts_at, handed.status) == (able, wall(9), Status.BOOKED)
    assert (offered.starts_at, offered.status, offered.expires_at) == (wall(10) + WEEK, Status.OFFERED, NOW + DAY)
    assert cancelled.status == Status.CANCELLED
    assert outcomes(time_off) == {
        handed.pk: Outcome.SUBSTITUTED,
        offered.pk: Outcome.MOVED,
        cancelled.pk: Outcome.CANCELLED,
    }
    assert (told("visit_reassigned"), told("visit_offered"), told("visit_cancelled")) == (3, 2, 2)
    assert open_lines(centre_ids=[world.member.centre_id], now=NOW) == []
    assert not Reservation.objects.filter(resource=world.practice.specialist, visit__isnull=False).filter(
        starts_at__lt=AWAY.end
    )


def test_what_is_left_stays_on_the_list(world):
    time_off = world.enter(VisitChoice(VisitAction.CANCEL))
    assert outcomes(time_off) == {world.visits[0].pk: Outcome.CANCELLED, world.visits[1].pk: ""}
    assert [line.visit for line in open_lines(centre_ids=[world.member.centre_id], now=NOW)] == [world.visits[1]]


def test_choice_that_is_not_offered_undoes_everything(world):
    stranger = make_practice().specialist.pk
    before = statuses()
    for wrong in (
        VisitChoice(VisitAction.HAND_OVER, stranger),
        VisitChoice(VisitAction.OFFER, world.practice.specialist.pk, wall(9) + DAY),
    ):
        with pytest.raises(Refused, match="unknown_choice_for_visit"):
            world.enter(VisitChoice(VisitAction.CANCEL), wrong)
    assert statuses() == before
    assert [model.objects.count() for model in (TimeOff, Message, AppointmentChange)] == [0, 0, 0]


def test_confidential_visit_is_not_settled_by_who_is_not_trusted_with_it(world):
    world.practice.service.sensitivity = "sensitive"
    world.practice.service.save()
    before = statuses()
    with pytest.raises(Refused, match="unknown_choice_for_visit"):
        world.enter(VisitChoice(VisitAction.CANCEL))
    assert statuses() == before


def test_plan_in_which_a_colleague_was_taken_meanwhile_is_shown_anew(world):
    make_colleague_with_hours(world)
    seen = world.plan()
    choice = seen.covers[0].best(VisitAction.HAND_OVER)
    Reservation.objects.create(
        resource_id=choice.specialist, visit=uuid.uuid4(), kind="visit", starts_at=wall(9), ends_at=wall(10)
    )
    before = statuses()
    with pytest.raises(PlanChanged):
        world.enter(choice, fingerprint=seen.fingerprint)
    assert statuses() == before


def test_visit_with_a_colleague_is_not_parted_and_one_that_has_begun_is_left(world):
    world.visits[0].colleagues.add(make_practice(world.practice.service).specialist)
    assert [way.action for way in world.plan().covers[0].ways] == [VisitAction.CANCEL, VisitAction.LEAVE]
    later = plan_time_off(member=world.member, period=AWAY, now=wall(10, 10))
    assert [way.action for way in later.covers[0].ways] == [VisitAction.LEAVE]


@pytest.fixture
def offered(world) -> Appointment:
    world.enter(world.best(VisitAction.OFFER)[0])
    world.visits[0].refresh_from_db()
    return world.visits[0]


def test_visit_of_several_sides_is_offered_no_other_time(world):
    world.visits[0].parties.create(person=make_family().guardian)
    for cover in world.plan().covers:
        offers = [way for way in cover.ways if way.action == VisitAction.OFFER]
        assert bool(offers) is (cover.visit != world.visits[0])


def test_offered_time_that_is_taken_is_the_visit(offered, world):
    watch = watch_slots(
        service=offered.service,
        person=offered.person,
        earlier_than=wall(9) + WEEK,
        by=world.organiser,
        now=NOW,
        appointment=offered,
    )
    for _twice in range(2):
        accept_appointment(appointment_id=offered.pk, by=None, now=NOW)
    offered.refresh_from_db()
    assert (offered.status, offered.expires_at, offered.starts_at) == (Status.BOOKED, None, wall(9) + WEEK)
    watch.refresh_from_db()
    assert watch.ended_at is None


def test_another_time_than_the_offered_one_is_taken_in_one_step(offered):
    accept_at_another_time(appointment_id=offered.pk, starts_at=wall(12) + WEEK, by=None, now=NOW)
    offered.refresh_from_db()
    assert (offered.status, offered.starts_at) == (Status.BOOKED, wall(12) + WEEK)
    with pytest.raises(Refused, match="slot_taken"):
        accept_at_another_time(appointment_id=offered.pk, starts_at=wall(8), by=None, now=NOW)


def test_offered_time_that_nobody_answers_is_over_and_told(offered):
    assert expire_overdue_appointments(now=NOW + DAY) == 1
    offered.refresh_from_db()
    assert offered.status == Status.CANCELLED
    assert not Reservation.objects.filter(visit=offered.pk).exists()
    assert told("visit_cancelled") == 2
    assert expire_overdue_appointments(now=NOW + DAY) == 0


def test_declined_offer_is_over(offered):
    decline_appointment(appointment_id=offered.pk, by=None, now=NOW)
    offered.refresh_from_db()
    assert offered.status == Status.CANCELLED


def test_preview_asks_the_same_for_two_visits_and_for_many(world):
    make_colleague_with_hours(world)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            world.plan()
        return len(queries)

    few = count()
    for week in range(1, 12):
        make_visit(world.practice, wall(9) + week * WEEK, person=make_family(world.practice.service.centre).child)
    make_visit(world.practice, wall(11), person=make_family(world.practice.service.centre).child)
    assert count() == few
