"""Timetables by day, week, month and term, together and by place, room, person and group, public and of staff."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import Role
from scheduler.domain.sessions import cancel_session
from scheduler.models import Closure, Resource, Series
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_group,
    make_place,
    make_room,
    make_series,
    make_specialist,
    make_staff,
    make_term,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


class Town:
    """Two rooms in two villages, robotics on Wednesdays, dance on Thursdays, a meeting of staff on Wednesdays."""

    def __init__(self) -> None:
        self.centre = make_centre(slug="centrum")
        timetable = self.centre.timetable
        self.term = make_term(timetable, name="2026/27")
        self.house, self.school = (make_place(timetable, name=name) for name in ("Dom Kultury", "Szkoła"))
        self.room = make_room(timetable, name="Sala A", place=self.house)
        self.gym = make_room(timetable, name="Sala gimnastyczna", place=self.school)
        self.trybik, self.jarzebina = (make_specialist(timetable, name=name) for name in ("Trybik", "Jarzębina"))
        self.robotics = make_series(self.term, title="Robotyka", room=self.room, leader=self.trybik)
        self.dance = make_series(
            self.term,
            title="Taniec",
            day=date(2026, 9, 3),
            room=self.gym,
            leader=self.jarzebina,
            resources=[self.trybik],
        )
        self.staff = make_series(
            self.term, title="Narada", starts=time(9), ends=time(10), audience=Series.Audience.STAFF
        )
        self.group = make_group(make_activity(self.centre, name="Robotyka"), term=self.term, series=[self.robotics])
        self.client = Client()
        self.client.force_login(make_staff(Role.ORGANISER, centre=self.centre).person.account)

    def titles(self, query: str, *, public: bool = False) -> list[str]:
        address = f"/c/centrum/?{query}" if public else f"/board/?{query}"
        answer = (Client() if public else self.client).get(address)
        assert answer.status_code == 200
        sheets = answer.context["timetable"].sheets
        return [entry.title for sheet in sheets for day in sheet.week.days for entry in day.sessions]


@pytest.fixture
def town() -> Town:
    return Town()


def test_day_shows_only_its_sessions(town: Town) -> None:
    assert town.titles("span=day&day=2026-11-18") == ["Narada", "Robotyka"]
    assert town.titles("span=day&day=2026-11-18", public=True) == ["Robotyka"]


def test_month_shows_every_date_of_it_and_nothing_more(town: Town) -> None:
    assert town.titles("span=month&month=2026-10", public=True).count("Robotyka") == 4
    assert town.titles("span=month&month=2026-08", public=True) == []


def test_term_shows_what_repeats_once_with_the_dates_that_differ(town: Town) -> None:
    session = town.dance.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    cancel_session(session_id=session.pk, note="", now=NOW)
    answer = Client().get(f"/c/centrum/?span=term&term={town.term.pk}")
    (sheet,) = answer.context["timetable"].sheets
    assert [[entry.title for entry in day.sessions] for day in sheet.week.days] == [
        [],
        [],
        ["Robotyka"],
        ["Taniec"],
        [],
    ]
    assert [each.entry.starts_at for each in sheet.exceptions] == [session.starts_at]
    page = answer.content.decode()
    assert "Dni wolne w tym okresie" in page
    assert "Ferie zimowe" in page


@pytest.mark.parametrize(
    ("narrowed", "titles"),
    [
        ("place", ["Taniec"]),
        ("room", ["Taniec"]),
        ("person", ["Robotyka", "Taniec"]),
        ("group", ["Robotyka"]),
    ],
)
def test_timetable_narrows_to_a_place_room_person_or_group(town: Town, narrowed: str, titles: list[str]) -> None:
    of = {"place": town.school, "room": town.gym, "person": town.trybik, "group": town.group}
    assert town.titles(f"{narrowed}={of[narrowed].pk}") == titles


def test_public_timetable_names_only_who_leads_in_public(town: Town) -> None:
    hidden = make_room(town.centre.timetable, name="Gabinet tajny")
    make_series(town.term, room=hidden, audience=Series.Audience.STAFF)
    page = Client().get("/c/centrum/").content.decode()
    assert "Sala gimnastyczna" in page
    assert "Gabinet tajny" not in page
    assert town.titles(f"person={town.trybik.pk}", public=True) == ["Robotyka"]
    answer = Client().get(f"/c/centrum/?room={hidden.pk}")
    assert answer.context["form"].errors
    assert "Gabinet" not in answer.content.decode()


@pytest.mark.parametrize(
    ("way", "names"),
    [
        ("room", ["Sala A", "Sala gimnastyczna", "Bez sali"]),
        ("place", ["Dom Kultury", "Szkoła", "Bez miejsca"]),
        ("person", ["Jarzębina", "Trybik", "Bez prowadzącego"]),
    ],
)
def test_week_has_a_row_for_each_room_place_or_person(town: Town, way: str, names: list[str]) -> None:
    (sheet,) = town.client.get("/board/", {"by": way, "week": "2026-W47"}).context["timetable"].sheets
    assert (sheet.shape, [strip.name for strip in sheet.strips]) == ("rows", names)


def test_helper_stands_in_her_own_row_too(town: Town) -> None:
    (sheet,) = town.client.get("/board/", {"by": "person", "week": "2026-W47"}).context["timetable"].sheets
    rows = {strip.name: [entry.title for day in strip.days for entry in day.sessions] for strip in sheet.strips}
    assert rows == {"Trybik": ["Robotyka", "Taniec"], "Jarzębina": ["Taniec"], "Bez prowadzącego": ["Narada"]}


def test_day_by_room_has_a_column_for_each_busy_room_and_names_the_free_ones(town: Town) -> None:
    (sheet,) = (
        town.client.get("/board/", {"span": "day", "day": "2026-11-19", "by": "room"}).context["timetable"].sheets
    )
    assert (sheet.shape, [strip.name for strip in sheet.strips]) == ("columns", ["Sala gimnastyczna"])
    assert sheet.idle == ("Sala A",)


def test_term_by_room_is_a_sheet_for_each_room(town: Town) -> None:
    answer = town.client.get("/board/", {"span": "term", "by": "room"})
    assert [sheet.name for sheet in answer.context["timetable"].sheets] == ["Sala A", "Sala gimnastyczna", "Bez sali"]
    ids = [part.split('"')[0] for part in answer.content.decode().split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", ["", "span=day", "span=month", "span=term", "span=day&by=room&day=2026-11-18"])
def test_list_holds_what_the_grid_holds(town: Town, query: str) -> None:
    assert town.titles(f"{query}&view=list", public=True) == town.titles(f"{query}&view=grid", public=True)


@pytest.mark.parametrize("query", ["span=day", "", "span=month", "span=term&by=room", "by=person"])
def test_each_view_has_a_link_that_names_its_days_and_shows_the_same_tomorrow(town: Town, query: str) -> None:
    answer = town.client.get(f"/board/?{query}")
    with time_machine.travel(date(2026, 11, 25), tick=False):
        again = town.client.get(f"/board/{answer.context['timetable'].stable}")
    shown, later = answer.context["timetable"], again.context["timetable"]
    assert (shown.span.first, shown.span.last, shown.way) == (later.span.first, later.span.last, later.way)


@pytest.mark.parametrize(
    "query", ["span=day", "span=month", "span=term", "", "span=month&by=room", "span=term&by=group"]
)
def test_page_asks_as_many_queries_for_three_series_as_for_fifty(
    town: Town, query: str, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(30) as few:
        town.client.get(f"/board/?{query}")
    for number in range(12):
        room = make_room(town.centre.timetable)
        make_series(town.term, room=room, leader=make_specialist(town.centre.timetable), title=f"Obok {number}")
    with django_assert_max_num_queries(len(few)):
        town.client.get(f"/board/?{query}")


@pytest.mark.parametrize(
    "query",
    [
        "span=day&day=2026-13-01",
        "span=day&day=9999-12-31",
        "span=month&month=x",
        "span=month&month=0001-01",
        "span=term&term=x",
        "span=day&day=2026-11-18T00:00",
    ],
)
def test_days_that_no_timetable_has_are_answered_with_400(town: Town, query: str) -> None:
    assert Client().get(f"/c/centrum/?{query}").status_code == 400
    assert town.client.get(f"/board/?{query}").status_code == 400


@pytest.mark.parametrize("query", ["span=century", "by=colour", "paper=a0", "room=x", "place=1&person=2"])
def test_what_makes_no_sense_otherwise_is_left_out(town: Town, query: str) -> None:
    assert Client().get(f"/c/centrum/?{query}").status_code == 200


def test_timetable_without_terms_offers_no_term(town: Town) -> None:
    make_centre(slug="puste")
    answer = Client().get("/c/puste/")
    assert [each.label for each in answer.context["links"].spans] == ["Dzień", "Tydzień", "Miesiąc"]
    assert Client().get("/c/puste/?span=month").status_code == 200


def test_days_off_of_a_month_are_named(town: Town) -> None:
    day = date(2026, 11, 20)
    Closure.objects.create(timetable=town.centre.timetable, name="Inwentaryzacja", starts_on=day, ends_on=day)
    page = Client().get("/c/centrum/?span=month&month=2026-11").content.decode()
    assert "Inwentaryzacja" in page
    assert "Święto Niepodległości" in page


def test_days_off_of_one_place_are_named_only_where_it_is_looked_at(town: Town) -> None:
    day = date(2026, 11, 20)
    facts = {"timetable": town.centre.timetable, "starts_on": day, "ends_on": day}
    Closure.objects.create(name="Egzaminy w szkole", place=town.school, **facts)
    month = "/c/centrum/?span=month&month=2026-11"
    assert "Egzaminy" not in Client().get(month).content.decode()
    assert "Egzaminy" not in Client().get(f"{month}&place={town.house.pk}").content.decode()
    for query in (f"place={town.school.pk}", f"room={town.gym.pk}"):
        assert "Egzaminy" in Client().get(f"{month}&{query}").content.decode()


def test_paper_and_large_type_are_chosen_by_links(town: Town) -> None:
    assert 'class="accent-teal paper-a3"' in Client().get("/c/centrum/?paper=a3").content.decode()
    answer = Client().get("/c/centrum/?paper=large&view=grid")
    assert answer.context["week"].view == "list"


def test_whoever_works_there_sees_the_whole_timetable_but_only_her_own_participants(town: Town) -> None:
    member = make_staff(Role.INSTRUCTOR, centre=town.centre, resource=town.jarzebina)
    client = Client()
    client.force_login(member.person.account)
    page = client.get(reverse("staff-timetable"), {"week": "2026-W47"}).content.decode()
    assert "Narada" in page
    own = town.dance.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    other = town.robotics.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    assert reverse("diary-session", args=[own.pk]) in page
    assert reverse("diary-session", args=[other.pk]) not in page


def test_strangers_do_not_see_the_staff_timetable(town: Town) -> None:
    foreign = make_staff(Role.INSTRUCTOR)
    for account in (foreign.person.account, make_account()):
        client = Client()
        client.force_login(account)
        assert client.get(reverse("staff-timetable"), {"centre": "centrum"}).status_code == 404
    assert Client().get(reverse("staff-timetable")).status_code == 302


def test_room_that_nobody_uses_keeps_its_row(town: Town) -> None:
    Resource.objects.create(timetable=town.centre.timetable, kind=Resource.Kind.ROOM, name="Pusta")
    (sheet,) = town.client.get("/board/", {"by": "room"}).context["timetable"].sheets
    assert [strip.is_empty for strip in sheet.strips if strip.name == "Pusta"] == [True]
