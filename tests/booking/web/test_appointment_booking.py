"""The last look before a family books: who gives the visit, where, until when it can be changed; or that it is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Appointment
from tests.factories import NOW, make_family, make_household
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)


@pytest.fixture(autouse=True)
def still_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def family(practice):
    found = make_family()
    make_household(practice.service.centre, [found.child, found.guardian])
    return found


@pytest.fixture
def mother(family) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(family.account)
    return client


def asked(practice, family) -> str:
    query = {"person": str(family.child.pk), "mode": "office", "starts_at": TEN.isoformat()}
    return reverse("book-visit", args=[practice.service.pk], query=query)


def test_last_look_says_who_and_where_and_until_when_it_can_be_changed(mother, practice, family):
    page = mother.get(asked(practice, family)).content.decode()
    for said in (practice.specialist.name, practice.room.name, "10:00–10:50", "until Tuesday 17 November, 18:00"):
        assert said in page
    with time_machine.travel(TEN - timedelta(hours=2), tick=False):
        assert "noted as cancelled late" in mother.get(asked(practice, family)).content.decode()


def test_time_that_is_gone_by_now_is_told_before_anything_is_filled_in(mother, practice, family):
    make_visit(practice, TEN)
    answer = mother.get(asked(practice, family))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "just been taken" in page
    assert "11:00" in page
    assert Appointment.objects.count() == 1


def test_booked_visit_is_confirmed_and_booking_it_twice_makes_one(mother, practice, family):
    for _time in range(2):
        page = mother.post(asked(practice, family), follow=True).content.decode()
        assert "The visit is booked." in page
    assert Appointment.objects.count() == 1
