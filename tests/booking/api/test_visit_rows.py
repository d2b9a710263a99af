"""Visits beside sessions: in a specialist's diary and in a child's week."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from booking.models import AppointmentParty
from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import NOW, make_co_guardian, make_family, make_person
from tests.factories_safety import make_decision
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)
DIARY = f"{V1}/diary/?from=2026-11-18&to=2026-11-18"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def family(practice):
    return make_family(practice.service.centre)


def visits_of(answer):
    return [row for row in rows_of(answer) if row["kind"] == "visit"]


def week_of(child) -> str:
    return f"{V1}/children/{child.pk}/week/?from=2026-11-16"


def test_diary_lists_hours_and_visits_in_order(practice, family):
    visit = make_visit(practice, TEN, person=family.child)
    rows = rows_of(caller(practice.member.person.account).get(DIARY))
    assert [row["kind"] for row in rows] == ["duty", "visit"]
    assert rows[0]["visit"] is None
    assert rows[1] | {"changed_at": ""} == {
        "id": str(visit.pk),
        "series": None,
        "group": None,
        "groups": [],
        "title": practice.service.name,
        "kind": "visit",
        "centre": practice.service.centre.slug,
        "starts_at": "2026-11-18T10:00:00+01:00",
        "ends_at": "2026-11-18T10:50:00+01:00",
        "room": {"id": str(practice.room.pk), "name": practice.room.name},
        "leader": {"id": str(practice.specialist.pk), "name": practice.specialist.name},
        "status": "scheduled",
        "sequence": 0,
        "changed_at": "",
        "note": "",
        "visit": {
            "service": {"id": str(practice.service.pk), "name": practice.service.name},
            "person": str(family.child.pk),
            "mode": "office",
            "status": "booked",
        },
    }


def test_diary_follows_changes_and_pages(practice):
    for hour in (9, 10, 11):
        make_visit(practice, wall(hour), person=make_person())
    own = caller(practice.member.person.account)
    later = (NOW + timedelta(days=1)).isoformat().replace("+", "%2B")
    assert visits_of(own.get(f"{DIARY}&updated_since={later}")) == []
    page = own.get(f"{DIARY}&limit=2").json()
    rest = own.get(page["next"]).json()
    assert len(page["results"]) + len(rest["results"]) == 4


def test_week_of_a_child_has_her_visits_at_her_hour_and_hides_what_is_hidden(practice, family):
    visit = make_visit(practice, TEN, person=make_person())
    AppointmentParty.objects.create(appointment=visit, person=family.child, arrives_at=TEN + timedelta(minutes=20))
    second = make_co_guardian(family)
    for account in (family.account, second):
        [row] = visits_of(caller(account).get(week_of(family.child)))
        assert (row["starts_at"], row["visit"]["person"]) == ("2026-11-18T10:20:00+01:00", str(family.child.pk))
    make_decision(family.child, guardian=second.person)
    assert visits_of(caller(second).get(week_of(family.child))) == []
    problem_of(caller(make_family().account).get(week_of(family.child)), 404, "not_found")


@pytest.mark.parametrize("count", [1, 4])
def test_diary_asks_the_same_number_of_queries(practice, django_assert_max_num_queries, count):
    for hour in range(9, 9 + count):
        make_visit(practice, wall(hour), person=make_person())
    own = caller(practice.member.person.account)
    with django_assert_max_num_queries(12):
        own.get(DIARY)
