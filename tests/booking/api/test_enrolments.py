"""Enrolling through REST: what is answered, what is refused and changes nothing, and one effect a key."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest
import time_machine

from booking.models import Enrolment, Group, IdempotencyKey
from notifications.models import Message
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
URL = f"{V1}/enrolments/"


@pytest.fixture
def family() -> Family:
    return make_family(children=(7, 11))


@pytest.fixture
def group(family) -> Group:
    return make_weekly_group(make_activity(family.household.centre), capacity=2, ages=(6, 9))


def body_for(family: Family, group: Group, **more: object) -> dict[str, object]:
    return {"child": str(family.child.pk), "group": str(group.pk)} | more


def state() -> tuple[object, ...]:
    """Everything that an enrolment could change."""
    return (
        list(Enrolment.objects.order_by("pk").values()),
        list(Group.objects.order_by("pk").values()),
        list(Message.objects.order_by("pk").values()),
    )


def test_enrolment_gives_a_place(family, group):
    answer = caller(family.account).post(URL, body_for(family, group, note="Uczulona na orzechy"))

    enrolment = Enrolment.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": str(enrolment.pk),
        "child": str(family.child.pk),
        "group": str(group.pk),
        "status": "enrolled",
        "position": None,
        "refusal": None,
        "note": "Uczulona na orzechy",
        "wish": None,
        "bundle": None,
        "created_at": "2026-11-16T09:00:00+01:00",
        "updated_at": "2026-11-16T09:00:00+01:00",
    }
    assert caller(family.account).get(answer["Location"]).json() == answer.json()
    assert answer["Location"] == f"{URL}{enrolment.pk}/"
    group.refresh_from_db()
    assert group.places_taken == 1
    assert enrolment.enrolled_by == family.account


def test_enrolment_same_key_and_body_answers_the_first_answer_again(family, group):
    client = caller(family.account)
    first = client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
    after = state()
    second = client.post(URL, dict(reversed(body_for(family, group).items())), headers={"Idempotency-Key": "k-1"})

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first["Location"] == second["Location"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert state() == after


def test_enrolment_same_key_other_body_is_refused(family, group):
    client = caller(family.account)
    client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
    after = state()
    answer = client.post(URL, body_for(family, group, note="x"), headers={"Idempotency-Key": "k-1"})

    problem_of(answer, 422, "idempotency_key_reused")
    assert state() == after


def test_enrolment_same_key_of_another_account_is_another_key(family, group):
    other = make_family(family.household.centre)
    caller(family.account).post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
    answer = caller(other.account).post(URL, body_for(other, group), headers={"Idempotency-Key": "k-1"})

    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer


def test_enrolment_refusal_is_remembered_with_its_key(family, group):
    client = caller(family.account)
    Group.objects.update(places_taken=2)
    first = client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
    Group.objects.update(places_taken=0)
    second = client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})

    assert problem_of(first, 409, "full") == problem_of(second, 409, "full")
    assert client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-2"}).status_code == 201


def test_enrolment_bad_request_is_not_remembered_with_its_key(family, group):
    client = caller(family.account)
    problem_of(client.post(URL, {"child": "x"}, headers={"Idempotency-Key": "k-1"}), 400, "invalid")
    assert not IdempotencyKey.objects.exists()
    assert client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"}).status_code == 201


def test_enrolment_key_is_forgotten_after_two_days(family, group):
    client = caller(family.account)
    client.post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
    with time_machine.travel(NOW + timedelta(hours=47), tick=False):
        answer = caller(family.account).post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
        assert answer["Idempotent-Replayed"] == "true"
    with time_machine.travel(NOW + timedelta(hours=49), tick=False):
        answer = caller(family.account).post(URL, body_for(family, group), headers={"Idempotency-Key": "k-1"})
        problem_of(answer, 409, "already_enrolled")


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_enrolment_unusable_key_is_refused(family, group, key):
    before = state()
    answer = caller(family.account).post(URL, body_for(family, group), headers={"Idempotency-Key": key})
    problem_of(answer, 400, "idempotency_key_invalid")
    assert state() == before


def test_enrolment_in_a_full_group_is_refused_with_alternatives(family, group):
    other = make_weekly_group(group.activity, capacity=2, ages=(6, 9), day=date(2026, 9, 3))
    Group.objects.filter(pk=group.pk).update(places_taken=2)
    before = state()
    answer = caller(family.account).post(URL, body_for(family, group))

    assert problem_of(answer, 409, "full")["alternatives"] == [str(other.pk)]
    assert state() == before


@pytest.mark.parametrize(
    ("ages", "facts", "code"),
    [
        ((8, 9), {}, "too_young"),
        ((3, 5), {}, "too_old"),
        ((6, 9), {"entry": "centre"}, "not_entitled"),
        ((6, 9), {"closes_at": NOW}, "enrolment_closed"),
        ((6, 9), {"opens_at": NOW + timedelta(seconds=1)}, "enrolment_not_open"),
    ],
)
def test_enrolment_refusals_have_their_code_and_change_nothing(family, ages, facts, code):
    group = make_weekly_group(make_activity(family.household.centre), ages=ages, **facts)
    before = state()
    answer = caller(family.account).post(URL, body_for(family, group))
    assert problem_of(answer, 409, code)["alternatives"] == []
    assert state() == before


def test_enrolment_twice_and_at_the_same_hour_are_refused(family, group):
    client = caller(family.account)
    client.post(URL, body_for(family, group))
    beside = make_weekly_group(make_activity(family.household.centre), ages=(6, 9))

    problem_of(client.post(URL, body_for(family, group)), 409, "already_enrolled")
    problem_of(client.post(URL, body_for(family, beside)), 409, "clash")


@pytest.mark.parametrize(
    ("language", "word"),
    [("pl", "miejsca"), ("en", "places"), ("uk", "місця"), ("de", "miejsca"), ("pl-PL,en", "miejsca")],
)
def test_enrolment_refusal_speaks_the_readers_language(family, group, language, word):
    Group.objects.update(places_taken=2)
    answer = caller(family.account, **{"accept-language": language}).post(URL, body_for(family, group))
    assert word in problem_of(answer, 409, "full")["detail"]


@pytest.mark.parametrize("name", ["status", "position", "places_taken", "centre", "id", "enrolled_by", "created_at"])
def test_enrolment_unknown_fields_are_refused(family, group, name):
    before = state()
    answer = caller(family.account).post(URL, body_for(family, group, **{name: "enrolled"}))
    body = problem_of(answer, 400, "unknown_field")
    assert body["errors"] == [
        {"pointer": f"/{name}", "code": "unknown_field", "detail": "There is no such field here."}
    ]
    assert state() == before


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "required", "/child"),
        ({"child": "1"}, "invalid", "/child"),
        ({"child": None}, "null", "/child"),
        ({"child": 2**80}, "invalid", "/child"),
        ({"child": ["x"]}, "invalid", "/child"),
        ({"note": "\x00"}, "null_characters_not_allowed", "/note"),
        ({"note": "x" * 501}, "max_length", "/note"),
        ({"note": {"a": 1}}, "invalid", "/note"),
    ],
)
def test_enrolment_bad_values_are_refused(family, group, body, code, pointer):
    before = state()
    answer = caller(family.account).post(URL, body)
    assert answer.status_code == 400
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert state() == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b'{"child": NaN}',
        b'{"child": 1e999}',
        b'{"child": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"child":' * 20_000,
    ],
)
def test_enrolment_bodies_that_are_no_object_are_refused(family, group, body):
    before = state()
    answer = caller(family.account).post(URL, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert state() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "application/json; charset=latin-1"]
)
def test_enrolment_other_media_types_are_refused(family, group, kind):
    answer = caller(family.account).generic("POST", URL, "child=1", content_type=kind)
    problem_of(answer, 415, "unsupported_media_type")


def test_enrolment_of_a_foreign_child_or_group_says_which_is_unknown(family, group):
    stranger = make_family()
    client = caller(family.account)
    before = state()
    for body, pointer in [
        (body_for(stranger, group), "/child"),
        (body_for(family, group) | {"child": str(uuid.uuid4())}, "/child"),
        (body_for(family, group) | {"group": str(uuid.uuid4())}, "/group"),
    ]:
        errors = problem_of(client.post(URL, body), 404, "not_found")["errors"]
        assert [(error["pointer"], error["code"]) for error in errors] == [(pointer, "not_found")]
    assert state() == before


def test_enrolment_in_a_group_that_is_not_public_is_unknown_to_families(family):
    secret = make_group(make_activity(family.household.centre, sensitivity="sensitive"))
    problem_of(caller(family.account).post(URL, body_for(family, secret)), 404, "not_found")
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    "rights", [{"can_book": False}, {"can_view": False}, {"contact_ban": True}, {"ends_on": NOW.date() - timedelta(1)}]
)
def test_enrolment_by_a_guardian_without_the_right_is_unknown_child(family, group, rights):
    other = make_co_guardian(family, **rights)
    before = state()
    problem_of(caller(other).post(URL, body_for(family, group)), 404, "not_found")
    assert state() == before


def test_enrolment_by_the_desk_passes_the_entry_but_not_in_another_centre(family):
    desk = make_staff(centre=family.household.centre).person.account
    own = make_weekly_group(make_activity(family.household.centre), entry="centre")
    foreign = make_weekly_group(make_activity(), entry="centre", day=date(2026, 9, 3))

    assert caller(desk).post(URL, body_for(family, own)).status_code == 201
    problem_of(caller(desk).post(URL, body_for(family, foreign)), 409, "not_entitled")


def test_withdrawing_gives_the_place_back_and_may_be_repeated(family, group):
    client = caller(family.account)
    enrolment = client.post(URL, body_for(family, group)).json()
    first = client.post(f"{URL}{enrolment['id']}/withdraw/")
    after = state()
    second = client.post(f"{URL}{enrolment['id']}/withdraw/", {})

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json() == enrolment | {"status": "withdrawn"}
    assert state() == after
    group.refresh_from_db()
    assert group.places_taken == 0


def test_withdrawing_honours_if_match(family, group):
    client = caller(family.account)
    url = f"{URL}{client.post(URL, body_for(family, group)).json()['id']}/"
    stale = client.get(url)["ETag"]
    Enrolment.objects.update(note="changed meanwhile")
    before = state()

    problem_of(client.post(f"{url}withdraw/", headers={"If-Match": stale}), 412, "precondition_failed")
    assert state() == before
    assert client.post(f"{url}withdraw/", headers={"If-Match": client.get(url)["ETag"]}).json()["status"] == "withdrawn"


def test_withdrawing_needs_the_right_to_book(family, group):
    viewer = make_co_guardian(family, can_book=False)
    enrolment = make_enrolment(family.child, group)
    before = state()
    problem_of(caller(viewer).post(f"{URL}{enrolment.pk}/withdraw/"), 403, "may_not_book")
    problem_of(caller(make_account()).post(f"{URL}{enrolment.pk}/withdraw/"), 404, "not_found")
    problem_of(caller(family.account).post(f"{URL}{enrolment.pk}/withdraw/", {"status": "ended"}), 400, "unknown_field")
    assert state() == before


def test_withdrawing_a_place_that_the_centre_gave_is_for_the_desk(family):
    given = make_enrolment(family.child, make_group(make_activity(family.household.centre), entry="centre"))
    before = state()
    problem_of(caller(family.account).post(f"{URL}{given.pk}/withdraw/"), 409, "given_by_centre")
    assert state() == before
    desk = make_staff(centre=family.household.centre).person.account
    assert caller(desk).post(f"{URL}{given.pk}/withdraw/").json()["status"] == "withdrawn"


def test_enrolments_are_filtered(family, group):
    other = make_family(family.household.centre)
    make_enrolment(family.child, group)
    make_enrolment(other.child, group)
    client = caller(family.account)

    assert [row["child"] for row in rows_of(client.get(URL))] == [str(family.child.pk)]
    assert rows_of(client.get(URL, {"child": str(other.child.pk)})) == []
    assert rows_of(client.get(URL, {"status": "withdrawn"})) == []
    assert len(rows_of(client.get(f"{URL}?status=withdrawn&status=enrolled"))) == 1
    assert len(rows_of(client.get(URL, {"updated_since": "2026-11-16T09:00:00+01:00"}))) == 1
    assert rows_of(client.get(URL, {"updated_since": (NOW + timedelta(seconds=1)).isoformat()})) == []


def test_enrolment_answers_in_the_zone_of_its_centre(family):
    centre = make_centre()
    centre.timetable.zone = "Europe/Lisbon"
    centre.timetable.save()
    group = make_group(make_activity(centre))
    answer = caller(family.account).post(URL, body_for(family, group))
    assert datetime.fromisoformat(answer.json()["created_at"]).utcoffset() == timedelta(0)
