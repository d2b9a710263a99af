from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from booking.models import Role
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


def test_night_says_who_is_on_duty_next(client, practice):
    with time_machine.travel(WEDNESDAY_TEN.replace(hour=20), tick=False):
        page = client.get(reverse("on-duty")).content.decode()
    assert f"Następny dyżur: <strong>{practice.specialist.name}</strong>, środa 25 listopada, 9:00" in page.replace(
        "09:00", "9:00"
    )
