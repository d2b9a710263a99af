"""The line and held places through REST: position, offers, answers, and what stays hidden."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Enrolment, Group, Offer
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
URL = f"{V1}/offers/"


@pytest.fixture
def family() -> Family:
    return make_family(children=(7, 8))


@pytest.fixture
def group(family) -> Group:
    """One place, taken, and a line."""
    group = make_weekly_group(make_activity(family.household.centre), capacity=1, waitlist=True)
    make_enrolment(make_person(age=8), group)
    return group


@pytest.fixture
def offer(family, group) -> Offer:
    """The family's first child is offered the place; a stranger waits after her."""
    enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    make_enrolment(make_person(age=8), group)
    withdraw_child(enrolment_id=group.enrolments.get(status="enrolled").pk, now=NOW)
    return Offer.objects.get()


def ask(family: Family, group: Group, number: int = 0) -> dict[str, str]:
    return {"child": str(family.children[number].pk), "group": str(group.pk)}


def statuses(group: Group) -> list[str]:
    numbered = group.enrolments.exclude(line_number=None).order_by("line_number")
    return list(numbered.values_list("status", flat=True))


def test_full_group_with_a_line_answers_the_place_in_line(family, group):
    client = caller(family.account)
    answers = [client.post(f"{V1}/enrolments/", ask(family, group, number)) for number in (0, 1)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [(answer.json()["status"], answer.json()["position"]) for answer in answers] == [
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert {row["position"] for row in rows_of(client.get(f"{V1}/enrolments/"))} == {1, 2}
    assert client.get(answers[1]["Location"]).json()["position"] == 2
    assert client.get(f"{V1}/groups/{group.pk}/").json()["places"] == "waiting"


def test_position_moves_up_and_ends_with_the_offer(family, group):
    client = caller(family.account)
    first, second = (client.post(f"{V1}/enrolments/", ask(family, group, number)).json() for number in (0, 1))
    client.post(f"{V1}/enrolments/{first['id']}/withdraw/")
    assert client.get(f"{V1}/enrolments/{second['id']}/").json()["position"] == 1
    withdraw_child(enrolment_id=group.enrolments.get(status="enrolled").pk, now=NOW)
    row = client.get(f"{V1}/enrolments/{second['id']}/").json()
    assert (row["status"], row["position"]) == ("offered", None)


@pytest.mark.parametrize(
    "name", ["line_number", "status", "position", "waiting", "basis", "over_cap_reason", "by_desk"]
)
def test_line_cannot_be_jumped_by_the_body(family, group, name):
    answer = caller(family.account).post(f"{V1}/enrolments/", ask(family, group) | {name: 1})
    problem_of(answer, 400, "unknown_field")
    assert statuses(group) == []


def test_offers_are_listed_with_their_deadline(family, group, offer):
    assert rows_of(caller(family.account).get(URL)) == [
        {
            "id": str(offer.pk),
            "child": str(family.child.pk),
            "group": str(group.pk),
            "enrolment": str(offer.enrolment_id),
            "status": "open",
            "expires_at": "2026-11-17T09:00:00+01:00",
            "created_at": "2026-11-16T09:00:00+01:00",
            "decided_at": None,
        }
    ]


def test_offers_are_filtered(family, offer):
    client = caller(family.account)
    assert len(rows_of(client.get(URL, {"status": "open", "child": str(family.child.pk)}))) == 1
    assert rows_of(client.get(URL, {"status": "accepted"})) == []
    assert rows_of(client.get(URL, {"child": str(uuid.uuid4())})) == []


@pytest.mark.parametrize(
    ("answer", "status", "line"),
    [
        ("accept", "accepted", ["enrolled", "waiting"]),
        ("decline", "declined", ["withdrawn", "offered"]),
    ],
)
def test_answer_has_one_effect_however_often_it_is_sent(family, offer, answer, status, line):
    client = caller(family.account)
    for _ in range(2):
        said = client.post(f"{URL}{offer.pk}/{answer}/")
        assert (said.status_code, said.json()["status"]) == (200, status)
    assert statuses(offer.enrolment.group) == line


def test_offer_that_is_over_is_a_conflict_that_changes_nothing(family, group, offer):
    with time_machine.travel(NOW + timedelta(hours=24), tick=False):
        answer = caller(family.account).post(f"{URL}{offer.pk}/accept/")
    problem_of(answer, 409, "offer_over")
    assert statuses(group) == ["offered", "waiting"]


def test_stale_offer_is_a_failed_precondition(family, group, offer):
    answer = caller(family.account).post(f"{URL}{offer.pk}/accept/", headers={"If-Match": '"stale"'})
    problem_of(answer, 412, "precondition_failed")
    assert statuses(group) == ["offered", "waiting"]


def test_guardian_who_may_only_look_cannot_answer(family, group, offer):
    client = caller(make_co_guardian(family, can_book=False))
    assert len(rows_of(client.get(URL))) == 1
    problem_of(client.post(f"{URL}{offer.pk}/accept/"), 403, "may_not_book")
    assert statuses(group) == ["offered", "waiting"]


def test_strangers_find_nothing(family, group, offer):
    strangers = [
        make_account(),
        make_co_guardian(family, contact_ban=True),
        make_co_guardian(family, can_view=False),
        make_staff("organiser").person.account,
        make_staff("instructor", centre=family.household.centre).person.account,
    ]
    missing = caller(strangers[0]).get(f"{URL}{uuid.uuid4()}/").json()
    for account in strangers:
        client = caller(account)
        assert rows_of(client.get(URL)) == []
        assert client.get(f"{URL}{offer.pk}/").json() == missing
        for answer in ("accept", "decline"):
            problem_of(client.post(f"{URL}{offer.pk}/{answer}/"), 404, "not_found")
    assert caller().get(URL).status_code == 401
    assert statuses(group) == ["offered", "waiting"]


def test_desk_answers_for_those_who_call(family, group, offer):
    desk = make_staff("organiser", centre=family.household.centre).person.account
    assert caller(desk).post(f"{URL}{offer.pk}/accept/").status_code == 200
    assert statuses(group) == ["enrolled", "waiting"]


def test_court_referral_is_not_the_familys_to_end(family):
    group = make_weekly_group(make_activity(family.household.centre))
    entry = enrol_child(
        child=family.child, group=group, by=make_account(), now=NOW, by_desk=True, basis=Enrolment.Basis.COURT
    )
    problem_of(caller(family.account).post(f"{V1}/enrolments/{entry.pk}/withdraw/"), 409, "court_referred")
    desk = make_staff("organiser", centre=family.household.centre).person.account
    assert caller(desk).post(f"{V1}/enrolments/{entry.pk}/withdraw/").json()["status"] == "withdrawn"


@pytest.mark.parametrize("number", [3, 12])
def test_lists_take_a_fixed_number_of_queries(family, group, number, django_assert_max_num_queries):
    for _ in range(number):
        child = make_family(family.household.centre).child
        make_enrolment(child, group)
    Group.objects.update(capacity=number)
    withdraw_child(enrolment_id=group.enrolments.get(status="enrolled").pk, now=NOW)
    client = caller(make_staff("organiser", centre=family.household.centre).person.account)
    assert len(rows_of(client.get(URL))) == number
    with django_assert_max_num_queries(6):
        client.get(URL)
    with django_assert_max_num_queries(6):
        client.get(f"{V1}/enrolments/")
