"""The public catalogue of activities and services."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Group
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_group,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_term,
    make_weekly_group,
)
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
CATALOGUE = "/c/klobuczek/activities/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre(slug="klobuczek", name="Centrum w Kłobuczku", phone="34 100 20 30")


def text_of(query: str = "", language: str = "pl") -> str:
    answer = Client().get(CATALOGUE + query, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(page: str) -> list[str]:
    return re.findall(r"<h3>([^<]+)</h3>", page)


def groups_in(page: str) -> list[str]:
    return re.findall(r"<h4><a[^>]*>([^<]+)</a>", page)


def test_group_is_shown_with_rule_room_next_date_and_places(centre):
    room = make_room(centre.timetable, name="Sala ruchowa")
    group = make_weekly_group(make_activity(centre, name="Taniec"), name="Maluchy", ages=(6, 9), room=room)
    page = text_of()
    assert names_in(page) == ["Taniec"]
    for told in (
        group.get_absolute_url(),
        "6–9 lat",
        "środy 16:00–16:45",
        "Sala ruchowa",
        "Najbliżej: środa 18 listopada",
    ):
        assert told in page
    assert "places--free" in page


def test_activities_stand_in_order_whatever_their_marks(centre):
    for name in ("Łucznictwo", "Żeglarstwo", "Akrobatyka", "Lalki"):
        make_weekly_group(make_activity(centre, name=name))
    assert names_in(text_of()) == ["Akrobatyka", "Lalki", "Łucznictwo", "Żeglarstwo"]


def test_quiet_activities_past_terms_and_other_centres_are_absent(centre):
    make_weekly_group(make_activity(centre, name="Grupa wsparcia", sensitivity="sensitive"))
    make_weekly_group(make_activity(make_centre(), name="Obce"))
    past = make_term(centre.timetable, starts_on=date(2025, 9, 1), ends_on=date(2026, 6, 26))
    make_group(make_activity(centre, name="Zeszłoroczne"), term=past)
    make_service(centre, name="Wewnętrzna", listed=False)
    assert names_in(text_of()) == []


def test_group_given_by_the_centre_shows_no_places(centre):
    make_weekly_group(make_activity(centre, kind="day_care"), entry=Group.Entry.CENTRE)
    page = text_of()
    assert "miejsca przyznaje centrum" in page
    assert "places--" not in page


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("appointment", ("Wizyta trwa 50 minut.", "Teraz nie ma wolnych terminów")),
        ("walk_in", ("Przyjdź w tych godzinach.", "Najbliżej: środa 18 listopada")),
        ("on_request", ("Powiedz nam, czego potrzebujesz.", "Najbliżej: środa 18 listopada")),
    ],
)
def test_service_says_how_to_use_it(centre, entry, says):
    service = make_service(centre, name="Porady prawne", entry=entry, minutes=50)
    lawyer = make_specialist(centre.timetable, name="Anna Prawa")
    service.series.add(make_series(make_term(centre.timetable), kind="duty", leader=lawyer))
    page = text_of()
    for told in (*says, "Porady prawne", "środy 16:00–16:45", "Anna Prawa"):
        assert told in page
    assert ("tel:341002030" in page.split("site-foot")[0]) == (entry != "walk_in")


def test_first_free_time_is_said_with_the_way_to_book_it_but_not_who_and_where(centre):
    service = make_service(centre, name="Psychoterapia", sensitivity="sensitive", minutes=50, pause_minutes=10)
    practice = make_practice(service)
    make_visit(practice, wall(9))
    page = text_of()
    assert "Pierwszy wolny termin: środa 18 listopada, 10:00" in page
    assert reverse("book-visit", args=[service.pk]) in page
    assert practice.specialist.name not in page
    assert practice.room.name not in page


def test_hours_of_duties_that_are_not_public_stay_out(centre):
    service = make_service(centre, name="Psychoterapia")
    leader = make_specialist(centre.timetable, name="Barbara Cicha")
    service.series.add(make_series(make_term(centre.timetable), audience="staff", leader=leader))
    page = text_of()
    assert "Psychoterapia" in page
    assert "środy" not in page
    assert "Barbara" not in page
    assert "Najbliżej" not in page


def test_service_without_appointment_says_its_hours_but_not_who_and_where(centre):
    service = make_service(centre, name="Interwencja kryzysowa", entry="walk_in", sensitivity="sensitive")
    leader = make_specialist(centre.timetable, name="Barbara Cicha")
    room = make_room(centre.timetable, name="Gabinet rozmów")
    term = make_term(centre.timetable)
    service.series.add(make_series(term, audience="staff", leader=leader, room=room))
    page = text_of()
    for told in ("środy 16:00–16:45", "Najbliżej: środa 18 listopada"):
        assert told in page
    for hidden in ("Barbara", "Gabinet rozmów"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("query", "activities", "services"),
    [
        ("", ["Robotyka", "Taniec"], ["Porady prawne"]),
        ("?age=7", ["Robotyka"], []),
        ("?kind=dance", ["Taniec"], []),
        ("?open=1", ["Robotyka"], []),
        ("?weekday=2", ["Robotyka", "Taniec"], []),
        ("?weekday=1", [], ["Porady prawne"]),
        ("?search=ŁUKASZ", [], ["Porady prawne"]),
        ("?search=klocki", ["Robotyka"], []),
        ("?search=sredni+tan", ["Taniec"], []),
        ("?search=nic+takiego", [], []),
    ],
)
def test_catalogue_is_narrowed(centre, query, activities, services):
    make_weekly_group(make_activity(centre, name="Robotyka", summary="Budujemy: KLOCKI i silniki"), ages=(6, 9))
    dance = make_activity(centre, name="Taniec", kind="dance")
    make_weekly_group(dance, name="Średni", ages=(10, 13), capacity=0, starts=time(17), ends=time(18))
    service = make_service(centre, name="Porady prawne")
    lawyer = make_specialist(centre.timetable, name="Łukasz Prawy")
    term = make_term(centre.timetable)
    service.series.add(make_series(term, day=date(2026, 9, 1), kind="duty", leader=lawyer))
    page = text_of(query)
    assert names_in(page) == activities + services
    assert ("Teraz nie mamy nic takiego" in page) == (not activities and not services)


def test_only_the_groups_asked_for_are_shown_under_an_activity(centre):
    activity = make_activity(centre, name="Robotyka")
    make_weekly_group(activity, name="Maluchy", ages=(6, 9))
    make_weekly_group(activity, name="Starszaki", ages=(10, 13))
    assert groups_in(text_of()) == ["Maluchy", "Starszaki"]
    assert groups_in(text_of("?age=12")) == ["Starszaki"]


def test_empty_catalogue_says_that_it_is_being_prepared(centre):
    assert "Przygotowujemy ofertę" in text_of()


def test_catalogue_speaks_the_readers_language(centre):
    make_weekly_group(make_activity(centre, name="Robotyka", name_uk="Робототехніка"), ages=(6, 9))
    page = text_of(language="uk")
    for told in ("Робототехніка", "щосереди 16:00–16:45", "6–9 років", "Найближче: середа, 18 листопада"):
        assert told in page
