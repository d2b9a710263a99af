"""Merging while others merge, enrol and answer: one outcome, nothing lost, no error."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.merging import merge_people
from booking.domain.offers import accept_offer
from booking.models import Enrolment, Group, Merge, Offer, Person
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_household,
    make_person,
    make_staff,
)
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def merging(keep: Person, give_up: Person, centre, by) -> partial:
    return partial(merge, keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by)


def merge(**facts) -> Merge | str:
    try:
        return merge_people(**facts, now=NOW)
    except Person.DoesNotExist:
        return "gone"


def assert_counted(*groups: Group) -> None:
    for group in groups:
        group.refresh_from_db()
        assert group.places_taken == group.enrolments.holding().count() <= group.capacity
        assert group.waiting == group.enrolments.waiting().count()


def test_the_same_merge_many_times_at_once_both_ways_round_is_done_once():
    centre = make_centre()
    one, two = make_person(age=8), make_person(age=8)
    group = make_group(make_activity(centre), capacity=3)
    for child in (one, two):
        make_enrolment(child, group)
    by = make_staff(centre=centre).person.account
    answers = at_once([merging(one, two, centre, by), merging(two, one, centre, by)] * 3)
    assert len(set(answers)) == 1
    assert Merge.objects.count() == 1
    assert_counted(group)
    assert group.places_taken == 1


def test_three_records_put_together_at_once_end_as_one_with_everything():
    centre = make_centre()
    records = [make_person(age=8) for _ in range(3)]
    groups = [make_group(make_activity(centre)) for _ in records]
    for child, group in zip(records, groups, strict=True):
        make_enrolment(child, group)
    by = make_staff(centre=centre).person.account
    one, two, three = records
    ring = [merging(one, two, centre, by), merging(two, three, centre, by), merging(three, one, centre, by)]
    answers = at_once(ring)
    left = Person.objects.filter(pk__in=[person.pk for person in records])
    assert left.count() == 3 - Merge.objects.count()
    assert Counter(answer == "gone" for answer in answers)[False] == Merge.objects.count() >= 1
    assert Enrolment.objects.live().filter(child__in=left).count() == 3


def test_enrolling_a_child_while_her_record_is_merged_gives_one_place():
    centre = make_centre()
    family = make_family(centre)
    twin = make_person(age=7)
    make_household(centre, [twin])
    group = make_group(make_activity(centre))
    by = make_staff(centre=centre).person.account
    enrol = partial(enrol_child, child=twin, group=group, by=family.account, now=NOW)
    again = partial(enrol_child, child=family.child, group=group, by=family.account, now=NOW)
    answers = at_once([enrol, merging(family.child, twin, centre, by), again])
    assert isinstance(answers[1], Merge)
    assert group.enrolments.live().get().child == family.child
    assert_counted(group)


def test_merging_while_places_are_withdrawn_and_accepted_ends_without_a_deadlock():
    centre = make_centre()
    groups = [make_group(make_activity(centre), capacity=1, waitlist=True) for _ in range(3)]
    holders = [make_enrolment(make_person(age=8), group) for group in groups]
    one, two = make_person(age=8), make_person(age=8)
    for child in (one, two):
        for group in groups:
            make_enrolment(child, group)
    withdraw_child(enrolment_id=holders[0].pk, now=NOW)
    offer = Offer.objects.get()
    by = make_staff(centre=centre).person.account
    leaves = [partial(withdraw_child, enrolment_id=holder.pk, now=NOW) for holder in reversed(holders[1:])]
    accepts = partial(accept_offer, offer_id=offer.pk, by=None, now=NOW)
    at_once([merging(one, two, centre, by), *leaves, accepts])
    live = Enrolment.objects.live().filter(child=one)
    assert sorted(live.values_list("group", flat=True)) == sorted(group.pk for group in groups)
    assert set(live.values_list("status", flat=True)) <= {"enrolled", "offered"}
    assert_counted(*groups)
