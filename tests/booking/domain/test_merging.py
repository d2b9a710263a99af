from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from booking.domain.login_codes import issue_code, open_with_code
from booking.domain.merging import merge_households, merge_people
from booking.domain.recipients import recipient
from booking.domain.subscriptions import create_subscription
from booking.errors import Refused
from booking.models import (
    Account,
    CalendarSubscription,
    Enrolment,
    Group,
    Guardianship,
    Household,
    HouseholdMember,
    Merge,
    Person,
)
from notifications.models import Message
from notifications.outbox import enqueue
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_household,
    make_person,
    make_staff,
)


def merge(keep, give_up, centre, by=None):
    by = by or make_staff(centre=centre).person.account
    return merge_people(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by, now=NOW)


def counters_are_right():
    return all(
        (group.places_taken, group.waiting)
        == (group.enrolments.holding().count(), group.enrolments.filter(status="waiting").count())
        for group in Group.objects.all()
    )


class TestAnyTwoRecords(TestCase):
    """Whatever two records of one person hold: after merging nothing is lost and nothing is there twice."""

    @settings(max_examples=15)
    @given(
        places=st.lists(st.tuples(st.sampled_from("kg"), st.integers(0, 3)), max_size=8, unique=True),
        full=st.booleans(),
        guardians=st.lists(st.tuples(st.sampled_from("kg"), st.integers(0, 2), st.booleans()), max_size=6),
        homes=st.lists(st.tuples(st.sampled_from("kg"), st.integers(0, 2)), max_size=6, unique=True),
        told=st.lists(st.tuples(st.sampled_from("kg"), st.integers(0, 2)), max_size=6, unique=True),
    )
    def test_merging_loses_and_doubles_nothing(  # noqa: PLR0915  what both held before, then what is there after
        self, places, full, guardians, homes, told
    ):
        centre = make_centre()
        activity = make_activity(centre)
        both = {"k": make_person(age=8), "g": make_person(age=8)}
        groups = [make_group(activity, capacity=1 if full else 9, waitlist=True) for _number in range(4)]
        adults, households = [make_person() for _n in range(3)], [make_household(centre) for _n in range(3)]
        for who, number in places:
            make_enrolment(both[who], groups[number])
        bans: dict[int, bool] = {}
        for who, number, ban in guardians:
            right, _made = Guardianship.objects.get_or_create(
                guardian=adults[number], child=both[who], defaults={"contact_ban": ban}
            )
            bans[number] = bans.get(number, False) or right.contact_ban
        for who, number in homes:
            HouseholdMember.objects.create(household=households[number], person=both[who])
        for who, number in told:
            enqueue(recipients=[recipient(both[who])], kind="x", facts={}, cause=f"c{number}", now=NOW)
        rows = Enrolment.objects.count()
        people = Person.objects.count()
        by = make_staff(centre=centre).person.account
        staff = Person.objects.count() - people

        log = merge(both["k"], both["g"], centre, by)

        kept = both["k"]
        assert Person.objects.count() == people + staff - 1
        assert Enrolment.objects.count() == rows, "no place is lost, also those that ended"
        live = list(kept.enrolments.live().values_list("group", flat=True))
        assert Counter(live) == Counter({groups[number].pk for _who, number in places})
        assert counters_are_right()
        assert {right.guardian_id: right.contact_ban for right in kept.guardians.all()} == {
            adults[number].pk: ban for number, ban in bans.items()
        }
        assert {home.pk for home in kept.households.all()} == {households[number].pk for _who, number in homes}
        assert kept.householdmember_set.count() == kept.households.count()
        mine = Message.objects.filter(recipient_id=kept.pk, kind="x")
        assert mine.count() == len(told)
        assert mine.filter(state="queued").count() == len({number for _who, number in told})
        assert merge(both["k"], both["g"], centre, by) == log
        assert Merge.objects.count() == 1


pytestmark = pytest.mark.django_db


def test_doubled_place_goes_to_the_next_in_line_and_the_family_is_told_nothing():
    centre = make_centre()
    group = make_group(make_activity(centre), capacity=2, waitlist=True)
    one, two, next_child = (make_person(age=8) for _number in range(3))
    for child in (one, two, next_child):
        make_enrolment(child, group)
    told = Message.objects.filter(kind="withdrawn").count()

    merge(one, two, centre)

    assert Enrolment.objects.get(child=next_child).status == "offered"
    assert sorted(one.enrolments.values_list("status", flat=True)) == ["enrolled", "withdrawn"]
    assert Message.objects.filter(kind="withdrawn").count() == told


def test_place_that_a_court_ordered_stays_one_whichever_record_is_kept():
    centre = make_centre()
    keep, give_up = make_person(age=8), make_person(age=8)
    make_household(centre, [keep, give_up])
    group = make_group(make_activity(centre), capacity=3)
    mine, courts = make_enrolment(keep, group), make_enrolment(give_up, group)
    Enrolment.objects.filter(pk=courts.pk).update(basis="court", created_at=NOW + timedelta(hours=1))
    by = make_staff(centre=centre).person.account

    merge_people(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by, now=NOW)

    assert list(Enrolment.objects.live().filter(child=keep).values_list("pk", "basis")) == [(mine.pk, "court")]


