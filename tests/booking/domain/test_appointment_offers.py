"""An earlier time goes to the first who waits for one, is held for her, and goes on when she does not take it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_answers import accept_appointment, decline_appointment, expire_overdue_appointments
from booking.domain.appointment_booking import VisitFacts, book_appointment
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_offers import offer_earlier_times
from booking.domain.slot_watches import watch_slots
from booking.errors import Refused
from booking.models import Account, Appointment, SlotWatch
from notifications.models import Message
from scheduler.models import Reservation
from tests.factories import NOW, make_account, make_person, make_staff
from tests.factories_visits import Practice, make_busy, make_practice, make_visit
from tests.racing import at_once

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
DAYTIME = datetime.combine(date(2026, 11, 16), time(10), WARSAW).astimezone(UTC)


def at(hour: int, day: int = 18) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


def fill(practice: Practice, *hours: int) -> list[Appointment]:
    return [make_visit(practice, at(hour)) for hour in hours]


def wait(practice: Practice, *, minutes: int = 0, **facts) -> SlotWatch:
    mother: Account = make_account()
    booked = make_visit(practice, at(9, 25) + timedelta(hours=minutes), person=mother.person)
    asked = {"service": practice.service, "person": mother.person, "by": mother, "appointment": booked}
    return watch_slots(now=NOW + timedelta(minutes=minutes), **{"earlier_than": at(13)} | asked | facts)


def offers() -> list[Appointment]:
    return list(Appointment.objects.filter(status="offered").order_by("created_at"))


def test_freed_time_is_offered_at_once_to_the_first_who_waits(django_capture_on_commit_callbacks):
    practice = make_practice()
    visits = fill(practice, 9, 10, 11, 12)
    second, first = wait(practice, minutes=2), wait(practice, minutes=1)
    assert offer_earlier_times(now=DAYTIME) == 0
    with django_capture_on_commit_callbacks(execute=True):
        cancel_appointment(appointment_id=visits[1].pk, by=None, now=DAYTIME)
    (held,) = offers()
    assert (held.person, held.starts_at, held.room) == (first.person, at(10), practice.room)
    assert Reservation.objects.filter(visit=held.pk).count() == len({"specialist", "room"})
    assert set(Message.objects.filter(kind="visit_offered").values_list("recipient_id", flat=True)) == {
        first.person_id,
        practice.member.person_id,
    }
    assert offer_earlier_times(now=DAYTIME) == 0
    assert second.ended_at is None


def test_taking_it_gives_the_later_visit_back_and_ends_the_wish():
    practice = make_practice()
    fill(practice, 9, 11, 12)
    wish = wait(practice)
    offer_earlier_times(now=DAYTIME)
    (held,) = offers()
    for _time in range(2):
        accept_appointment(appointment_id=held.pk, by=wish.created_by, now=DAYTIME)
    wish.refresh_from_db()
    assert (wish.end, wish.appointment.status) == ("fulfilled", "cancelled")
    assert Appointment.objects.get(pk=held.pk).status == "booked"


def test_declined_time_goes_to_the_next_and_is_not_offered_twice(django_capture_on_commit_callbacks):
    practice = make_practice()
    fill(practice, 9, 11, 12)
    first, second = wait(practice, minutes=1), wait(practice, minutes=2)
    offer_earlier_times(now=DAYTIME)
    (held,) = offers()
    with django_capture_on_commit_callbacks(execute=True):
        decline_appointment(appointment_id=held.pk, by=first.created_by, now=DAYTIME)
    (now_held,) = offers()
    assert (now_held.person, now_held.starts_at) == (second.person, at(10))
    first.refresh_from_db()
    assert (first.ended_at, first.appointment.status) == (None, "booked")


def test_unanswered_time_goes_on_by_itself(django_capture_on_commit_callbacks):
    practice = make_practice()
    fill(practice, 9, 11, 12)
    wait(practice, minutes=1)
    second = wait(practice, minutes=2)
    offer_earlier_times(now=DAYTIME)
    (held,) = offers()
    assert held.expires_at
    assert expire_overdue_appointments(now=held.expires_at - timedelta(seconds=1)) == 0
    later = at(9, 17)
    with django_capture_on_commit_callbacks(execute=True):
        assert [expire_overdue_appointments(now=later) for _time in range(2)] == [1, 0]
    assert [each.person for each in offers()] == [second.person]
    with pytest.raises(Refused, match="over"):
        accept_appointment(appointment_id=held.pk, by=None, now=later)


@pytest.mark.parametrize(
    ("moment", "made"),
    [(at(23, 16), 0), (at(8, 17), 1), (at(8, 18), 0)],
    ids=["night", "the day before", "an hour before"],
)
def test_no_offer_comes_at_night_or_too_late(moment: datetime, made: int):
    practice = make_practice()
    fill(practice, 9, 11, 12)
    wait(practice)
    assert offer_earlier_times(now=moment) == made


def test_held_time_is_taken_by_nobody_else():
    practice = make_practice()
    fill(practice, 9, 11, 12)
    wait(practice)
    offer_earlier_times(now=DAYTIME)
    (held,) = offers()
    wanted = VisitFacts(practice.service, held.starts_at, specialist_id=practice.specialist.pk)
    with pytest.raises(Refused) as answer:
        book_appointment(facts=wanted, person=make_person(), by=None, now=DAYTIME)
    assert answer.value.refusal.code == "slot_taken"
    assert Appointment.objects.filter(starts_at=held.starts_at).get() == held


@pytest.mark.django_db(transaction=True)
def test_many_workers_offer_a_time_once():
    practice = make_practice()
    fill(practice, 9, 11, 12)
    for number in range(3):
        wait(practice, minutes=number)
    at_once([lambda: offer_earlier_times(now=DAYTIME)] * 4)
    assert [each.starts_at for each in offers()] == [at(10)]


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_hold_one_of_several_free_times_for_who_waits():
    practice = make_practice()
    wait(practice)
    at_once([lambda: offer_earlier_times(now=DAYTIME)] * 4)
    assert len(offers()) == 1


@pytest.mark.django_db(transaction=True)
def test_answer_and_its_moment_at_once_leave_one_result():
    practice = make_practice()
    fill(practice, 9, 11, 12)
    wish = wait(practice)
    offer_earlier_times(now=DAYTIME)
    (held,) = offers()
    assert held.expires_at
    last = held.expires_at - timedelta(seconds=1)
    at_once(
        [
            lambda: accept_appointment(appointment_id=held.pk, by=None, now=last),
            lambda: expire_overdue_appointments(now=last + timedelta(seconds=1)),
        ]
    )
    held.refresh_from_db()
    wish.appointment.refresh_from_db()
    assert (held.status, wish.appointment.status) in {("booked", "cancelled"), ("cancelled", "booked")}
    assert Reservation.objects.filter(visit=held.pk).exists() == (held.status == "booked")


def test_who_gives_her_visit_up_waits_no_more_and_the_centre_cancelling_leaves_her_waiting():
    practice = make_practice()
    first, second = wait(practice, minutes=0), wait(practice, minutes=60)
    for watch, by_staff in ((first, False), (second, True)):
        assert watch.appointment_id is not None
        cancel_appointment(appointment_id=watch.appointment_id, by=None, now=NOW, by_staff=by_staff)
        watch.refresh_from_db()
    assert (first.end, second.ended_at) == ("taken_back", None)


def test_wish_follows_a_visit_that_is_moved():
    practice = make_practice()
    watch = wait(practice, earlier_than=at(9, 25))
    assert watch.appointment_id is not None
    move_appointment(appointment_id=watch.appointment_id, wish=Wish(at(12)), by=None, now=NOW)
    watch.refresh_from_db()
    assert watch.earlier_than == at(12)
    assert offer_earlier_times(now=DAYTIME) == 1
    assert all(held.starts_at < at(12) for held in offers())


def test_earlier_visit_is_at_the_same_home_with_the_same_colleague():
    practice = make_practice(facts={"home": True, "office": False}, home=True, office=False)
    colleague = make_staff("specialist", centre=practice.service.centre).resource
    watch = wait(practice)
    assert watch.appointment is not None
    watch.appointment.colleagues.add(colleague)
    make_busy(colleague, at(9) - timedelta(hours=1), at(11))
    Appointment.objects.filter(watches=watch).update(address="Leśna 3", mode="home")
    assert offer_earlier_times(now=DAYTIME) == 1
    (held,) = offers()
    assert (held.mode, held.address, list(held.colleagues.all())) == ("home", "Leśna 3", [colleague])
    assert held.starts_at >= at(11)
    nobody_knows_where = wait(practice, minutes=60)
    Appointment.objects.filter(watches=nobody_knows_where).update(mode="home")
    assert offer_earlier_times(now=DAYTIME) == 0


def test_no_earlier_time_is_looked_for_where_several_come():
    practice, mother = make_practice(), make_account()
    visit = make_visit(practice, at(9, 25), person=mother.person)
    visit.parties.create(person=make_person())
    with pytest.raises(Refused, match="several_sides"):
        watch_slots(
            service=practice.service,
            person=mother.person,
            earlier_than=at(13),
            by=mother,
            now=NOW,
            appointment=visit,
        )
    assert not SlotWatch.objects.exists()
