"""Free times over REST: who may ask, what is told, and that asking costs the same for everybody."""

from __future__ import annotations

import uuid

import pytest

from tests.booking.api.callers import V1, caller, problem_of, rows_of
from tests.factories import make_family, make_service
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
SLOTS = f"{V1}/slots/"
DAY = {"from": "2026-11-18", "to": "2026-11-18"}


def test_free_times_are_public_and_carry_what_contracts_promise():
    practice = make_practice()
    make_visit(practice, wall(9))
    first, *others = rows_of(caller().get(SLOTS, {"service": str(practice.service.pk), **DAY}))
    assert first == {
        "service": str(practice.service.pk),
        "specialist": str(practice.specialist.pk),
        "specialist_name": practice.specialist.name,
        "starts_at": "2026-11-18T10:00:00+01:00",
        "ends_at": "2026-11-18T10:50:00+01:00",
        "mode": "office",
        "room": {"id": str(practice.room.pk), "name": practice.room.name},
    }
    assert [row["starts_at"][11:16] for row in others] == ["11:00", "12:00"]


def test_a_sensitive_service_does_not_tell_its_room():
    practice = make_practice(facts={"sensitivity": "sensitive", "minutes": 60})
    assert {row["room"] for row in rows_of(caller().get(SLOTS, {"service": str(practice.service.pk), **DAY}))} == {None}


def test_questions_are_narrowed_by_specialist_and_way():
    practice = make_practice(facts={"phone": True, "minutes": 50, "notice_hours": 0, "pause_minutes": 10}, phone=True)
    other = make_practice(practice.service)
    asked = {"service": str(practice.service.pk), **DAY}
    assert len(rows_of(caller().get(SLOTS, asked))) == 12
    one = rows_of(caller().get(SLOTS, {**asked, "specialist": str(other.specialist.pk), "mode": "office"}))
    assert [(row["specialist"], row["mode"]) for row in one] == [(str(other.specialist.pk), "office")] * 4


def test_without_days_thirty_are_listed():
    practice = make_practice()
    rows = rows_of(caller().get(SLOTS, {"service": str(practice.service.pk), "limit": 200}))
    assert {row["starts_at"][:10] for row in rows} == {"2026-11-18", "2026-11-25", "2026-12-02", "2026-12-09"}


def test_quotas_count_for_the_person_that_is_named():
    practice, family = make_practice(new_quota=0), make_family()
    make_visit(practice, wall(9), person=family.child, status="held")
    asked = {"service": str(practice.service.pk), **DAY}
    assert rows_of(caller().get(SLOTS, asked)) == []
    assert len(rows_of(caller(family.account).get(SLOTS, {**asked, "person": str(family.child.pk)}))) == 3
    problem_of(caller().get(SLOTS, {**asked, "person": str(family.child.pk)}), 404, "not_found")
    problem_of(caller(make_family().account).get(SLOTS, {**asked, "person": str(family.child.pk)}), 404, "not_found")


@pytest.mark.parametrize("facts", [{"listed": False}, {"online": False}, {"entry": "walk_in"}])
def test_a_service_that_families_do_not_book_has_no_free_times(facts):
    service = make_service(**facts)
    problem_of(caller().get(SLOTS, {"service": str(service.pk)}), 404, "not_found")
    problem_of(caller().get(SLOTS, {"service": str(uuid.uuid4())}), 404, "not_found")


@pytest.mark.parametrize(
    "asked", [{}, {"service": "x"}, {"mode": "letter"}, {"from": "2026-11-18", "to": "2027-11-18"}]
)
def test_questions_that_make_no_sense_are_refused(asked):
    known = {"service": str(make_practice().service.pk)} if asked and "service" not in asked else {}
    assert caller().get(SLOTS, {**known, **asked}).status_code == 400


@pytest.mark.parametrize("specialists", [1, 5])
def test_asking_costs_the_same_for_everybody(specialists, django_assert_max_num_queries):
    practice = make_practice()
    for _each in range(specialists - 1):
        make_practice(practice.service)
    client = caller()
    with django_assert_max_num_queries(5):
        rows_of(client.get(SLOTS, {"service": str(practice.service.pk)}))