def test_log_ins_calendars_and_facts_come_over():
    family = make_family()
    centre = family.household.centre
    subscription, _token = create_subscription(owner=family.account, scope="child", subject_id=family.child.pk, now=NOW)
    keep, child = make_person(phone=""), make_person(age=7, given_name="Staś")
    family.guardian.phone = "+48601234567"
    family.guardian.keep_pesel("44051401359")
    family.guardian.save()

    merge(keep, family.guardian, centre)
    merge(child, family.child, centre)

    keep.refresh_from_db()
    subscription.refresh_from_db()
    assert (keep.account, keep.phone, keep.open_pesel()) == (family.account, "+48601234567", "44051401359")
    assert (subscription.owner, subscription.subject_id) == (family.account, child.pk)
    assert list(Guardianship.objects.values_list("guardian", "child")) == [(keep.pk, child.pk)]


def test_of_two_accounts_one_stays_with_the_calendars_of_both():
    centre = make_centre()
    one, two = make_account(), make_account()
    for account in (one, two):
        create_subscription(owner=account, scope="household", now=NOW)

    merge(one.person, two.person, centre)

    two.refresh_from_db()
    assert (two.is_active, two.person) == (False, None)
    assert CalendarSubscription.objects.filter(owner=one).count() == 2


def test_open_code_card_of_the_record_given_up_opens_nothing():
    centre = make_centre()
    one, two = make_person(), make_person()
    home = make_household(centre, [one, two])
    code = issue_code(person=two, by=make_staff(centre=centre).person.account, now=NOW)
    merge(one, two, centre)
    assert open_with_code(number=home.code, code=code, now=NOW) is None


def test_message_about_two_records_of_one_child_names_it_once():
    centre = make_centre()
    one, two, mother = make_person(age=7), make_person(age=7), make_person()
    facts = {"children": [str(two.pk), str(one.pk)]}
    enqueue(recipients=[recipient(mother)], kind="x", facts=facts, cause="c", now=NOW)
    merge(one, two, centre)
    assert Message.objects.get().facts == {"children": [str(one.pk)]}


def refused_code(keep, give_up, centre):
    people, places = Person.objects.count(), Enrolment.objects.count()
    by = make_account(make_person())
    with pytest.raises(Refused) as refused:
        merge(keep, give_up, centre, by)
    assert (Person.objects.count(), Enrolment.objects.count()) == (people + 1, places)
    assert not Merge.objects.exists()
    return refused.value.refusal.code


def test_two_people_are_not_merged():
    centre = make_centre()
    family = make_family(centre)
    twin = make_person(age=7)
    for person, pesel in ((family.child, "44051401359"), (twin, "02270803624")):
        person.keep_pesel(pesel)
        person.save()
    elsewhere = make_person()
    make_household(make_centre(), [elsewhere])

    assert refused_code(family.child, family.child, centre) == "merge_itself"
    assert refused_code(family.child, twin, centre) == "merge_two_pesels"
    assert refused_code(family.guardian, family.child, centre) == "merge_guardian_and_child"
    assert refused_code(family.guardian, elsewhere, centre) == "merge_other_centre"
    assert refused_code(family.guardian, make_staff(centre=centre).person, centre) == "merge_staff"


def test_unknown_records_are_not_merged():
    centre = make_centre()
    with pytest.raises(Person.DoesNotExist):
        merge(make_person(), Person(pk=uuid.uuid4()), centre)


def test_two_households_become_one_with_everybody_once():
    centre = make_centre()
    both, first, second = make_person(), make_person(), make_person()
    keep, give_up = make_household(centre, [both, first]), make_household(centre, [both, second])
    Household.objects.filter(pk=give_up.pk).update(address="Polna 1")
    by = make_staff(centre=centre).person.account
    facts = {"keep_id": keep.pk, "give_up_id": give_up.pk, "centre": centre, "by": by, "now": NOW}

    log = merge_households(**facts)

    keep.refresh_from_db()
    assert (set(keep.members.all()), keep.householdmember_set.count()) == ({both, first, second}, 3)
    assert keep.address == "Polna 1"
    assert not Household.objects.filter(pk=give_up.pk).exists()
    assert merge_households(**facts) == log
    for wrong in (keep.pk, make_household(make_centre()).pk):
        with pytest.raises(Refused):
            merge_households(**facts | {"give_up_id": wrong})


def test_account_given_up_cannot_be_entered():
    centre = make_centre()
    one, two = make_account(), make_account()
    merge(one.person, two.person, centre)
    assert Account.objects.filter(is_active=True, pk__in=[one.pk, two.pk]).get() == one
