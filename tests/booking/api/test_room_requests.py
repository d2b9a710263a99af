"""Asking owners of shared rooms over REST: about a line, about one date, and what they said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from booking.models import Account
from scheduler.models import Resource, RoomRequest, Series
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import NOW, make_centre, make_room, make_series, make_staff, make_term

pytestmark = pytest.mark.django_db
REQUESTS = f"{V1}/room-requests/"


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass
class Story:
    """A draft line in a hall of the brigade, and its organiser."""

    hall: Resource
    line: Series
    organiser: Account


@pytest.fixture
def story() -> Story:
    centre = make_centre(slug="centrum")
    hall = make_room(centre.timetable, name="Świetlica")
    hall.owner, hall.needs_approval = "OSP", True
    hall.save()
    line = make_series(make_term(centre.timetable), title="Taniec", room=hall, published=False)
    return Story(hall, line, make_staff(centre=centre).person.account)


def test_owner_is_asked_about_a_line_answers_and_it_can_be_published(story):
    client = caller(story.organiser)
    made = client.post(REQUESTS, {"series": str(story.line.pk)}, format="json")
    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "centre": "centrum",
        "room": {"id": str(story.hall.pk), "name": "Świetlica"},
        "owner": "OSP",
        "series": str(story.line.pk),
        "title": "Taniec",
        "starts_at": None,
        "ends_at": None,
        "status": "asked",
        "note": "",
        "asked_at": "2026-11-16T09:00:00+01:00",
        "decided_at": None,
    }
    again = client.post(REQUESTS, {"series": str(story.line.pk)}, format="json")
    assert (again.status_code, again.json()) == (200, made.json())
    own = f"{REQUESTS}{made.json()['id']}/"
    answered = client.post(f"{own}answer/", {"agrees": True, "note": "Do 18:00"}, format="json").json()
    assert (answered["status"], answered["note"]) == ("approved", "Do 18:00")
    assert client.get(own).json() == answered
    assert rows_of(client.get(REQUESTS)) == rows_of(client.get(f"{REQUESTS}?status=approved")) == [answered]
    assert rows_of(client.get(f"{REQUESTS}?status=asked")) == []
    assert rows_of(client.get(f"{REQUESTS}?updated_since=2026-11-17T00:00:00Z")) == []


def test_refused_owner_is_asked_anew(story):
    client = caller(story.organiser)
    own = f"{REQUESTS}{client.post(REQUESTS, {'series': str(story.line.pk)}, format='json').json()['id']}/"
    refused = client.post(f"{own}answer/", {"agrees": False}, format="json").json()
    assert refused["status"] == "refused"
    assert client.post(REQUESTS, {"series": str(story.line.pk)}, format="json").status_code == 201
    assert RoomRequest.objects.get().status == "asked"


def test_owner_is_asked_about_one_date(story):
    client = caller(story.organiser)
    line = make_series(story.line.term, title="Szachy")
    session = line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    starts_at, ends_at = (moment + timedelta(days=1) for moment in (session.starts_at, session.ends_at))
    body = {"session": str(session.pk), "room": str(story.hall.pk)}
    hours = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    made = client.post(REQUESTS, {**body, **hours}, format="json")
    assert (made.status_code, made.json()["starts_at"]) == (201, "2026-11-19T16:00:00+01:00")
    backwards = {"starts_at": hours["ends_at"], "ends_at": hours["starts_at"]}
    refused = client.post(REQUESTS, {**body, **backwards}, format="json")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/ends_at")


def test_what_asks_nobody_is_refused_and_nothing_is_noted(story):
    client = caller(story.organiser)
    own = make_series(story.line.term, room=make_room(story.hall.timetable), published=False)
    problem_of(client.post(REQUESTS, {"series": str(own.pk)}, format="json"), 409, "no_owner_to_ask")
    for body in ({}, {"series": str(own.pk), "room": str(story.hall.pk)}, {"session": str(own.pk)}):
        assert client.post(REQUESTS, body, format="json").status_code == 400
    assert not RoomRequest.objects.exists()


def test_what_others_plan_does_not_exist(story):
    asked = caller(story.organiser).post(REQUESTS, {"series": str(story.line.pk)}, format="json").json()
    stranger = caller(make_staff().person.account)
    own = f"{REQUESTS}{asked['id']}/"
    assert stranger.post(REQUESTS, {"series": str(story.line.pk)}, format="json").status_code == 404
    assert stranger.get(own).status_code == stranger.post(f"{own}answer/", {"agrees": True}).status_code == 404
    assert rows_of(stranger.get(REQUESTS)) == []
    assert caller().get(REQUESTS).status_code == 401
    assert RoomRequest.objects.get().status == "asked"


def test_list_asks_a_fixed_number_of_queries(story, django_assert_max_num_queries):
    for number in range(12):
        facts = {"room": story.hall, "series": story.line, "hours": f"weekly {number}", "asked_at": NOW}
        RoomRequest.objects.create(**facts)
    with django_assert_max_num_queries(8):
        assert len(rows_of(caller(story.organiser).get(REQUESTS))) == 12
