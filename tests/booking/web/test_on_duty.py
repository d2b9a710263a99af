from __future__ import annotations

import uuid

import pytest
import time_machine
from django.urls import reverse

from booking.models import Appointment, Role
from notifications.models import Message
from tests.factories import NOW, make_family, make_staff
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
WEDNESDAY_TEN = NOW.replace(day=18, hour=9)


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(WEDNESDAY_TEN, tick=False):
        yield


@pytest.fixture
def practice(client):
    practice = make_practice()
    client.force_login(practice.member.person.account)
    return practice


def write_down(client, practice, **facts):
    usual = {
        "form_key": str(uuid.uuid4()),
        "service": str(practice.service.pk),
        "starts_at_0": "2026-11-18",
        "starts_at_1": "09:10",
        "minutes": "35",
        "mode": "office",
        "person": "",
        "sex": "female",
        "age": "adult",
    }
    return client.post(reverse("walk-in"), usual | facts)


def test_board_tells_who_is_free_where_and_until_when(client, practice):
    page = client.get(reverse("on-duty")).content.decode()
    assert "O tej porze przyjmuje 1 osoba" in page
    assert practice.specialist.name in page
    assert practice.room.name in page
    assert "Wolne teraz" in page
    assert "do 13:00" in page


def test_board_tells_no_client(client, practice):
    make_visit(practice, WEDNESDAY_TEN, person=make_family(practice.service.centre).guardian)
    page = client.get(reverse("on-duty")).content.decode()
    assert "wolne o 11:00" in page
    assert "Zmyślona" not in page


def test_board_is_for_the_house(client, practice):
    for account in (make_family(practice.service.centre).account, make_staff(Role.NGO).person.account):
        client.force_login(account)
        assert client.get(reverse("on-duty")).status_code == 404
    client.force_login(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    assert client.get(reverse("on-duty")).status_code == 200


def test_night_says_where_to_call(client, practice):
    with time_machine.travel(WEDNESDAY_TEN.replace(hour=20), tick=False):
        assert "112" in client.get(reverse("on-duty")).content.decode()


def test_walk_in_is_written_down_once_and_nobody_is_told(client, practice):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert write_down(client, practice, form_key=key).status_code == 302
    visit = Appointment.objects.get()
    assert (visit.starts_at, visit.minutes, visit.source) == (
        WEDNESDAY_TEN.replace(hour=8, minute=10),
        35,
        "afterwards",
    )
    assert visit.walk_in.sex == "female"
    assert not Message.objects.exists()
    page = client.get(reverse("walk-in")).content.decode()
    assert "anonimowo, kobieta lub dziewczynka, 18–59 lat" in page


def test_future_is_refused_with_a_reason(client, practice):
    answer = write_down(client, practice, starts_at_1="12:00")
    assert answer.status_code == 422
    assert "Tu wpisuje się tylko to, co już się zaczęło" in answer.content.decode()
    assert not Appointment.objects.exists()


def test_person_of_somebody_else_cannot_be_named(client, practice):
    stranger = make_family(practice.service.centre).guardian
    assert write_down(client, practice, person=str(stranger.pk)).status_code == 422
    assert not Appointment.objects.exists()


def test_who_keeps_no_diary_writes_nothing_down(client, practice):
    client.force_login(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    assert write_down(client, practice).status_code == 404
