"""Asking over REST for any of several groups, and for siblings together."""

from __future__ import annotations

import uuid

import pytest

from booking.models import Enrolment
from tests.booking.api.callers import V1, caller, problem_of
from tests.factories import (
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_guardianship,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db
ANY, TOGETHER = f"{V1}/enrolments/any/", f"{V1}/enrolments/together/"


@pytest.fixture
def family():
    return make_family(make_centre(), children=(7, 9))


@pytest.fixture
def groups(family):
    """Two full groups of one activity, each with a line."""
    activity = make_activity(family.household.centre)
    made = [make_group(activity, capacity=1, waitlist=True) for _number in range(2)]
    for group in made:
        make_enrolment(make_person(age=8), group)
    return made


def wish(family, groups):
    return {"child": str(family.child.pk), "groups": [str(group.pk) for group in groups]}


def bundle(family, groups):
    pairs = zip(family.children, groups, strict=True)
    return {"places": [{"child": str(child.pk), "group": str(group.pk)} for child, group in pairs]}


def test_wish_for_any_group_waits_in_each_line_with_its_place(family, groups):
    client = caller(family.account)
    answer = client.post(ANY, wish(family, groups) | {"note": "po 16"}, format="json", headers={"Idempotency-Key": "a"})
    assert answer.status_code == 201, answer.content
    made = answer.json()["enrolments"]
    assert [(each["group"], each["status"], each["position"], each["note"]) for each in made] == [
        (str(group.pk), "waiting", 1, "po 16") for group in groups
    ]
    assert made[0]["wish"] == made[1]["wish"] is not None
    again = client.post(ANY, wish(family, groups) | {"note": "po 16"}, format="json", headers={"Idempotency-Key": "a"})
    assert (again.json(), again["Idempotent-Replayed"]) == (answer.json(), "true")
    assert Enrolment.objects.in_line().count() == 2


def test_wish_takes_the_place_that_is_free(family, groups):
    free = make_group(groups[0].activity)
    made = caller(family.account).post(ANY, wish(family, [groups[0], free]), format="json").json()["enrolments"]
    assert [(each["group"], each["status"], each["wish"]) for each in made] == [(str(free.pk), "enrolled", None)]


def test_siblings_wait_together(family, groups):
    made = caller(family.account).post(TOGETHER, bundle(family, groups), format="json").json()["enrolments"]
    assert [(each["child"], each["status"], each["position"]) for each in made] == [
        (str(child.pk), "waiting", 1) for child in family.children
    ]
    assert made[0]["bundle"] == made[1]["bundle"] is not None


def test_bundle_that_one_of_them_cannot_join_is_refused_whole(family, groups):
    type(groups[1]).objects.filter(pk=groups[1].pk).update(age_until=8)
    problem_of(caller(family.account).post(TOGETHER, bundle(family, groups), format="json"), 409, "too_old")
    assert not Enrolment.objects.filter(child__in=family.children).exists()


@pytest.mark.parametrize("kind", ["any", "together"])
def test_children_of_others_are_unknown_and_nothing_changes(family, groups, kind):
    address, body = (ANY, wish(family, groups)) if kind == "any" else (TOGETHER, bundle(family, groups))
    unknown = None
    strangers = (make_family().account, make_co_guardian(family, can_book=False), make_staff().person.account)
    for account in (*strangers, make_co_guardian(family, contact_ban=True)):
        answer = problem_of(caller(account).post(address, body, format="json"), 404, "not_found")
        unknown = unknown or answer
        assert answer == unknown
    assert not Enrolment.objects.filter(child__in=family.children).exists()


def test_one_sibling_whom_the_caller_may_not_enrol_stops_the_whole(family, groups):
    father = make_co_guardian(family)
    sibling = make_person(age=9)
    make_guardianship(father.person, sibling, can_book=False)
    body = bundle(family, groups)
    body["places"][1]["child"] = str(sibling.pk)
    answer = problem_of(caller(father).post(TOGETHER, body, format="json"), 404, "not_found")
    assert answer["errors"][0]["pointer"] == "/places/1/child"
    assert not Enrolment.objects.filter(child__in=family.children).exists()


def test_desk_puts_a_phone_only_family_in_line(family, groups):
    type(groups[0]).objects.update(entry="centre")
    staff = make_staff(centre=family.household.centre).person.account
    assert caller(staff).post(TOGETHER, bundle(family, groups), format="json").status_code == 201
    made = caller(family.account).post(ANY, wish(family, groups), format="json")
    problem_of(made, 409, "already_enrolled")


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("any", {"groups": []}),
        ("any", {"groups": ["x", "y"]}),
        ("any", {"groups": "twice"}),
        ("any", {"status": "enrolled"}),
        ("any", {"position": 1}),
        ("together", {"places": []}),
        ("together", {"places": "twice"}),
        ("together", {"places": [{"child": "x"}]}),
        ("together", {"bundle": str(uuid.UUID(int=3))}),
    ],
)
def test_wrong_bodies_are_refused_and_nothing_changes(family, groups, kind, change):
    address, body = (ANY, wish(family, groups)) if kind == "any" else (TOGETHER, bundle(family, groups))
    for name, value in change.items():
        body[name] = [body[name][0]] * 2 if value == "twice" else value
    assert caller(family.account).post(address, body, format="json").status_code == 400
    assert not Enrolment.objects.filter(child__in=family.children).exists()


def test_place_in_line_of_a_bundle_takes_no_fields_that_the_server_gives(family, groups):
    body = bundle(family, groups)
    body["places"][0] |= {"status": "enrolled"}
    problem_of(caller(family.account).post(TOGETHER, body, format="json"), 400, "unknown_field")
    assert not Enrolment.objects.filter(child__in=family.children).exists()
