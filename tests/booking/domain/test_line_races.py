"""Lines under many hands at once: an offer is answered once, a place goes to one, the order is that of arrival."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.domain.offers import accept_offer, decline_offer, expire_offer, expire_overdue_offers
from booking.domain.waitlist import promote_waiting_groups
from booking.models import Enrolment, Group, Offer
from notifications.models import Message
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_person,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)

FAMILIES, PLACES = 20, 4
DEADLINE = NOW + timedelta(hours=24)


def status(answer: object) -> str:
    return answer if isinstance(answer, str) else str(getattr(answer, "status", answer))


def assert_counted(*groups: Group) -> None:
    for group in groups:
        group.refresh_from_db()
        assert group.places_taken == group.enrolments.holding().count() <= group.capacity
        assert group.waiting == group.enrolments.waiting().count()


def group_with_an_offer() -> tuple[Group, Offer]:
    """One place that is offered to the first of two in line."""
    group = make_group(capacity=1, waitlist=True)
    holder = make_enrolment(make_person(age=8), group)
    for _ in range(2):
        make_enrolment(make_person(age=8), group)
    withdraw_child(enrolment_id=holder.pk, now=NOW)
    return group, Offer.objects.get()


def test_rush_gives_each_place_once_and_everyone_else_a_number():
    group = make_group(capacity=PLACES, waitlist=True)
    families = [make_family(group.activity.centre) for _ in range(FAMILIES)]
    calls = [partial(enrol_child, child=each.child, group=group, by=each.account, now=NOW) for each in families]
    answers = at_once(calls)
    assert Counter(map(status, answers)) == {"enrolled": PLACES, "waiting": FAMILIES - PLACES}
    waiting = Enrolment.objects.waiting().values_list("line_number", flat=True)
    assert list(waiting) == list(range(1, FAMILIES - PLACES + 1))
    assert_counted(group)


def test_two_who_accept_at_once_get_one_place_and_one_message():
    group, offer = group_with_an_offer()
    answers = at_once([partial(accept_offer, offer_id=offer.pk, by=None, now=NOW)] * 4)
    assert Counter(map(status, answers)) == {"accepted": 4}
    assert Message.objects.filter(kind="enrolled", facts__enrolment=str(offer.enrolment_id)).count() == 1
    assert_counted(group)


def test_accepting_and_declining_at_once_has_one_outcome():
    group, offer = group_with_an_offer()
    calls = [partial(each, offer_id=offer.pk, by=None, now=NOW) for each in (accept_offer, decline_offer)] * 2
    answers = Counter(map(status, at_once(calls)))
    assert answers in ({"accepted": 2, "offer_over": 2}, {"declined": 2, "offer_over": 2})
    assert_counted(group)


def test_expiring_and_accepting_at_once_never_does_both():
    group, offer = group_with_an_offer()
    late = partial(expire_offer, offer_id=offer.pk, now=DEADLINE)
    in_time = partial(accept_offer, offer_id=offer.pk, by=None, now=DEADLINE - timedelta(seconds=1))
    workers = partial(expire_overdue_offers, now=DEADLINE)
    at_once([late, in_time, workers, late])
    states = list(group.enrolments.filter(line_number__isnull=False).order_by("line_number"))
    assert [entry.status for entry in states] in (["enrolled", "waiting"], ["withdrawn", "offered"])
    assert_counted(group)


def test_many_withdrawals_at_once_offer_each_place_to_one():
    group = make_group(capacity=PLACES, waitlist=True)
    holders = [make_enrolment(make_person(age=8), group) for _ in range(PLACES)]
    for _ in range(PLACES + 2):
        make_enrolment(make_person(age=8), group)
    calls = [partial(withdraw_child, enrolment_id=holder.pk, now=NOW) for holder in holders] * 2
    at_once([*calls, partial(promote_waiting_groups, now=NOW)])
    numbers = Enrolment.objects.filter(status="offered").order_by("line_number").values_list("line_number", flat=True)
    assert list(numbers) == list(range(1, PLACES + 1))
    assert_counted(group)


def test_two_guardians_of_one_child_at_once_get_one_place_in_line():
    group = make_group(capacity=1, waitlist=True)
    make_enrolment(make_person(age=8), group)
    family = make_family(group.activity.centre)
    other = make_co_guardian(family)
    calls = [
        partial(enrol_child, child=family.child, group=group, by=account, now=NOW)
        for account in (family.account, other)
    ]
    assert Counter(map(status, at_once(calls * 2))) == {"waiting": 1, "already_enrolled": 3}
    assert_counted(group)


def test_linked_lines_under_many_hands_end_without_a_deadlock():
    activity = make_activity()
    groups = [make_group(activity, capacity=1, waitlist=True) for _ in range(3)]
    holders = [make_enrolment(make_person(age=8), group) for group in groups]
    by = make_account()
    children = [make_person(age=8) for _ in range(6)]
    joins = [
        partial(enrol_in_any, child=children[0], groups=groups[:2], by=by, now=NOW),
        partial(enrol_in_any, child=children[1], groups=groups[:0:-1], by=by, now=NOW),
        partial(enrol_together, asks=[Ask(children[2], groups[2]), Ask(children[3], groups[0])], by=by, now=NOW),
        partial(enrol_together, asks=[Ask(children[4], groups[0]), Ask(children[5], groups[2])], by=by, now=NOW),
    ]
    leaves = [partial(withdraw_child, enrolment_id=holder.pk, now=NOW) for holder in holders]
    at_once([*joins, *leaves, *[partial(promote_waiting_groups, now=NOW)] * 2])
    promote_waiting_groups(now=NOW)
    assert_counted(*groups)
