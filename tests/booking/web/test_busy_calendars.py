from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from booking.models import BusyCalendar, Role
from scheduler.models import BusyPeriod
from tests.factories import NOW, make_family, make_staff
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
ADDRESS = "https://calendar.example.org/secret-123.ics"


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice(client):
    practice = make_practice()
    client.force_login(practice.member.person.account)
    return practice


def add(client, address: str = ADDRESS, **facts: str):
    return client.post(reverse("busy-calendars"), {"address": address, "name": "Szpital", **facts})


def test_specialist_adds_a_calendar_and_its_address_is_not_shown_again(client, practice):
    assert add(client).status_code == 302
    page = client.get(reverse("busy-calendars")).content.decode()
    assert "Szpital" in page
    assert "calendar.example.org" in page
    assert "secret-123" not in page
    assert "Jeszcze nie pobrano" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("pl", "zaczyna się od https://"), ("en", "begins with https://"), ("uk", "починається з https://")],
)
def test_impossible_address_is_explained_beside_the_field(client, practice, language, words):
    client.cookies["django_language"] = language
    answer = add(client, "http://calendar.example.org/a.ics")
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not BusyCalendar.objects.exists()


def test_refused_calendar_says_why_and_that_the_last_good_state_stays(client, practice):
    add(client)
    facts = {
        "refused": "calendar_rule_broken",
        "read_at": NOW - timedelta(days=2),
        "asked_at": NOW - timedelta(hours=1),
    }
    BusyCalendar.objects.update(**facts)
    page = client.get(reverse("busy-calendars")).content.decode()
    assert "powtarza się w sposób, który nie może być prawdziwy" in page
    assert "Obowiązują godziny z ostatniego udanego pobrania: sobota 14 listopada, 09:00." in page
    assert "tag--danger" in page


def test_busy_times_and_visits_in_them_are_shown_without_words(client, practice):
    nine = NOW.replace(day=18, hour=8)
    make_visit(practice, nine)
    add(client)
    source = BusyCalendar.objects.get().pk
    BusyPeriod.objects.create(
        resource=practice.specialist, starts_at=nine, ends_at=nine + timedelta(hours=2), source=source
    )
    page = client.get(reverse("busy-calendars")).content.decode()
    assert "1 umówiona wizyta koliduje" in page
    assert "09:00–11:00" in page


def test_calendar_is_turned_off_after_a_question(client, practice):
    add(client)
    off = reverse("busy-calendar-off", args=[BusyCalendar.objects.get().pk])
    assert "Wyłączyć „Szpital”?" in client.get(off).content.decode()
    assert BusyCalendar.objects.exists()
    assert client.post(off).status_code == 302
    assert not BusyCalendar.objects.exists()


def test_calendar_is_asked_at_once(client, practice):
    add(client)
    BusyCalendar.objects.update(next_fetch_at=NOW + timedelta(minutes=20), asked_at=NOW - timedelta(minutes=10))
    assert client.post(reverse("busy-calendar-read", args=[BusyCalendar.objects.get().pk])).status_code == 302
    assert BusyCalendar.objects.get().next_fetch_at == NOW


def test_calendar_of_somebody_else_does_not_exist(client, practice):
    add(client)
    calendar = BusyCalendar.objects.get()
    strangers = [
        make_staff(Role.SPECIALIST, centre=practice.service.centre).person.account,
        make_staff(Role.ORGANISER, centre=practice.service.centre).person.account,
        make_family(practice.service.centre).account,
    ]
    for stranger in strangers:
        client.force_login(stranger)
        for name in ("busy-calendar-off", "busy-calendar-read"):
            assert client.post(reverse(name, args=[calendar.pk])).status_code == 404
    assert client.get(reverse("busy-calendars")).status_code == 404
    assert BusyCalendar.objects.filter(pk=calendar.pk).exists()


def test_page_asks_as_often_for_five_calendars_as_for_one(
    client, practice, django_assert_num_queries, django_assert_max_num_queries
):
    for number in range(5):
        add(client, f"https://calendar.example.org/{number}.ics")
    client.get(reverse("busy-calendars"))
    with django_assert_max_num_queries(15) as asked:
        client.get(reverse("busy-calendars"))
    many = len(asked)
    BusyCalendar.objects.exclude(pk=BusyCalendar.objects.first().pk).delete()
    with django_assert_num_queries(many):
        client.get(reverse("busy-calendars"))
