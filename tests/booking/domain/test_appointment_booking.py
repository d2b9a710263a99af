"""Booking a visit takes a free time, everybody who gives it and its room, or nothing at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_booking import Party, Source, VisitFacts, book_appointment
from booking.domain.appointment_changes import cancel_appointment
from booking.domain.nearest_slots import nearest_slots
from booking.domain.slots import free_slots
from booking.errors import Refused
from booking.models import Account, Appointment, AppointmentChange, Person, Policy, TimeOff
from notifications.models import Message
from scheduler.models import Reservation
from scheduler.period import Period
from tests.factories import NOW, make_account, make_centre, make_person, make_room, make_service, make_staff
from tests.factories_visits import Practice, make_busy, make_practice, make_visit, make_window
from tests.racing import at_once

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = timedelta(hours=1)
RIVALS = 30


def at(hour: int, day: int = 18) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


def book(practice: Practice, starts_at: datetime, *, person: Person | None = None, **facts) -> Appointment:
    given = {key: facts.pop(key) for key in ("by", "source") if key in facts}
    wanted = VisitFacts(practice.service, starts_at, **{"specialist_id": practice.specialist.pk} | facts)
    return book_appointment(facts=wanted, person=person or make_person(), now=NOW, **{"by": None} | given)


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Appointment, AppointmentChange, Reservation, Message))


def refused(practice: Practice, starts_at: datetime, **facts) -> str:
    before = everything()
    with pytest.raises(Refused) as answer:
        book(practice, starts_at, **facts)
    assert everything() == before
    assert str(answer.value.refusal)
    return answer.value.refusal.code


def test_visit_takes_specialist_and_room_together():
    practice = make_practice()
    visit = book(practice, at(10))
    assert (visit.status, visit.room, visit.ends_at) == ("booked", practice.room, at(10) + timedelta(minutes=50))
    held = Reservation.objects.filter(visit=visit.pk).order_by("ends_at")
    assert [(each.resource, each.ends_at - each.starts_at) for each in held] == [
        (practice.room, timedelta(minutes=50)),
        (practice.specialist, timedelta(minutes=60)),
    ]


def test_taken_time_is_refused_and_the_next_free_ones_are_told():
    practice = make_practice()
    make_visit(practice, at(10))
    assert refused(practice, at(10)) == "slot_taken"
    facts = VisitFacts(practice.service, at(10), specialist_id=practice.specialist.pk)
    assert [slot.starts_at for slot in nearest_slots(facts=facts, now=NOW)][:2] == [at(11), at(12)]


@pytest.mark.parametrize("hour", [8, 13])
def test_time_outside_the_hours_is_for_the_desk_to_agree_on(hour: int):
    practice = make_practice()
    assert refused(practice, at(hour)) == "slot_taken"
    assert refused(practice, at(hour), outside_hours=True, source=Source.DESK) == "reason_outside_hours"
    for room in (practice.room, None):
        agreed = {"outside_hours": True, "room_id": room and room.pk, "reason": "Umówione telefonicznie"}
        visit = book(practice, at(hour), source=Source.DESK, **agreed)
        assert (visit.outside_hours, visit.room, visit.changes.get().note) == (True, room, "Umówione telefonicznie")
        cancel_appointment(appointment_id=visit.pk, by=None, now=NOW)


@pytest.mark.parametrize(("start", "code"), [(NOW - HOUR, "visit_past"), (NOW + timedelta(days=800), "visit_too_far")])
def test_agreed_time_lies_ahead_and_in_sight(start: datetime, code: str):
    agreed = {"outside_hours": True, "reason": "Umówione", "source": Source.DESK}
    assert refused(make_practice(), start, **agreed) == code


def test_room_of_an_agreed_time_is_refused_while_others_use_it():
    practice = make_practice()
    other = make_practice(practice.service, starts=time(14, 0), ends=time(18, 0))
    agreed = {"outside_hours": True, "reason": "Umówione", "source": Source.DESK}
    assert refused(practice, at(15), room_id=other.room.pk, **agreed) == "room_taken_then"  # her hours are there
    book(practice, at(8), room_id=practice.room.pk, **agreed)
    assert refused(other, at(8), room_id=practice.room.pk, **agreed) == "room_taken_then"
    assert refused(practice, at(8), room_id=other.room.pk, **agreed) == "busy_then"


def test_side_comes_while_the_visit_takes_place():
    practice = make_practice()
    for wrong in (at(9) + HOUR / 2, at(11)):
        assert (
            refused(practice, at(10), parties=(Party(make_person(), wrong),), source=Source.DESK)
            == "arrival_outside_visit"
        )


def test_agreed_time_needs_a_named_specialist_who_is_not_away():
    practice = make_practice()
    assert refused(practice, at(8), specialist_id=None, outside_hours=True, source=Source.DESK) == "specialist_missing"
    make_busy(practice.specialist, at(8), at(9))
    agreed = {"outside_hours": True, "reason": "Umówione", "source": Source.DESK}
    assert refused(practice, at(8), **agreed) == "busy_then"


def test_anyone_means_whoever_is_free():
    practice = make_practice()
    other = make_practice(practice.service)
    taken = make_visit(practice, at(10))
    visit = book(practice, at(10), specialist_id=None)
    assert {taken.specialist, visit.specialist} == {practice.specialist, other.specialist}
    assert refused(practice, at(10), specialist_id=None) == "slot_taken"


def test_repeated_booking_is_answered_by_the_visit_there_is():
    practice, person = make_practice(), make_person()
    first = book(practice, at(10), person=person)
    before = everything()
    assert book(practice, at(10), person=person) == first
    assert everything() == before


def test_person_is_at_one_visit_at_a_time():
    practice, client = make_practice(), make_account()
    other = make_practice(make_service(practice.service.centre, minutes=60, notice_hours=0))
    book(practice, at(10), person=client.person)
    assert refused(other, at(10), person=client.person, by=client) == "visit_clash"
    assert refused(other, at(10), person=client.person) == "slot_taken"  # whoever asks is told of no visit


def test_online_a_person_books_a_few_visits_ahead_and_the_desk_as_many_as_needed():
    practice, person = make_practice(), make_person()
    Policy.objects.create(key="visits_ahead", value=1, valid_from=date(2026, 1, 1), source="Zarządzenie 1/2026")
    book(practice, at(9), person=person)
    assert refused(practice, at(10), person=person) == "visits_ahead"
    assert book(practice, at(10), person=person, source=Source.DESK).status == "booked"


def test_service_of_the_desk_is_not_booked_online():
    practice = make_practice(facts={"online": False})
    assert refused(practice, at(10)) == "visit_by_desk"
    assert book(practice, at(10), source=Source.DESK).source == "desk"


def test_visit_at_home_needs_an_address_and_takes_the_way_there_and_back():
    practice = make_practice(facts={"home": True, "travel_minutes": 30}, home=True)
    assert refused(practice, at(10), mode="home") == "address_missing_for_visit"
    start = free_slots(service=practice.service, period=Period(at(9), at(13)), now=NOW, mode="home")[0].starts_at
    visit = book(practice, start, mode="home", address="ul. Zmyślona 3, Kłobuczek")
    held = Reservation.objects.get(visit=visit.pk)
    assert (visit.room, held.starts_at, held.ends_at) == (None, start - HOUR / 2, visit.ends_at + timedelta(minutes=40))


def test_two_specialists_are_taken_together_or_not_at_all():
    practice = make_practice()
    colleague = make_staff("specialist", centre=practice.service.centre)
    visit = book(practice, at(10), colleagues=(colleague.resource_id,), source=Source.DESK)
    taken = Reservation.objects.filter(visit=visit.pk).values_list("resource", flat=True)
    assert {practice.specialist.pk, colleague.resource_id, practice.room.pk} == set(taken)
    away = {"member": colleague, "kind": "leave", "entered_at": NOW, "changed_at": NOW}
    TimeOff.objects.create(starts_at=at(11), ends_at=at(12), **away)
    assert refused(practice, at(11), colleagues=(colleague.resource_id,), source=Source.DESK) == "busy_then"


def test_parties_are_told_each_on_her_own_and_of_nobody_else():
    practice = make_practice(make_service(make_centre(), minutes=90, notice_hours=0, sensitivity="sensitive"))
    first, second = make_person(email="a@example.org"), make_person(email="b@example.org")
    book(practice, at(9), person=first, parties=(Party(second, at(9) + HOUR / 4),), source=Source.DESK)
    told = Message.objects.filter(recipient_id__in=[first.pk, second.pk])
    assert {message.recipient_id: message.facts["people"] for message in told} == {
        first.pk: [str(first.pk)],
        second.pk: [str(second.pk)],
    }
    assert refused(practice, at(11), person=first, parties=(Party(first),), source=Source.DESK) == "party_twice"


def test_who_books_is_in_the_log_and_the_specialist_hears_of_it():
    practice = make_practice()
    mother = make_account()
    visit = book(practice, at(10), person=mother.person, by=mother)
    change = visit.changes.get()
    assert (change.kind, change.by, change.at) == ("booked", mother, NOW)
    assert {message.recipient_id for message in Message.objects.all()} == {
        mother.person_id,
        practice.member.person_id,
    }


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_for_one_time_make_one_visit():
    practice = make_practice()
    rivals: list[Account] = [make_account() for _number in range(RIVALS)]
    calls = [lambda each=each: book(practice, at(10), person=each.person, by=each) for each in rivals]
    answers = at_once(calls)
    assert sorted(answer for answer in answers if isinstance(answer, str)) == ["slot_taken"] * (RIVALS - 1)
    assert Appointment.objects.count() == 1
    assert Message.objects.filter(kind="visit_booked").count() == len({"client", "specialist"})


@pytest.mark.django_db(transaction=True)
def test_one_person_who_books_two_visits_of_one_hour_at_once_gets_one():
    practice, mother = make_practice(), make_account()
    other = make_practice(make_service(practice.service.centre, minutes=60, notice_hours=0))
    calls = [lambda each=each: book(each, at(10), person=mother.person, by=mother) for each in (practice, other)]
    answers = at_once(calls)
    assert [answer for answer in answers if isinstance(answer, str)] == ["visit_clash"]
    assert Appointment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_room_for_two_specialists_is_given_once():
    practice = make_practice()
    shared = make_room(practice.service.centre.timetable)
    colleagues = [make_staff("specialist", centre=practice.service.centre) for _number in range(2)]
    for each in colleagues:
        make_window(practice.service, specialist=each.resource, rooms=[shared])
    people = [make_account() for _number in range(2)]
    both = zip(people, [each.resource_id for each in colleagues], strict=True)
    calls = [
        lambda who=who, which=which: book(practice, at(10), person=who.person, by=who, specialist_id=which)
        for who, which in both
    ]
    answers = at_once(calls)
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert Reservation.objects.get(resource=shared).kind == "visit"
