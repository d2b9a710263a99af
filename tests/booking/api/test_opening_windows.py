"""Hours for visits over REST: opened, looked at, changed and closed by those who keep them, and by nobody else."""

from __future__ import annotations

import pytest

from booking.models import OpeningWindow, Role
from scheduler.models import Series
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import make_account, make_centre, make_room, make_service, make_staff, make_term
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
WINDOWS = f"{V1}/opening-windows/"


@pytest.fixture
def specialist():
    member = make_staff("specialist", centre=make_centre())
    make_term(member.centre.timetable)
    return member


def hours(service, **changes) -> dict[str, object]:
    return {
        "services": [str(service.pk)],
        "day": "2026-11-18",
        "starts": "15:00",
        "ends": "17:00",
        "weekdays": [0, 2],
        "modes": ["office", "phone"],
        "urgent_places": 1,
    } | changes


def test_a_specialist_opens_her_hours(specialist):
    service, room = make_service(specialist.centre, minutes=60), make_room(specialist.centre.timetable)
    client = caller(specialist.person.account)
    made = client.post(WINDOWS, hours(service, room=str(room.pk)), format="json")
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["starts"], body["ends"], body["weekdays"]) == ("15:00", "17:00", [0, 2])
    assert (body["modes"], body["urgent_places"], body["room"]["id"]) == (["office", "phone"], 1, str(room.pk))
    assert body["specialist"]["id"] == str(specialist.resource.pk)
    assert rows_of(client.get(WINDOWS)) == [body]
    assert client.get(made["Location"]).json() == body


def test_what_cannot_be_is_refused_and_nothing_is_stored(specialist):
    service = make_service(specialist.centre)
    client = caller(specialist.person.account)
    problem_of(client.post(WINDOWS, hours(service, ends="14:00"), format="json"), 409, "empty_hours")
    problem_of(client.post(WINDOWS, hours(service, modes=["video"]), format="json"), 409, "mode_missing")
    problem_of(client.post(WINDOWS, hours(service, day="2031-01-01"), format="json"), 409, "no_term")
    problem_of(client.post(WINDOWS, hours(make_service()), format="json"), 404, "not_found")
    foreign = make_room(make_centre().timetable)
    problem_of(client.post(WINDOWS, hours(service, room=str(foreign.pk)), format="json"), 404, "not_found")
    assert not Series.objects.exists()


def test_a_change_is_looked_at_and_then_confirmed():
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    client, address = caller(practice.member.person.account), f"{WINDOWS}{practice.window.pk}/"
    body = hours(practice.service, starts="10:00", ends="13:00", weekdays=[2], modes=["office"], from_day="2026-11-17")
    plan = client.post(f"{address}preview/", body, format="json").json()
    assert [(conflict["id"], conflict["why"]) for conflict in plan["conflicts"]] == [(str(visit.pk), "time")]
    assert plan["dates"][0]["starts_at"] == "2026-11-18T10:00:00+01:00"
    assert "2026-11-11" not in plan["left_out"]
    stale = client.post(f"{address}change/", {**body, "fingerprint": "other"}, format="json")
    assert problem_of(stale, 409, "plan_changed")["plan"]["fingerprint"] == plan["fingerprint"]
    done = client.post(f"{address}change/", {**body, "fingerprint": plan["fingerprint"]}, format="json")
    assert (done.status_code, done.json()["starts"]) == (200, "10:00")
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", wall(9))


def test_hours_are_closed_from_a_day_on():
    practice = make_practice()
    client, address = caller(practice.member.person.account), f"{WINDOWS}{practice.window.pk}/"
    plan = client.post(f"{address}close-preview/", {"from_day": "2026-11-25"}, format="json").json()
    assert plan["ending"] > 0
    done = client.post(
        f"{address}close/", {"from_day": "2026-11-25", "fingerprint": plan["fingerprint"]}, format="json"
    )
    assert (done.status_code, done.json()["last"]) == (200, "2026-11-24")
    gone = client.post(f"{address}close-preview/", {"from_day": "2026-11-01"}, format="json")
    problem_of(gone, 409, "window_in_the_past")


def test_organisers_keep_all_hours_of_their_centre_and_strangers_none():
    practice = make_practice()
    organiser = caller(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    assert [row["id"] for row in rows_of(organiser.get(WINDOWS))] == [str(practice.window.pk)]
    made = organiser.post(WINDOWS, hours(practice.service, specialist=str(practice.specialist.pk)), format="json")
    assert made.status_code == 201
    before = OpeningWindow.objects.count()
    colleague = make_staff("specialist", centre=practice.service.centre).person.account
    for account in (make_account(), make_staff(Role.ORGANISER).person.account, colleague):
        client = caller(account)
        assert rows_of(client.get(WINDOWS)) == []
        problem_of(client.get(f"{WINDOWS}{practice.window.pk}/"), 404, "not_found")
        body = hours(practice.service, specialist=str(practice.specialist.pk))
        problem_of(client.post(WINDOWS, body, format="json"), 404, "not_found")
        plan = {**body, "from_day": "2026-11-25"}
        del plan["specialist"]
        closing = {"from_day": "2026-11-25"}
        for way, asked in (("preview/", plan), ("close-preview/", closing), ("change/", plan), ("close/", closing)):
            confirmed = asked if "preview" in way else {**asked, "fingerprint": "any"}
            answer = client.post(f"{WINDOWS}{practice.window.pk}/{way}", confirmed, format="json")
            problem_of(answer, 404, "not_found")
    assert OpeningWindow.objects.count() == before
    problem_of(caller().get(WINDOWS), 401, "not_authenticated")
