"""A specialist's diary: her own week and the list of who comes, and nobody else's."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.timetable_changes import cancel_date
from booking.models import Role
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_room,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def instructor(centre):
    return make_staff(Role.INSTRUCTOR, centre=centre)


@pytest.fixture
def client(instructor) -> Client:
    client = Client()
    client.force_login(instructor.person.account)
    return client


def test_diary_shows_own_sessions_only(client, centre, instructor) -> None:
    make_weekly_group(make_activity(centre, name="Robotyka"), leader=instructor.resource)
    make_weekly_group(make_activity(centre, name="Taniec"))
    page = client.get(reverse("diary")).content.decode()
    assert "Robotyka" in page
    assert "Taniec" not in page


def test_diary_shows_sessions_one_helps_in_and_keeps_the_cancelled_ones(client, centre, instructor) -> None:
    series = make_series(make_term(centre.timetable), title="Posiłek", resources=[instructor.resource])
    session = series.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    cancel_date(session_id=session.pk, by=make_account(), note="", now=NOW)
    page = client.get(reverse("diary")).content.decode()
    assert "Posiłek" in page
    assert "session--cancelled" in page


def test_diary_names_todays_next_meeting(client, centre, instructor) -> None:
    room = make_room(centre.timetable, name="Pracownia")
    make_weekly_group(make_activity(centre, name="Robotyka"), day=NOW.date(), leader=instructor.resource, room=room)
    page = client.get(reverse("diary")).content.decode()
    assert "Dziś najbliżej: <strong>16:00</strong> Robotyka, Pracownia" in " ".join(page.split())


def test_diary_without_plans_says_so(client) -> None:
    assert "Na dziś nie masz nic w planie." in client.get(reverse("diary")).content.decode()


def test_the_page_of_a_session_lists_participants_with_their_age(client, centre, instructor) -> None:
    group = make_weekly_group(make_activity(centre), leader=instructor.resource, ages=(6, 9))
    family = make_family(centre, children=(7,))
    make_enrolment(family.children[0], group)
    session = group.series.get().sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    page = client.get(reverse("diary-session", args=[session.pk])).content.decode()
    child = family.children[0]
    assert f"{child.family_name} {child.given_name}" in page
    assert "<td>7</td>" in page


def test_the_list_of_somebody_elses_session_does_not_exist(client, centre) -> None:
    session = make_weekly_group(make_activity(centre)).series.get().sessions.first()
    assert client.get(reverse("diary-session", args=[session.pk])).status_code == 404


def test_people_without_a_diary_find_none(centre) -> None:
    assert Client().get(reverse("diary")).status_code == 302
    for account in (make_family(centre).account, make_account(), make_staff(Role.ORGANISER).person.account):
        client = Client()
        client.force_login(account)
        assert client.get(reverse("diary")).status_code == 404


def test_diary_of_another_centre_is_not_found(client) -> None:
    other = make_centre(slug="gdzie-indziej")
    assert client.get(reverse("diary"), {"centre": other.slug}).status_code == 404


@pytest.mark.parametrize("week", ["2026-W99", "9999-W52", "x"])
def test_diary_answers_an_impossible_week_with_400(client, week: str) -> None:
    assert client.get(reverse("diary"), {"week": week}).status_code == 400


def test_diary_asks_the_same_number_of_queries_for_few_and_many_sessions(
    client, centre, instructor, django_assert_max_num_queries
) -> None:
    make_weekly_group(make_activity(centre), leader=instructor.resource)
    with django_assert_max_num_queries(22) as few:
        client.get(reverse("diary"))
    for number in range(12):
        make_series(make_term(centre.timetable, name=f"okres {number}"), resources=[], leader=None)
    for day in range(2, 7):
        make_weekly_group(
            make_activity(centre),
            day=NOW.date().replace(day=16 + day % 5),
            starts=NOW.time().replace(hour=6 + day),
            ends=NOW.time().replace(hour=7 + day),
            leader=instructor.resource,
        )
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("diary"))
