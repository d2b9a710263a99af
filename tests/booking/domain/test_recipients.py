"""Who is told about a person, and how."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.recipients import recipients_about, recipients_about_many
from booking.models import Person
from notifications.outbox import Recipient
from tests.factories import TODAY, make_co_guardian, make_family, make_guardianship, make_person

pytestmark = pytest.mark.django_db

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def told_about(person: Person) -> set:
    return {each.id for each in recipients_about(person, on=TODAY)}


def test_guardian_is_told_by_email_in_her_language():
    family = make_family()
    Person.objects.filter(pk=family.guardian.pk).update(language="uk")
    assert recipients_about(family.child, on=TODAY) == [
        Recipient(family.guardian.pk, str(family.guardian), "email", family.account.email, "uk")
    ]


@pytest.mark.parametrize("reach", ["phone", "letter", "school"])
def test_those_not_reached_by_email_are_told_by_the_desk(reach):
    person = make_person(reach=reach, phone="+48500600700", email="unused@example.org")
    assert recipients_about(person, on=TODAY) == [Recipient(person.pk, str(person), "desk", "+48500600700", "pl")]


@pytest.mark.parametrize(
    "rights",
    [
        {"can_view": False},
        {"contact_ban": True},
        {"ends_on": YESTERDAY},
        {"starts_on": TOMORROW},
    ],
)
def test_guardian_without_the_right_to_know_is_not_told(rights):
    family = make_family()
    make_co_guardian(family, **rights)
    assert told_about(family.child) == {family.guardian.pk}


@pytest.mark.parametrize("rights", [{"can_book": False}, {"ends_on": TODAY}, {"starts_on": TODAY}])
def test_guardian_who_may_view_today_is_told(rights):
    family = make_family()
    other = make_co_guardian(family, **rights)
    assert told_about(family.child) == {family.guardian.pk, other.person_id}


def test_adult_without_guardians_is_told_herself():
    person = make_person()
    assert told_about(person) == {person.pk}


def test_child_whose_guardians_are_all_barred_is_told_to_nobody():
    child = make_person(age=9)
    make_guardianship(make_person(), child, contact_ban=True)
    assert told_about(child) == set()


def test_barred_from_one_child_is_told_about_the_other():
    family = make_family(children=[7, 9])
    father = make_person()
    make_guardianship(father, family.children[0], contact_ban=True)
    make_guardianship(father, family.children[1])
    assert told_about(family.children[0]) == {family.guardian.pk}
    assert told_about(family.children[1]) == {family.guardian.pk, father.pk}


def test_many_are_answered_in_one_query(django_assert_num_queries):
    families = [make_family(children=[7, 9]) for _ in range(5)]
    people = [child for family in families for child in family.children] + [make_person()]
    with django_assert_num_queries(1):
        told = recipients_about_many(people, on=TODAY)
    assert {person.pk: {each.id for each in told[person.pk]} for person in people} == {
        **{child.pk: {family.guardian.pk} for family in families for child in family.children},
        people[-1].pk: {people[-1].pk},
    }
