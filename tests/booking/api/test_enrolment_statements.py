"""How much one enrolment asks of the database, and how little of it while others wait for the group."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Group
from tests.booking.api.callers import V1, caller
from tests.factories import make_activity, make_centre, make_family, make_weekly_group

pytestmark = pytest.mark.django_db(transaction=True)

MOST, WITH_A_KEY = 13, 15
LOCKED = re.compile(r'UPDATE "booking_group" SET "places_taken" .* RETURNING')


def statements(group: Group, **headers: str) -> list[str]:
    """Return what is asked, from the token to the end of the transaction, while a family enrols its child."""
    family = make_family(group.activity.centre)
    client = caller(family.account)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(
            f"{V1}/enrolments/", {"child": str(family.child.pk), "group": str(group.pk)}, headers=headers
        )
    assert answer.status_code == 201, answer.content
    return [query["sql"] for query in captured]


@pytest.fixture
def group() -> Group:
    return make_weekly_group(make_activity(make_centre()), ages=(6, 12))


def test_enrolment_asks_little(group):
    assert len(statements(group)) <= MOST


def test_enrolment_with_a_key_asks_little_more(group):
    assert len(statements(group, **{"Idempotency-Key": "k-1"})) <= WITH_A_KEY


def test_group_is_locked_only_while_its_place_is_written_down(group):
    asked = statements(group)
    locked = next(number for number, sql in enumerate(asked) if LOCKED.match(sql))
    assert [sql.split()[0] for sql in asked[locked + 1 :]] == ["INSERT", "INSERT", "COMMIT"]
