from __future__ import annotations

import uuid
from datetime import timedelta

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


def usual(practice) -> dict[str, str]:
    return {
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


def write_down(client, practice, **facts):
    return client.post(reverse("walk-in"), usual(practice) | facts)


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


def test_last_night_is_written_down_on_its_own_day(client, practice):
    facts = {"starts_at_0": "2026-11-17", "starts_at_1": "23:30", "minutes": "90", "mode": "phone"}
    assert write_down(client, practice, **facts).status_code == 302
    visit = Appointment.objects.get()
    assert (visit.starts_at, visit.ends_at - visit.starts_at) == (
        WEDNESDAY_TEN.replace(day=17, hour=22, minute=30),
        timedelta(minutes=90),
    )


def test_entry_is_corrected_from_the_list(client, practice):
    write_down(client, practice)
    visit = Appointment.objects.get()
    address = reverse("walk-in-correct", args=[visit.pk])
    assert address in client.get(reverse("walk-in")).content.decode()
    assert 'value="35"' in client.get(address).content.decode()
    assert client.post(address, usual(practice) | {"minutes": "20", "sex": "male"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.minutes, visit.walk_in.sex) == (20, "male")
    answer = client.post(address, usual(practice) | {"minutes": "700"})
    assert answer.status_code == 422
    visit.refresh_from_db()
    assert visit.minutes == 20


def test_entry_by_mistake_is_taken_back_and_leaves_the_list(client, practice):
    write_down(client, practice)
    visit = Appointment.objects.get()
    address = reverse("walk-in-correct", args=[visit.pk])
    page = client.post(address, {"act": "take-back"}, follow=True).content.decode()
    assert "Wpis wycofany" in page
    assert address not in page
    assert client.get(address).status_code == 404


def test_entries_of_others_and_booked_visits_are_not_corrected_here(client, practice):
    write_down(client, practice)
    entry = Appointment.objects.get()
    booked = make_visit(practice, WEDNESDAY_TEN - timedelta(days=7))
    assert client.get(reverse("walk-in-correct", args=[booked.pk])).status_code == 404
    client.force_login(make_practice(practice.service).member.person.account)
    assert client.post(reverse("walk-in-correct", args=[entry.pk]), {"act": "take-back"}).status_code == 404
    entry.refresh_from_db()
    assert entry.status == "held"
