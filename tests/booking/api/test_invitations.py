"""Invitations over REST: the desk invites and revokes, the family reads, enrols or declines."""

from __future__ import annotations

import pytest

from booking.models import Invitation
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import make_activity, make_centre, make_co_guardian, make_family, make_group, make_staff

pytestmark = pytest.mark.django_db
INVITATIONS = f"{V1}/invitations/"


@pytest.fixture
def family():
    return make_family(make_centre())


@pytest.fixture
def group(family):
    return make_group(make_activity(family.household.centre, sensitivity="normal"), entry="invited", ages=(6, 9))


@pytest.fixture
def desk(family):
    return caller(make_staff(centre=family.household.centre).person.account)


@pytest.fixture
def body(family, group):
    return {"child": str(family.child.pk), "group": str(group.pk)}


def test_desk_invites_and_the_family_enrols(family, group, desk, body):
    answer = desk.post(INVITATIONS, body, format="json")
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert {name: made[name] for name in (*body, "status")} == body | {"status": "open"}
    assert desk.post(INVITATIONS, body, format="json").json() == made
    client = caller(family.account)
    assert rows_of(client.get(INVITATIONS)) == [made]
    assert client.get(f"{INVITATIONS}{made['id']}/").json() == made
    assert client.get(f"{V1}/groups/{group.pk}/").status_code == 200, "whoever is invited may see the group"
    assert client.post(f"{V1}/enrolments/", body, format="json").json()["status"] == "enrolled"


def test_family_declines_and_the_desk_revokes(family, desk, body):
    made = desk.post(INVITATIONS, body, format="json").json()
    client = caller(family.account)
    for _time in range(2):
        assert client.post(f"{INVITATIONS}{made['id']}/decline/").json()["status"] == "declined"
    problem_of(client.post(f"{INVITATIONS}{made['id']}/revoke/"), 403, "not_your_desk")
    for _time in range(2):
        assert desk.post(f"{INVITATIONS}{made['id']}/revoke/").json()["status"] == "revoked"
    assert rows_of(client.get(INVITATIONS)) == []
    assert [row["status"] for row in rows_of(desk.get(INVITATIONS, {"status": "revoked"}))] == ["revoked"]
    problem_of(client.post(f"{V1}/enrolments/", body, format="json"), 404, "not_found")


def test_families_and_strangers_cannot_invite(family, group, body):
    for account in (family.account, make_family().account, make_staff().person.account):
        problem_of(caller(account).post(INVITATIONS, body, format="json"), 404, "not_found")
    assert not Invitation.objects.exists()


def test_invitation_of_others_does_not_exist(family, desk, body):
    made = desk.post(INVITATIONS, body, format="json").json()
    for account in (make_family().account, make_staff().person.account, make_co_guardian(family, contact_ban=True)):
        client = caller(account)
        assert rows_of(client.get(INVITATIONS)) == []
        for verb in ("decline", "revoke"):
            problem_of(client.post(f"{INVITATIONS}{made['id']}/{verb}/"), 404, "not_found")
    viewer = caller(make_co_guardian(family, can_book=False))
    problem_of(viewer.post(f"{INVITATIONS}{made['id']}/decline/"), 403, "may_not_book")
    assert Invitation.objects.get().is_open


def test_inviting_refuses_unknown_fields_and_who_does_not_fit(family, group, desk, body):
    for name in ("status", "invited_by", "created_at"):
        problem_of(desk.post(INVITATIONS, body | {name: "x"}, format="json"), 400, "unknown_field")
    problem_of(desk.post(INVITATIONS, body | {"child": str(family.guardian.pk)}, format="json"), 409, "too_old")
    assert not Invitation.objects.exists()
