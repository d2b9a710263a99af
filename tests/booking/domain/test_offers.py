"""Answering an offer: once, in time, for the whole bundle, and the place goes on to the next."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.domain.offers import accept_offer, decline_offer, expire_offer, expire_overdue_offers
from booking.domain.waitlist import promote
from booking.errors import Refused
from booking.models import Enrolment, Group, Offer
from booking.models.offer import read_secret
from notifications.models import Message
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
TOMORROW = NOW + timedelta(hours=24)


@pytest.fixture
def group() -> Group:
    """One place, which the first of two in line is offered."""
    group = make_group(capacity=1, waitlist=True)
    holder = make_enrolment(make_person(age=8), group)
    make_enrolment(make_person(age=8), group)
    make_enrolment(make_person(age=8), group)
    withdraw_child(enrolment_id=holder.pk, now=NOW)
    return group


def open_offer(group: Group) -> Offer:
    return Offer.objects.open().get(enrolment__group=group)


def line_of(group: Group) -> list[str]:
    """Return the states of all who ever were in line, in its order."""
    numbered = group.enrolments.filter(line_number__isnull=False).order_by("line_number")
    return list(numbered.values_list("status", flat=True))


def counted(group: Group) -> tuple[int, int]:
    group.refresh_from_db()
    assert group.places_taken == group.enrolments.holding().count()
    assert group.waiting == group.enrolments.waiting().count()
    return group.places_taken, group.waiting


def test_accepted_offer_is_an_enrolment_that_is_told(group):
    offer = accept_offer(offer_id=open_offer(group).pk, by=None, now=LATER)
    assert (offer.status, offer.decided_at) == ("accepted", LATER)
    assert line_of(group) == ["enrolled", "waiting"]
    assert counted(group) == (1, 1)
    assert Message.objects.filter(kind="enrolled", facts__enrolment=str(offer.enrolment_id)).count() == 1


def test_declined_offer_goes_to_the_next_at_once(group):
    offer = decline_offer(offer_id=open_offer(group).pk, by=None, now=LATER)
    assert offer.status == "declined"
    assert line_of(group) == ["withdrawn", "offered"]
    assert counted(group) == (1, 0)


def test_expired_offer_goes_to_the_next_at_once_and_its_family_is_told(group):
    first = open_offer(group)
    assert expire_overdue_offers(now=LATER) == 0
    assert expire_overdue_offers(now=TOMORROW) == 1
    assert line_of(group) == ["withdrawn", "offered"]
    assert open_offer(group).expires_at == TOMORROW + timedelta(hours=24)
    assert Message.objects.filter(kind="offer_expired", facts__enrolment=str(first.enrolment_id)).count() == 1
    assert expire_offer(offer_id=first.pk, now=TOMORROW).status == "expired"
    assert line_of(group) == ["withdrawn", "offered"]


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_answering_twice_the_same_is_answering_once(group, answer):
    offer_id = open_offer(group).pk
    first = answer(offer_id=offer_id, by=None, now=LATER)
    after = line_of(group), Message.objects.count()
    again = answer(offer_id=offer_id, by=None, now=LATER + timedelta(hours=1))
    assert (again.status, again.decided_at) == (first.status, LATER)
    assert (line_of(group), Message.objects.count()) == after


def test_accepting_after_declining_or_the_other_way_round_is_refused(group):
    offer_id = open_offer(group).pk
    decline_offer(offer_id=offer_id, by=None, now=LATER)
    with pytest.raises(Refused, match="offer_over"):
        accept_offer(offer_id=offer_id, by=None, now=LATER)
    second = open_offer(group).pk
    accept_offer(offer_id=second, by=None, now=LATER)
    with pytest.raises(Refused, match="offer_over"):
        decline_offer(offer_id=second, by=None, now=LATER)
    assert line_of(group) == ["withdrawn", "enrolled"]


def test_accepting_at_the_deadline_is_too_late_even_before_the_worker_came(group):
    with pytest.raises(Refused, match="offer_over"):
        accept_offer(offer_id=open_offer(group).pk, by=None, now=TOMORROW)
    assert line_of(group) == ["offered", "waiting"]


def test_unknown_offer_is_not_found():
    for answer in (accept_offer, decline_offer, expire_offer):
        with pytest.raises(Offer.DoesNotExist):
            answer(offer_id=uuid.uuid4(), now=NOW, **({} if answer is expire_offer else {"by": None}))


def test_place_that_clashes_by_now_is_not_accepted_and_stays_offered():
    activity = make_activity()
    group = make_weekly_group(activity, capacity=1, waitlist=True)
    holder = make_enrolment(make_person(age=8), group)
    child = make_person(age=8)
    make_enrolment(child, group)
    withdraw_child(enrolment_id=holder.pk, now=NOW)
    other = make_weekly_group(make_activity(activity.centre))
    Enrolment.objects.create(group=other, child=child, status="enrolled", created_at=NOW, updated_at=NOW)
    with pytest.raises(Refused, match="clash"):
        accept_offer(offer_id=open_offer(group).pk, by=None, now=LATER)
    assert line_of(group) == ["offered"]


def test_withdrawing_an_offered_place_is_declining_it(group):
    offer = open_offer(group)
    withdraw_child(enrolment_id=offer.enrolment_id, now=LATER)
    offer.refresh_from_db()
    assert offer.status == "declined"
    assert line_of(group) == ["withdrawn", "offered"]


# -- any of several groups --------------------------------------------------------------------------------------------


def full_group(activity=None, **facts) -> Group:
    group = make_group(activity, capacity=1, waitlist=True, **facts)
    make_enrolment(make_person(age=8), group)
    return group


def leave(group: Group, now: datetime = NOW) -> None:
    withdraw_child(enrolment_id=group.enrolments.filter(status="enrolled").latest("created_at").pk, now=now)


def test_any_group_gives_a_place_where_there_is_one():
    full = full_group()
    free = make_group(full.activity)
    [entry] = enrol_in_any(child=make_person(age=8), groups=[full, free], by=make_account(), now=NOW)
    assert (entry.group, entry.status, entry.wish) == (free, "enrolled", None)


def test_any_group_waits_in_each_line_and_leaves_the_others_with_a_place():
    first = full_group()
    second = full_group(first.activity)
    child = make_person(age=8)
    entries = enrol_in_any(child=child, groups=[first, second], by=make_account(), now=NOW)
    assert {entry.status for entry in entries} == {"waiting"}
    leave(second)
    leave(first)
    assert (line_of(first), line_of(second)) == (["waiting"], ["offered"])  # one offer at a time
    accept_offer(offer_id=open_offer(second).pk, by=None, now=LATER)
    assert (line_of(first), line_of(second)) == (["withdrawn"], ["enrolled"])
    assert (counted(first), counted(second)) == ((0, 0), (1, 0))


def test_declining_one_of_several_keeps_the_other_lines():
    first = full_group()
    second = full_group(first.activity)
    enrol_in_any(child=make_person(age=8), groups=[first, second], by=make_account(), now=NOW)
    leave(second)
    leave(first)
    decline_offer(offer_id=open_offer(second).pk, by=None, now=LATER)
    assert (line_of(first), line_of(second)) == (["offered"], ["withdrawn"])


def test_any_group_is_refused_with_the_reason_of_the_first():
    group = make_group(ages=(10, 12))
    with pytest.raises(Refused, match="too_young"):
        enrol_in_any(child=make_person(age=8), groups=[group], by=make_account(), now=NOW)
    assert not Enrolment.objects.exists()


# -- siblings together ------------------------------------------------------------------------------------------------


def test_siblings_get_their_places_at_once_where_there_are_enough():
    group = make_group(capacity=2, waitlist=True)
    family = make_family(group.activity.centre, children=[7, 9])
    entries = enrol_together(asks=[Ask(child, group) for child in family.children], by=family.account, now=NOW)
    assert {entry.status for entry in entries} == {"enrolled"}
    withdraw_child(enrolment_id=entries[0].pk, now=LATER)
    entries[1].refresh_from_db()
    assert entries[1].status == "enrolled"  # what one sibling does never touches the other


def test_siblings_wait_together_until_there_is_a_place_for_each():
    group = make_group(capacity=2, waitlist=True)
    holders = [make_enrolment(make_person(age=8), group) for _ in range(2)]
    family = make_family(group.activity.centre, children=[7, 9])
    entries = enrol_together(asks=[Ask(child, group) for child in family.children], by=family.account, now=NOW)
    withdraw_child(enrolment_id=holders[0].pk, now=NOW)
    assert line_of(group) == ["waiting", "waiting"]
    assert entries[0].line_events.last().kind == "skipped"
    withdraw_child(enrolment_id=holders[1].pk, now=NOW)
    assert line_of(group) == ["offered", "offered"]
    accept_offer(offer_id=Offer.objects.open().first().pk, by=family.account, now=LATER)
    assert line_of(group) == ["enrolled", "enrolled"]
    assert set(Offer.objects.values_list("status", flat=True)) == {"accepted"}


def test_single_child_takes_the_one_place_that_is_not_enough_for_siblings_and_the_log_says_so():
    group = full_group()
    Group.objects.filter(pk=group.pk).update(capacity=2)
    make_enrolment(make_person(age=8), group)
    family = make_family(group.activity.centre, children=[7, 9])
    siblings = enrol_together(asks=[Ask(child, group) for child in family.children], by=family.account, now=NOW)
    make_enrolment(make_person(age=8), group)
    leave(group)
    assert line_of(group) == ["waiting", "waiting", "offered"]
    assert [entry.line_events.last().kind for entry in siblings] == ["skipped", "skipped"]


@pytest.mark.parametrize("way", ["decline", "expire"])
def test_siblings_give_back_both_places_or_none(way):
    group = make_group(capacity=2, waitlist=True)
    holders = [make_enrolment(make_person(age=8), group) for _ in range(2)]
    family = make_family(group.activity.centre, children=[7, 9])
    enrol_together(asks=[Ask(child, group) for child in family.children], by=family.account, now=NOW)
    for holder in holders:
        withdraw_child(enrolment_id=holder.pk, now=NOW)
    make_enrolment(make_person(age=8), group)
    offer_id = Offer.objects.open().first().pk
    if way == "decline":
        decline_offer(offer_id=offer_id, by=None, now=LATER)
    else:
        expire_offer(offer_id=offer_id, now=TOMORROW)
    assert line_of(group) == ["withdrawn", "withdrawn", "offered"]
    assert counted(group) == (1, 0)


def test_siblings_in_two_groups_are_offered_both_at_once():
    little, big = full_group(), full_group()
    family = make_family(little.activity.centre, children=[7, 9])
    enrol_together(asks=[Ask(family.children[0], little), Ask(family.children[1], big)], by=family.account, now=NOW)
    leave(little)
    assert (line_of(little), line_of(big)) == (["waiting"], ["waiting"])
    leave(big)
    assert (line_of(little), line_of(big)) == (["offered"], ["offered"])


def test_siblings_are_refused_as_one():
    group = make_group(ages=(6, 8))
    family = make_family(group.activity.centre, children=[7, 11])
    with pytest.raises(Refused, match="too_old"):
        enrol_together(asks=[Ask(child, group) for child in family.children], by=family.account, now=NOW)
    assert not Enrolment.objects.exists()
    assert counted(group) == (0, 0)


def test_adding_a_sibling_later_never_touches_the_first():
    group = make_group(capacity=1, waitlist=True)
    family = make_family(group.activity.centre, children=[7, 9])
    first = enrol_child(child=family.children[0], group=group, by=family.account, now=NOW)
    second = enrol_child(child=family.children[1], group=group, by=family.account, now=LATER)
    first.refresh_from_db()
    assert (first.status, first.updated_at, second.status) == ("enrolled", NOW, "waiting")


# -- the link of the message ------------------------------------------------------------------------------------------


def test_link_names_offer_and_reader_and_nothing_else_opens(group):
    offer, reader = open_offer(group), make_person()
    secret = offer.secret_for(reader.pk)
    assert read_secret(secret) == (offer.pk, reader.pk)
    for wrong in ("", "x", secret[:-1], secret[1:], f"{secret}x", secret.swapcase(), "a.b", "ł.ń", "\x00"):
        assert read_secret(wrong) is None


def test_promote_of_a_group_without_a_line_offers_nothing():
    group = make_group(waitlist=True)
    assert promote(group_id=group.pk, now=NOW) == []
