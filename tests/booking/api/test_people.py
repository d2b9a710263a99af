"""The caller's own: herself, her roles, her household, her children with her rights, what she was told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.models import Guardianship, Role, StaffRole
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from tests.booking.api.callers import V1, caller, rows_of
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_household,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_staff,
    make_term,
)

pytestmark = pytest.mark.django_db


def test_me_has_the_promised_fields():
    member = make_staff(centre=make_centre(slug="kobus"))
    StaffRole.objects.create(member=member, role=Role.COORDINATOR)
    StaffRole.objects.create(member=member, role=Role.DIRECTOR, ends_on=TODAY - timedelta(days=1))
    account = member.person.account
    assert caller(account).get(f"{V1}/me/").json() == {
        "id": str(account.pk),
        "name": str(member.person),
        "person": str(member.person.pk),
        "roles": [{"centre": "kobus", "role": "coordinator"}, {"centre": "kobus", "role": "organiser"}],
        "language": "pl",
    }


def test_account_without_a_person_owns_nothing():
    account = make_account()
    account.person = None
    account.save()
    client = caller(account)
    assert client.get(f"{V1}/me/").json()["person"] is None
    for address in ("children/", "households/mine/", "enrolments/", "diary/", "notices/", "calendar-subscriptions/"):
        assert rows_of(client.get(f"{V1}/{address}")) == []


@pytest.mark.parametrize(
    ("rights", "shown"),
    [
        ({}, {"view": True, "book": True, "collect": True, "consent": True}),
        (
            {"can_book": False, "can_consent": False},
            {"view": True, "book": False, "collect": True, "consent": False},
        ),
    ],
)
def test_child_has_the_promised_fields(rights, shown):
    family = make_family()
    child = family.child
    client = caller(make_co_guardian(family, **rights))
    expected = {
        "id": str(child.pk),
        "given_name": child.given_name,
        "family_name": child.family_name,
        "birth_date": child.birth_date.isoformat(),
        "rights": shown,
        "updated_at": "2026-11-16T09:00:00+01:00",
    }
    assert client.get(f"{V1}/children/{child.pk}/").json() == expected
    assert rows_of(client.get(f"{V1}/children/")) == [expected]


def test_child_of_two_homes_stands_once():
    family = make_family()
    make_household(make_centre(), family.children)
    make_household(family.household.centre, family.children)
    desk = make_staff(centre=family.household.centre).person.account
    for account in (family.account, desk):
        assert caller(account).get(f"{V1}/children/{family.child.pk}/").status_code == 200


def test_desk_has_the_rights_of_a_desk():
    family = make_family()
    desk = make_staff(centre=family.household.centre).person.account
    child = caller(desk).get(f"{V1}/children/{family.child.pk}/").json()
    assert child["rights"] == {"view": True, "book": True, "collect": False, "consent": False}
    assert caller(desk).get(f"{V1}/children/{family.guardian.pk}/").status_code == 404, "an adult is no child"


@pytest.mark.parametrize(
    "rights",
    [
        {"can_view": False},
        {"contact_ban": True},
        {"ends_on": TODAY - timedelta(days=1)},
        {"starts_on": TODAY + timedelta(days=1)},
    ],
)
def test_guardian_without_the_right_sees_nothing_of_the_child(rights):
    family = make_family()
    group = make_group(make_activity(family.household.centre))
    make_enrolment(family.child, group)
    client = caller(make_co_guardian(family, **rights))
    for address in ("children/", "enrolments/", "households/mine/"):
        assert rows_of(client.get(f"{V1}/{address}")) == []


def test_household_shows_only_members_the_caller_may_see():
    family = make_family(children=(7, 11))
    Guardianship.objects.filter(child=family.children[1]).update(can_view=False)
    [row] = rows_of(caller(family.account).get(f"{V1}/households/mine/"))
    assert row["code"] == family.household.code
    assert {member["id"] for member in row["members"]} == {str(family.guardian.pk), str(family.child.pk)}


def test_notices_tell_what_was_sent_and_hide_what_one_may_no_longer_see():
    family = make_family()
    me = Recipient(family.guardian.pk, "Anna", Message.Channel.EMAIL, "a@example.org", "pl")
    facts = {"children": [str(family.child.pk)]}
    enqueue(recipients=[me], kind="session_moved", facts=facts, cause="c", now=NOW)
    Message.objects.update(state="sent", subject="Zmiana", text="Zosia …", sent_at=NOW)
    client = caller(family.account)
    [row] = rows_of(client.get(f"{V1}/notices/"))
    assert {name: row[name] for name in ("kind", "channel", "subject", "text", "status", "received", "sent_at")} == {
        "kind": "session_moved",
        "channel": "email",
        "subject": "Zmiana",
        "text": "Zosia …",
        "status": "sent",
        "received": True,
        "sent_at": "2026-11-16T09:00:00+01:00",
    }
    Guardianship.objects.update(can_view=False)
    [row] = rows_of(client.get(f"{V1}/notices/"))
    assert (row["subject"], row["text"]) == ("", "")


def test_specialists_are_those_with_listed_hours():
    centre = make_centre(slug="kobus")
    term = make_term(centre.timetable)
    lawyer, hidden = make_specialist(centre.timetable, name="Łucja Prawna"), make_specialist(centre.timetable)
    room = make_room(centre.timetable)
    service = make_service(centre, name="Porady prawne")
    service.series.add(make_series(term, leader=lawyer, room=room, audience="staff"))
    make_service(centre, listed=False).series.add(make_series(term, leader=hidden, audience="staff"))
    expected = {
        "id": str(lawyer.pk),
        "name": "Łucja Prawna",
        "centre": "kobus",
        "services": [{"id": str(service.pk), "name": "Porady prawne"}],
        "modes": ["office"],
    }
    client = caller(make_account())
    for query in ({}, {"centre": "kobus"}, {"service": service.pk}, {"search": "lucja"}):
        assert rows_of(client.get(f"{V1}/specialists/", query)) == [expected]
    assert rows_of(client.get(f"{V1}/specialists/", {"service": centre.pk})) == []


def test_group_has_the_promised_fields():
    centre = make_centre(slug="kobus")
    activity = make_activity(centre, name="Robotyka")
    room, leader = make_room(centre.timetable), make_specialist(centre.timetable)
    term = make_term(centre.timetable)
    series = make_series(term, room=room, leader=leader)
    quiet = make_series(term, day=series.starts_on + timedelta(days=1), audience="staff")
    group = make_group(activity, capacity=3, ages=(6, 9), series=[series, quiet], name="Maluchy")
    assert caller().get(f"{V1}/groups/{group.pk}/").json() == {
        "id": str(group.pk),
        "name": "Maluchy",
        "activity": {"id": str(activity.pk), "name": "Robotyka", "kind": "robotics"},
        "centre": "kobus",
        "age_from": 6,
        "age_until": 9,
        "places": "free",
        "open": True,
        "opens_at": None,
        "closes_at": None,
        "series": [
            {
                "id": str(series.pk),
                "rule": "weekly",
                "weekday": 2,
                "weekdays": [2],
                "starts": "16:00",
                "ends": "16:45",
                "room": {"id": str(room.pk), "name": room.name},
            }
        ],
        "leader": {"id": str(leader.pk), "name": leader.name},
        "starts_on": "2026-09-01",
        "ends_on": "2027-06-25",
        "updated_at": "2026-11-16T09:00:00+01:00",
    }


@pytest.mark.parametrize(("taken", "places"), [(0, "free"), (1, "few"), (3, "full")])
def test_group_tells_places_without_counting_people(taken, places):
    group = make_group(make_activity(), capacity=3)
    group.places_taken = taken
    group.save()
    assert caller().get(f"{V1}/groups/{group.pk}/").json()["places"] == places
