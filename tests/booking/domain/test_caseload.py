from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.caseload import (
    Limit,
    assign_family,
    caseloads,
    coming_visits,
    end_case,
    limit_of,
)
from booking.domain.merging import merge_households
from booking.domain.retention import delete_old_cases
from booking.errors import Refused
from booking.models import FamilyCase, Policy, Role
from notifications.models import Message
from tests.factories import NOW, TODAY, make_centre, make_family, make_guardianship, make_household, make_staff
from tests.factories_visits import make_case, make_practice, make_visit

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def assistant(centre):
    return make_staff(Role.FAMILY_ASSISTANT, centre=centre)


@pytest.fixture
def organiser(centre):
    return make_staff(Role.ORGANISER, centre=centre).person.account


@pytest.fixture
def household(centre):
    return make_family(centre).household


def set_limit(centre, number):
    facts = {"valid_from": YESTERDAY, "source": "uchwała rady"}
    Policy.objects.create(centre=centre, key=Policy.Key.FAMILIES_PER_ASSISTANT, value=number, **facts)


def assign(household, member, by, **facts) -> FamilyCase:
    return assign_family(household=household, member=member, by=by, now=NOW, **{"starts_on": TODAY} | facts)


def code(call) -> str:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal.code


def test_country_sets_a_limit_with_its_source_and_a_centre_its_own(centre):
    assert limit_of(centre, on=TODAY).families == 15
    assert "9 czerwca 2011" in limit_of(centre, on=TODAY).source
    set_limit(centre, 10)
    assert limit_of(centre, on=TODAY) == Limit(10, "uchwała rady")


def test_family_gets_an_assistant_once_and_nobody_is_told(household, assistant, organiser):
    case = assign(household, assistant, organiser)
    assert assign(household, assistant, organiser) == case
    assert (case.starts_on, case.ends_on, case.over_limit_reason) == (TODAY, None, "")
    assert not Message.objects.exists()


def test_one_more_than_the_limit_asks_for_a_reason_that_stays(centre, household, assistant, organiser):
    set_limit(centre, 1)
    make_case(make_household(centre), assistant)
    with pytest.raises(Refused) as refused:
        assign(household, assistant, organiser, reason="  ")
    assert (refused.value.refusal.code, FamilyCase.objects.count()) == ("caseload_full", 1)
    case = assign(household, assistant, organiser, reason="zastępstwo za chorobę")
    assert case.over_limit_reason == "zastępstwo za chorobę"
    (load,) = caseloads(centre, on=TODAY)
    assert (load.families, load.limit, load.is_full, load.is_over) == (2, 1, True, True)


def test_ended_work_does_not_count_and_a_reason_is_not_kept_without_need(centre, household, assistant, organiser):
    set_limit(centre, 1)
    make_case(make_household(centre), assistant, ends_on=YESTERDAY)
    assert assign(household, assistant, organiser, reason="niepotrzebny").over_limit_reason == ""


def test_family_is_handed_over_from_a_day_on(household, assistant, organiser, centre):
    first = make_case(household)
    second = assign(household, assistant, organiser)
    first.refresh_from_db()
    assert (first.ends_on, second.member) == (YESTERDAY, assistant)
    same_day = assign(household, make_staff(Role.FAMILY_ASSISTANT, centre=centre), organiser)
    second.refresh_from_db()
    assert (second.ends_on, same_day.ends_on) == (TODAY, None)


@pytest.mark.parametrize(
    ("role", "starts_on", "refused"),
    [
        (Role.SPECIALIST, TODAY, "not_an_assistant"),
        (Role.FAMILY_ASSISTANT, TODAY + timedelta(days=1), "case_to_come"),
        (Role.FAMILY_ASSISTANT, TODAY - timedelta(days=8), "case_overlaps"),
    ],
)
def test_impossible_assignments_change_nothing(household, organiser, role, starts_on, refused):
    other = make_case(household)
    member = make_staff(role, centre=household.centre)
    assert code(lambda: assign(household, member, organiser, starts_on=starts_on)) == refused
    other.refresh_from_db()
    assert (FamilyCase.objects.count(), other.ends_on) == (1, None)


def test_assistant_of_another_centre_or_barred_from_a_child_is_refused(centre, household, assistant, organiser):
    assert code(lambda: assign(household, make_staff(Role.FAMILY_ASSISTANT), organiser)) == "not_an_assistant"
    make_guardianship(assistant.person, household.members.filter(guardians__isnull=False).first(), contact_ban=True)
    assert code(lambda: assign(household, assistant, organiser)) == "assistant_barred"
    assert not FamilyCase.objects.exists()


def test_work_ends_on_a_day_once(household):
    case = make_case(household)
    assert code(lambda: end_case(case_id=case.pk, ends_on=TODAY + timedelta(days=1), now=NOW)) == "case_ends_later"
    too_early = case.starts_on - timedelta(days=1)
    assert code(lambda: end_case(case_id=case.pk, ends_on=too_early, now=NOW)) == "case_ends_before"
    assert end_case(case_id=case.pk, ends_on=YESTERDAY, now=NOW).ends_on == YESTERDAY
    assert end_case(case_id=case.pk, ends_on=TODAY, now=NOW).ends_on == YESTERDAY


def test_visits_to_come_are_counted_when_the_work_ends():
    practice = make_practice()
    family = make_family(practice.service.centre)
    case = make_case(family.household, practice.member)
    make_visit(practice, NOW + timedelta(days=1), person=family.child)
    make_visit(practice, NOW - timedelta(days=7), person=family.child)
    make_visit(practice, NOW + timedelta(days=2))
    assert coming_visits(case, now=NOW) == 1


def test_desk_sees_the_cases_of_its_families_and_an_assistant_her_own(centre, household, assistant, organiser):
    case = make_case(household, assistant)
    other = make_case(make_household(centre))
    foreign = make_case(make_household(make_centre()))
    seen = FamilyCase.objects.visible_to
    assert set(seen(organiser, TODAY)) == {case, other}
    assert set(seen(assistant.person.account, TODAY)) == {case}
    assert set(seen(foreign.member.person.account, TODAY)) == {foreign}
    assert set(seen(make_family(centre).account, TODAY)) == set()
    make_guardianship(assistant.person, household.members.filter(guardians__isnull=False).first(), contact_ban=True)
    assert set(seen(assistant.person.account, TODAY)) == set()


@pytest.mark.parametrize("same", [True, False])
def test_merged_household_has_one_assistant_and_loses_no_history(centre, organiser, same):
    keep, give_up = make_household(centre), make_household(centre)
    first = make_case(keep)
    second = make_case(give_up, first.member if same else None)
    merge_households(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=organiser, now=NOW)
    second.refresh_from_db()
    assert list(FamilyCase.objects.open()) == [first]
    assert (second.household, second.ends_on) == (keep, TODAY)


def test_work_that_ended_is_forgotten_after_five_years(household):
    make_case(household, starts_on=TODAY - timedelta(days=3000), ends_on=TODAY - timedelta(days=1820))
    assert delete_old_cases(now=NOW) == 0
    assert delete_old_cases(now=NOW + timedelta(days=30)) == 1


def test_caseloads_ask_as_often_for_many_as_for_one(centre, django_assert_num_queries):
    for _ in range(5):
        make_case(make_household(centre), make_staff(Role.FAMILY_ASSISTANT, centre=centre))
    with django_assert_num_queries(4):
        assert len(caseloads(centre, on=TODAY)) == 5
