"""Many families at once: places are never given twice, and nobody's request is lost."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from functools import partial

import pytest

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Account, Enrolment, Group, Person
from notifications.models import Message
from tests.factories import (
    NOW,
    Family,
    make_account,
    make_activity,
    make_centre,
    make_family,
    make_group,
    make_weekly_group,
)
from tests.racing import answer_of, at_once, in_processes

pytestmark = pytest.mark.django_db(transaction=True)

FAMILIES, PLACES = 24, 5
WORKERS = 3


def enrol(family: Family, group: Group) -> Enrolment:
    return enrol_child(child=family.child, group=group, by=family.account, now=NOW)


def enrol_many(group_id: uuid.UUID, families: list[tuple[uuid.UUID, uuid.UUID]]) -> list[str]:
    """Enrol one child after another, as one of several web servers would; return the status or the code of each."""
    group = Group.objects.get(pk=group_id)
    answers = []
    for child_id, account_id in families:
        child, account = Person.objects.get(pk=child_id), Account.objects.get(pk=account_id)
        answer = answer_of(partial(enrol_child, child=child, group=group, by=account, now=NOW))
        answers.append(answer.status if isinstance(answer, Enrolment) else answer)
    return answers


def kinds(answers: list[Enrolment | str]) -> Counter[str]:
    return Counter(answer.status if isinstance(answer, Enrolment) else answer for answer in answers)


def assert_counter_is_right(group: Group) -> None:
    group.refresh_from_db()
    assert group.places_taken == group.enrolments.holding().count() <= group.capacity


def test_24_families_for_5_places_give_exactly_5():
    group = make_group(capacity=PLACES)
    centre = group.activity.centre
    families = [make_family(centre) for _ in range(FAMILIES)]

    answers = at_once([partial(enrol, family, group) for family in families])

    assert kinds(answers) == {"enrolled": PLACES, "full": FAMILIES - PLACES}
    assert_counter_is_right(group)
    assert group.places_taken == PLACES
    lucky = {answer.child_id for answer in answers if isinstance(answer, Enrolment)}
    guardians = {family.guardian.pk for family in families if family.child.pk in lucky}
    assert set(Message.objects.filter(kind="enrolled").values_list("recipient_id", flat=True)) == guardians
    assert Message.objects.count() == PLACES


def test_24_families_on_several_servers_give_exactly_5():
    group = make_group(capacity=PLACES)
    families = [make_family(group.activity.centre) for _ in range(FAMILIES)]
    keys = [(family.child.pk, family.account.pk) for family in families]

    answers = in_processes(enrol_many, [(group.pk, keys[number::WORKERS]) for number in range(WORKERS)])

    assert kinds([answer for each in answers for answer in each]) == {"enrolled": PLACES, "full": FAMILIES - PLACES}
    assert_counter_is_right(group)
    assert Message.objects.count() == PLACES


def test_same_child_asked_for_many_times_at_once_gets_one_place():
    group = make_group()
    family = make_family(group.activity.centre)
    answers = at_once([partial(enrol, family, group)] * 6)
    assert kinds(answers) == {"enrolled": 1, "already_enrolled": 5}
    assert_counter_is_right(group)
    assert Message.objects.count() == 1


def test_same_child_in_two_groups_at_the_same_hour_gets_one_of_them():
    centre = make_centre()
    groups = [make_weekly_group(make_activity(centre)) for _ in range(4)]
    family = make_family(centre)
    answers = at_once([partial(enrol, family, group) for group in groups])
    assert kinds(answers) == {"enrolled": 1, "clash": 3}
    for group in groups:
        assert_counter_is_right(group)


def test_withdrawing_the_same_place_many_times_at_once_frees_it_once():
    group = make_group()
    family, other = make_family(group.activity.centre), make_family(group.activity.centre)
    enrol(other, group)
    enrolment = enrol(family, group)
    answers = at_once([partial(withdraw_child, enrolment_id=enrolment.pk, now=NOW)] * 6)
    assert kinds(answers) == {"withdrawn": 6}
    assert_counter_is_right(group)
    assert group.places_taken == 1
    assert Message.objects.filter(kind="withdrawn").count() == 1


def test_coming_and_going_of_many_keeps_the_counter_right():
    group = make_group(capacity=3)
    families = [make_family(group.activity.centre) for _ in range(6)]

    def come_and_go(family: Family, seed: int) -> list[str]:
        choice = random.Random(seed)
        answers = []
        for _ in range(5):
            live = Enrolment.objects.live().filter(child=family.child, group=group).first()
            if live and choice.random() < 0.7:
                answers.append(withdraw_child(enrolment_id=live.pk, now=NOW).status)
            else:
                answers += kinds([answer_of(partial(enrol, family, group))])
        return answers

    answers = at_once([partial(come_and_go, family, seed) for family in families for seed in range(2)])

    seen = Counter(answer for each in answers for answer in each)
    assert seen.keys() <= {"enrolled", "withdrawn", "full", "already_enrolled"}
    assert seen["enrolled"] == Enrolment.objects.count()
    assert Message.objects.filter(kind="enrolled").count() == seen["enrolled"]
    assert_counter_is_right(group)


def test_desk_and_family_at_the_last_place_give_it_once():
    group = make_group(capacity=1)
    family = make_family(group.activity.centre, children=[7, 8])
    desk = make_account()
    answers = at_once(
        [
            partial(enrol, family, group),
            partial(enrol_child, child=family.children[1], group=group, by=desk, now=NOW, by_desk=True),
        ]
    )
    assert kinds(answers) == {"enrolled": 1, "full": 1}
    assert_counter_is_right(group)
