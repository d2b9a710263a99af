"""Time off over REST: the preview, entering one's own, planning for others, and what strangers are answered."""

from __future__ import annotations

import uuid

import pytest

from booking.models import Role, TimeOff
from scheduler.models import Session
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_equipment,
    make_family,
    make_place,
    make_room,
    make_service,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import make_colleague
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
WEEK = {"starts_at": "2026-11-18T00:00:00+01:00", "ends_at": "2026-11-20T00:00:00+01:00"}
PREVIEW, TIME_OFF = f"{V1}/time-off/preview/", f"{V1}/time-off/"


@pytest.fixture
def leader():
    """Somebody who leads robotics on Wednesday."""
    member = make_colleague(make_centre())
    group = make_weekly_group(make_activity(member.centre), leader=member.resource)
    assert Session.objects.filter(series__groups=group, starts_at__gt=NOW).exists()
    return member


def preview(client, **more):
    return client.post(PREVIEW, {**WEEK, **more}, format="json").json()


def test_own_time_off_is_previewed_entered_listed_and_taken_back(leader):
    client = caller(leader.person.account)
    plan = preview(client)
    (date,) = plan["dates"]
    assert (date["starts_at"], date["action"], date["substitutes"]) == ("2026-11-18T16:00:00+01:00", "move", [])
    body = {**WEEK, "kind": "leave", "fingerprint": plan["fingerprint"]}
    made = client.post(TIME_OFF, body, format="json", headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert {name: made.json()[name] for name in ("kind", "open", "starts_at")} == {
        "kind": "leave",
        "open": 1,
        "starts_at": WEEK["starts_at"],
    }
    again = client.post(TIME_OFF, body, format="json", headers={"Idempotency-Key": "one"})
    assert (again.json(), again["Idempotent-Replayed"]) == (made.json(), "true")
    problem_of(client.post(TIME_OFF, body, format="json"), 409, "time_off_twice")
    assert rows_of(client.get(TIME_OFF)) == [made.json()]
    back = client.post(f"{TIME_OFF}{made.json()['id']}/take-back/").json()
    assert (back["open"], back["cancelled_at"]) == (0, "2026-11-16T09:00:00+01:00")


def test_planner_enters_for_others_and_settles_in_the_same_step(leader):
    client = caller(make_staff(centre=leader.centre).person.account)
    able = make_colleague(leader.centre)
    plan = preview(client, member=str(leader.pk))
    (date,) = plan["dates"]
    assert date["substitutes"] == [{"id": str(able.resource_id), "name": able.resource.name}]
    choice = {"session": date["session"], "action": "substitute", "substitute": str(able.resource_id)}
    body = {**WEEK, "member": str(leader.pk), "kind": "illness", "fingerprint": plan["fingerprint"]}
    made = client.post(TIME_OFF, {**body, "choices": [choice]}, format="json").json()
    assert made["open"] == 0
    assert Session.objects.get(pk=date["session"]).leader_id == able.resource_id


def test_plan_that_has_changed_is_answered_with_the_new_one(leader):
    client = caller(make_staff(centre=leader.centre).person.account)
    plan = preview(client, member=str(leader.pk))
    make_colleague(leader.centre)
    body = {**WEEK, "member": str(leader.pk), "kind": "illness", "fingerprint": plan["fingerprint"], "choices": []}
    told = problem_of(client.post(TIME_OFF, body, format="json"), 409, "plan_changed")
    assert told["plan"] == preview(client, member=str(leader.pk))
    assert not TimeOff.objects.exists()


def test_specialist_does_not_settle_her_own_dates(leader):
    client = caller(leader.person.account)
    plan = preview(client)
    choice = {"session": plan["dates"][0]["session"], "action": "cancel"}
    body = {**WEEK, "kind": "leave", "fingerprint": plan["fingerprint"], "choices": [choice]}
    assert client.post(TIME_OFF, body, format="json").json()["open"] == 1
    assert not Session.objects.filter(status="cancelled").exists()


def test_time_off_of_others_does_not_exist_for_strangers(leader):
    made = TimeOff.objects.create(
        member=leader, starts_at=NOW, ends_at=NOW.replace(hour=20), kind="illness", entered_at=NOW, changed_at=NOW
    )
    for stranger in (make_staff().person.account, make_colleague(leader.centre).person.account):
        client = caller(stranger)
        unknown = problem_of(client.get(f"{TIME_OFF}{uuid.uuid4()}/"), 404, "not_found")
        assert problem_of(client.get(f"{TIME_OFF}{made.pk}/"), 404, "not_found") == unknown
        problem_of(client.post(f"{TIME_OFF}{made.pk}/take-back/"), 404, "not_found")
        problem_of(client.post(PREVIEW, {**WEEK, "member": str(leader.pk)}, format="json"), 404, "not_found")
        assert rows_of(client.get(TIME_OFF)) == []
    problem_of(caller().get(TIME_OFF), 401, "not_authenticated")


def test_resources_are_listed_to_planners_with_their_halves(leader):
    timetable = leader.centre.timetable
    hall = make_room(timetable, name="Hala", place=make_place(timetable, step_free=True))
    half = make_room(timetable, name="Hala A")
    half.part_of = hall
    half.save()
    make_equipment(timetable, name="Roboty", units=6)
    client = caller(make_staff(centre=leader.centre).person.account)
    rows = {row["name"]: row for row in rows_of(client.get(f"{V1}/resources/"))}
    assert rows["Hala"]["parts"] == [{"id": str(half.pk), "name": "Hala A"}]
    assert (rows["Hala"]["step_free"], rows["Hala A"]["part_of"]) == (True, str(hall.pk))
    assert [row["units"] for row in rows_of(client.get(f"{V1}/resources/", {"kind": "equipment"}))] == [6]
    for other in (make_staff().person.account, make_staff(Role.EDUCATOR, centre=leader.centre).person.account):
        assert rows_of(caller(other).get(f"{V1}/resources/")) == []


def test_planner_settles_visits_over_rest(leader):
    client = caller(make_staff(centre=leader.centre).person.account)
    practice = make_practice(make_service(leader.centre, minutes=50, pause_minutes=10, notice_hours=0))
    first, second = (make_visit(practice, wall(hour), person=make_family(leader.centre).child) for hour in (9, 10))
    asked = {"member": str(practice.member.pk)}
    plan = preview(client, **asked)
    assert plan["visits"] == [str(first.pk), str(second.pk)]
    way = plan["visit_ways"][0]
    time = {"specialist": str(practice.specialist.pk), "starts_at": "2026-11-25T09:00:00+01:00"}
    assert (way["visit"], way["colleagues"], way["times"][0]) == (
        str(first.pk),
        [],
        {**time, "ends_at": "2026-11-25T09:50:00+01:00"},
    )
    body = {**WEEK, **asked, "kind": "illness", "fingerprint": plan["fingerprint"], "choices": []}
    wrong = [{"visit": str(first.pk), "action": "hand_over", "specialist": str(practice.specialist.pk)}]
    refused = client.post(TIME_OFF, {**body, "visit_choices": wrong}, format="json")
    problem_of(refused, 409, "unknown_choice_for_visit")
    choices = [{"visit": str(first.pk), "action": "offer", **time}, {"visit": str(second.pk), "action": "cancel"}]
    made = client.post(TIME_OFF, {**body, "visit_choices": choices}, format="json").json()
    assert made["open"] == 0
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("offered", "cancelled")


def test_ways_of_confidential_visits_are_not_told_to_who_is_not_trusted(leader):
    service = make_service(leader.centre, minutes=50, sensitivity="sensitive", notice_hours=0)
    practice = make_practice(service)
    visit = make_visit(practice, wall(9), person=make_family(leader.centre).child)
    plan = preview(caller(make_staff(centre=leader.centre).person.account), member=str(practice.member.pk))
    assert (plan["visits"], plan["visit_ways"]) == ([str(visit.pk)], [])
