"""The same request many times at once: one effect, and everybody is told the same."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from booking.models import Enrolment, IdempotencyKey
from notifications.models import Message
from tests.booking.api.callers import V1, caller
from tests.factories import Family, make_activity, make_family, make_group
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
URL = f"{V1}/enrolments/"
TIMES = 8


def enrol(client: Any, family: Family, group_id: str, key: str) -> Any:
    body = {"child": str(family.child.pk), "group": group_id}
    return client.post(URL, body, headers={"Idempotency-Key": key})


def test_same_request_at_once_has_one_effect():
    family = make_family()
    group = make_group(make_activity(family.household.centre), capacity=5)
    clients = [caller(family.account) for _ in range(TIMES)]

    answers = at_once([partial(enrol, client, family, str(group.pk), "k-1") for client in clients])

    assert [answer.status_code for answer in answers] == [201] * TIMES
    assert len({answer.content for answer in answers}) == 1
    assert Counter(answer.get("Idempotent-Replayed") for answer in answers) == {None: 1, "true": TIMES - 1}
    group.refresh_from_db()
    assert (group.places_taken, Enrolment.objects.count(), Message.objects.count()) == (1, 1, 1)
    assert IdempotencyKey.objects.count() == 1


def test_two_requests_with_one_key_at_once_leave_one_of_them():
    family = make_family()
    groups = [make_group(make_activity(family.household.centre)) for _ in range(2)]
    clients = [caller(family.account) for _ in groups]

    answers = at_once(
        [partial(enrol, client, family, str(group.pk), "k-1") for client, group in zip(clients, groups, strict=True)]
    )

    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert Enrolment.objects.count() == 1


def test_families_with_their_own_keys_never_pass_the_capacity():
    group = make_group(capacity=3)
    families = [make_family(group.activity.centre) for _ in range(TIMES)]
    clients = [caller(family.account) for family in families]

    answers = at_once(
        [partial(enrol, client, each, str(group.pk), "k") for client, each in zip(clients, families, strict=True)]
    )

    assert Counter(answer.status_code for answer in answers) == {201: 3, 409: TIMES - 3}
    group.refresh_from_db()
    assert group.places_taken == Enrolment.objects.count() == 3
