"""Families all at once on real server processes, one of which is killed in the middle; and two guardians of a child."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.utils import timezone

from booking.management.demo.accounts import store_tokens
from booking.management.demo.rush import invite_families, open_groups
from booking.models import Account, Enrolment, Group, Guardianship, Person
from notifications.models import Message
from tests.bench.serving import Ask, Said, ask_all, served

pytestmark = pytest.mark.django_db(transaction=True)

FAMILIES, PLACES, ANSWERED = 40, 5, 12


@pytest.fixture
def rush() -> tuple[list[Ask], Group]:
    """Forty families, each with its own key, and a group of five places in which a line may form."""
    now = timezone.now()
    [group_id] = open_groups(groups=1, places=PLACES, today=now.date(), now=now)
    invited = invite_families(families=FAMILIES, today=now.date(), now=now)
    asks = [Ask(token, str(child), str(group_id), str(uuid.uuid4())) for token, child in invited]
    return asks, Group.objects.get(pk=group_id)


def statuses(said: Iterable[Said]) -> Counter[int]:
    return Counter(answer.status for answer in said)


def second_guardian(ask: Ask) -> Ask:
    """Give the child of a request another guardian, who asks for the same place with a key of his own."""
    person = Person.objects.create(given_name="Drugi", family_name="Opiekun")
    Guardianship.objects.create(guardian=person, child_id=uuid.UUID(ask.child))
    account = Account.objects.create_user(email="drugi@example.org", person=person)
    token = f"demo_{uuid.uuid4().hex}"
    store_tokens([(account, token)], expiry=timezone.now() + timedelta(days=1))
    return ask._replace(token=token, key=str(uuid.uuid4()))


def assert_nothing_is_half_written(group: Group) -> None:
    group.refresh_from_db()
    places = Enrolment.objects.filter(group=group)
    assert group.places_taken == places.holding().count() <= group.capacity
    assert group.waiting == places.waiting().count()
    assert Message.objects.count() == places.count()


def test_server_killed_in_the_middle_loses_nothing_and_gives_the_first_answer_again(rush):
    asks, group = rush
    with served() as server:
        before, _seconds = ask_all(server.port, asks, clients=8, after=ANSWERED, then=server.kill)
    assert statuses(before).keys() == {0, 201}
    assert_nothing_is_half_written(group)

    with served() as server:
        again, _seconds = ask_all(server.port, asks, clients=8)
        other = second_guardian(asks[0])
        late, _seconds = ask_all(server.port, [other], clients=1)

    assert statuses(again) == {201: FAMILIES}
    assert [second.body for first, second in zip(before, again, strict=True) if first.status] == [
        first.body for first in before if first.status
    ]
    assert Counter(answer.body["status"] for answer in again) == {"enrolled": PLACES, "waiting": FAMILIES - PLACES}
    positions = [answer.body["position"] for answer in again if answer.body["status"] == "waiting"]
    assert sorted(positions) == list(range(1, FAMILIES - PLACES + 1))
    assert [(answer.status, answer.body["code"]) for answer in late] == [(409, "already_enrolled")]
    assert_nothing_is_half_written(group)


def test_two_guardians_at_once_get_their_child_one_place(rush):
    asks, group = rush
    both = [asks[0], second_guardian(asks[0])]
    with served() as server:
        said, _seconds = ask_all(server.port, both, clients=2)
    assert statuses(said) == {201: 1, 409: 1}
    assert [answer.body["code"] for answer in said if answer.status == 409] == ["already_enrolled"]
    assert Enrolment.objects.get().child_id == uuid.UUID(asks[0].child)
    group.refresh_from_db()
    assert group.places_taken == 1
    assert Message.objects.values("recipient_id").distinct().count() == Message.objects.count() == 2
