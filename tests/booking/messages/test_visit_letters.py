"""Letters about visits say to each reader what holds for that reader, and never when or that somebody else comes."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from booking.domain.appointment_booking import Party, Source, VisitFacts, book_appointment
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_handover import reassign_appointment
from booking.domain.appointment_series import book_appointments
from booking.models import Account, Appointment, Person
from notifications.kinds import COMPOSERS, Text
from notifications.models import Message
from tests.calendar_readers import events_in
from tests.factories import NOW, make_account, make_person, make_staff
from tests.factories_visits import Practice, make_practice, make_window, wall

pytestmark = pytest.mark.django_db
TEN, QUARTER, WEEK = wall(10), timedelta(minutes=15), timedelta(weeks=1)


@pytest.fixture
def practice() -> Practice:
    return make_practice()


@pytest.fixture
def desk() -> Account:
    return make_account()


def book(practice: Practice, person: Person, by: Account, **facts: Any) -> Appointment:
    wanted = VisitFacts(practice.service, TEN, specialist_id=practice.specialist.pk, **facts)
    return book_appointment(facts=wanted, person=person, by=by, now=NOW, source=Source.DESK)


def told(kind: str, reader: Person | None, *, now: datetime = NOW) -> Text:
    assert reader is not None
    message = Message.objects.get(kind=kind, recipient_id=reader.pk)
    with translation.override("en"):
        return COMPOSERS[kind](message, now)


def test_each_side_reads_of_its_own_hours_before_and_after(practice, desk):
    one, other = make_person(given_name="Barbara"), make_person(given_name="Zdzisław")
    visit = book(practice, one, desk, parties=(Party(other, TEN + QUARTER),))
    move_appointment(appointment_id=visit.pk, wish=Wish(wall(12)), by=desk, now=NOW, by_staff=True)
    for reader, hours, unseen in (
        (one, ("10:00–10:50", "12:00–12:50"), ("10:15", "12:15", "Zdzisław")),
        (other, ("10:15–10:50", "12:15–12:50"), ("10:00", "12:00", "Barbara")),
    ):
        letter = told("visit_moved", reader)
        assert all(each in letter.body for each in hours)
        assert not any(each in letter.body + letter.subject for each in unseen)
        [event] = events_in(letter.calendar.encode())
        assert f"{event.start:%H:%M}" == hours[1][:5]
        assert "To see or cancel the visit" in letter.body  # the centre moves it


def test_handing_over_is_told_to_each_as_it_concerns_her(practice, desk):
    client, new = make_person(), make_staff("specialist", centre=practice.service.centre)
    make_window(practice.service, specialist=new.resource)
    visit = book(practice, client, desk)
    reassign_appointment(appointment_id=visit.pk, specialist_id=new.resource_id, by=desk, now=NOW)
    for reader, said, status in (
        (client, "but somebody else gives it", "CONFIRMED"),
        (practice.member.person, "You need not come", "CANCELLED"),
        (new.person, "You take over a visit", "CONFIRMED"),
    ):
        letter = told("visit_reassigned", reader)
        assert said in letter.body
        assert f"STATUS:{status}" in letter.calendar


@pytest.mark.parametrize(("alone", "late"), [*itertools.product([True, False], repeat=2)])
def test_cancelling_late_is_said_to_who_cancelled_and_to_no_other_side(practice, desk, alone: bool, late: bool):
    client, other = make_person(), make_person()
    visit = book(practice, client, desk, parties=() if alone else (Party(other),))
    now = TEN - timedelta(hours=2) if late else NOW
    cancel_appointment(appointment_id=visit.pk, by=None, now=now)
    assert ("noted as cancelled late" in told("visit_cancelled", client, now=now).body) is (alone and late)
    assert ("It was cancelled late" in told("visit_cancelled", practice.member.person, now=now).body) is late
    if not alone:
        assert "late" not in told("visit_cancelled", other, now=now).body


def test_what_the_centre_cancels_is_regretted(practice, desk):
    client = make_person()
    visit = book(practice, client, desk)
    cancel_appointment(appointment_id=visit.pk, by=desk, now=NOW, by_staff=True, note="The heating failed")
    letter = told("visit_cancelled", client)
    for said in ("We are sorry", "The heating failed", "/family/appointments/book/"):
        assert said in letter.body


def test_series_is_one_letter_with_all_its_dates(practice, desk):
    client = make_person()
    facts = VisitFacts(practice.service, TEN, specialist_id=practice.specialist.pk)
    starts = [TEN + number * WEEK for number in range(3)]
    done = book_appointments(facts=facts, person=client, starts=starts, by=desk, now=NOW)
    cancel_appointment(appointment_id=done.booked[1].pk, by=desk, now=NOW, by_staff=True)
    for reader in (client, practice.member.person):
        letter = told("visits_booked", reader)
        assert letter.subject.endswith("2 visits, the first on Wednesday 18 November")
        assert [each in letter.body for each in ("18 November", "25 November", "2 December")] == [True, False, True]
        assert [event.start for event in events_in(letter.calendar.encode())] == [starts[0], starts[2]]
