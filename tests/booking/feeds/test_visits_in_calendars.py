"""Visits in calendars: whose they are, under which words, at which hour, and how they change and end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from booking.domain.appointment_booking import Source
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.subscriptions import create_subscription
from booking.models import Account, AppointmentParty, CalendarSubscription, Role
from booking.models.activity import Sensitivity
from tests.calendar_readers import events_in
from tests.factories import (
    NOW,
    make_account,
    make_centre,
    make_co_guardian,
    make_family,
    make_person,
    make_service,
    make_staff,
)
from tests.factories_safety import make_decision
from tests.factories_visits import Practice, make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
Scope, Privacy = CalendarSubscription.Scope, CalendarSubscription.Privacy
TEN = wall(10)


@pytest.fixture(autouse=True)
def _morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre(address="Rynek 1, Kłobuczek")


@pytest.fixture
def family(centre):
    return make_family(centre)


@pytest.fixture
def practice(centre) -> Practice:
    service = make_service(centre, name="Porady prawne", minutes=50, pause_minutes=10, notice_hours=0)
    return make_practice(service)


def address_for(owner, **facts):
    return f"/calendars/{create_subscription(owner=owner, now=NOW, **facts)[1]}.ics"


def visits_in(client, address, visit):
    calendar = events_in(client.get(address).content)
    return [event for event in calendar if str(event["UID"]) == f"{visit.pk}@grafik"]


@pytest.mark.parametrize("scope", [Scope.HOUSEHOLD, Scope.CHILD])
def test_family_reads_its_visit_with_its_hour_place_and_specialist(client, family, practice, scope):
    visit = make_visit(practice, TEN, person=family.child)
    subject = family.child.pk if scope == Scope.CHILD else None
    [event] = visits_in(client, address_for(family.account, scope=scope, subject_id=subject), visit)
    assert (event.start, event["SEQUENCE"], str(event["CLASS"])) == (TEN, 0, "PRIVATE")
    assert "Porady prawne" in event["SUMMARY"]
    assert practice.specialist.name in event["DESCRIPTION"]
    assert practice.room.name in event["LOCATION"]
    assert (family.child.given_name in event["SUMMARY"]) == (scope == Scope.HOUSEHOLD)


def test_sensitive_visit_is_a_visit_and_nothing_more(client, centre, family):
    service = make_service(centre, name="Psychoterapia", sensitivity=Sensitivity.SENSITIVE, notice_hours=0, minutes=50)
    practice = make_practice(service)
    visit = make_visit(practice, TEN, person=family.child)
    owners: list[tuple[Account, dict[str, Any]]] = [
        (family.account, {"scope": Scope.HOUSEHOLD}),
        (practice.member.person.account, {"scope": Scope.SPECIALIST}),
    ]
    organiser = make_staff(Role.ORGANISER, centre=centre)
    owners.append((organiser.person.account, {"scope": Scope.ROOM, "subject_id": practice.room.pk}))
    for owner, facts in owners:
        address = address_for(owner, **facts)
        [event] = visits_in(client, address, visit)
        assert str(event["SUMMARY"]).endswith("Wizyta")
        text = event.to_ical().decode()
        assert not [word for word in ("Psycho", practice.specialist.name, practice.room.name) if word in text]
    assert family.child.family_name not in client.get(address).content.decode()


@pytest.mark.parametrize("scope", [Scope.SPECIALIST, Scope.ROOM])
def test_calendars_of_staff_name_nobody_who_comes(client, centre, family, practice, scope):
    visit = make_visit(practice, TEN, person=family.child)
    subject = practice.room.pk if scope == Scope.ROOM else None
    owner = practice.member.person.account
    [event] = visits_in(client, address_for(owner, scope=scope, subject_id=subject), visit)
    text = event.to_ical().decode()
    assert str(event["SUMMARY"]) == "Porady prawne"
    assert family.child.given_name not in text


def test_address_of_a_visit_at_home_is_in_no_calendar(client, family, practice):
    visit = make_visit(practice, TEN, person=family.child, mode="home", address="ul. Tajna 7")
    for owner, scope in ((family.account, Scope.HOUSEHOLD), (practice.member.person.account, Scope.SPECIALIST)):
        [event] = visits_in(client, address_for(owner, scope=scope), visit)
        assert "Tajna" not in event.to_ical().decode()


@pytest.mark.parametrize(("privacy", "said"), [(Privacy.SERVICE_ONLY, "Porady prawne"), (Privacy.BUSY, "Zajęte")])
def test_less_private_calendars_say_less(client, family, practice, privacy, said):
    visit = make_visit(practice, TEN, person=family.child)
    [event] = visits_in(client, address_for(family.account, scope=Scope.HOUSEHOLD, privacy=privacy), visit)
    text = event.to_ical().decode()
    assert str(event["SUMMARY"]) == said
    assert family.child.given_name not in text
    assert practice.specialist.name not in text


def test_busy_times_of_a_specialist_say_only_that(client, family, practice):
    visit = make_visit(practice, TEN, person=family.child)
    [event] = visits_in(client, address_for(practice.member.person.account, scope=Scope.SPECIALIST_BUSY), visit)
    assert (str(event["SUMMARY"]), event.get("DESCRIPTION"), event.get("LOCATION")) == ("Zajęte", None, None)


def test_each_side_comes_at_its_own_hour_and_reads_of_no_other(client, centre, practice):
    one, other = make_family(centre), make_family(centre)
    visit = make_visit(practice, TEN, person=one.guardian)
    later = TEN + timedelta(minutes=20)
    AppointmentParty.objects.create(appointment=visit, person=other.guardian, arrives_at=later)
    for family, start, unseen in ((one, TEN, other), (other, later, one)):
        [event] = visits_in(client, address_for(family.account, scope=Scope.HOUSEHOLD), visit)
        assert event.start == start
        assert str(unseen.guardian) not in event.to_ical().decode()
        assert len(client.get(address_for(family.account, scope=Scope.HOUSEHOLD)).content.split(b"BEGIN:VEVENT")) == 2


def test_guardian_from_whom_visits_are_hidden_gets_none(client, centre, family, practice):
    second = make_co_guardian(family)
    visit = make_visit(practice, TEN, person=family.child)
    address = address_for(second, scope=Scope.HOUSEHOLD)
    assert visits_in(client, address, visit)
    tag = client.get(address)["ETag"]
    make_decision(family.child, guardian=second.person)
    assert not visits_in(client, address, visit)
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


def test_strangers_and_visits_written_down_afterwards_are_in_no_calendar(client, centre, family, practice):
    visit = make_visit(practice, TEN, person=family.child)
    late = make_visit(practice, wall(11), person=family.child, source=Source.AFTERWARDS, status="held")
    assert not visits_in(client, address_for(make_family(centre).account, scope=Scope.HOUSEHOLD), visit)
    assert not visits_in(client, address_for(family.account, scope=Scope.HOUSEHOLD), late)
    assert not visits_in(client, address_for(practice.member.person.account, scope=Scope.SPECIALIST), late)
    assert not visits_in(client, address_for(make_account(), scope=Scope.HOUSEHOLD), visit)


def test_moved_and_cancelled_visit_keeps_its_identity_and_grows(client, family, practice):
    visit = make_visit(practice, TEN, person=family.child)
    address = address_for(family.account, scope=Scope.HOUSEHOLD)
    tags = [client.get(address)["ETag"]]
    assert client.get(address, headers={"if-none-match": tags[0]}).status_code == 304
    move_appointment(appointment_id=visit.pk, wish=Wish(wall(11)), by=None, now=NOW, by_staff=True)
    [event] = visits_in(client, address, visit)
    assert (event.start, event["SEQUENCE"]) == (wall(11), 1)
    tags.append(client.get(address)["ETag"])
    cancel_appointment(appointment_id=visit.pk, by=None, now=NOW, by_staff=True)
    [event] = visits_in(client, address, visit)
    assert (str(event["STATUS"]), event["SEQUENCE"]) == ("CANCELLED", 2)
    tags.append(client.get(address)["ETag"])
    assert len(set(tags)) == 3
    with time_machine.travel(wall(11) + timedelta(days=29), tick=False):
        assert visits_in(client, address, visit)
    with time_machine.travel(wall(11) + timedelta(days=32), tick=False):
        assert not visits_in(client, address, visit)


@pytest.mark.parametrize("count", [1, 5])
def test_number_of_queries_does_not_follow_the_number_of_visits(
    client, django_assert_max_num_queries, family, practice, count
):
    for number in range(count):
        visit = make_visit(practice, TEN + timedelta(hours=number), person=family.child)
        AppointmentParty.objects.create(appointment=visit, person=make_person())
    address = address_for(family.account, scope=Scope.HOUSEHOLD)
    client.get(address)
    with django_assert_max_num_queries(9):
        client.get(address)
