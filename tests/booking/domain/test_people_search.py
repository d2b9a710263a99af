from __future__ import annotations

from datetime import date

import pytest

from booking.domain.people_search import find_families
from tests.factories import TODAY, make_centre, make_family, make_household, make_person, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    centre = make_centre()
    people = [
        make_person(given_name="Łucja", family_name="Kłobuś-Żak", phone="+48601234567"),
        make_person(given_name="Staś", family_name="Kłobuś", birth_date=date(2019, 3, 12)),
    ]
    people[1].keep_pesel("44051401359")
    people[1].save()
    return make_household(centre, people)


def found(text, family):
    desk = make_staff(centre=family.centre).person.account
    return [
        (each.household.pk, [person.given_name for person in each.people])
        for each in find_families(text=text, user=desk, on=TODAY)
    ]


@pytest.mark.parametrize(
    "text",
    ["klobus lucja", "LUCJA ZAK", "Kłobuś  Łucja", "601 234 567", "+48 601-234-567", "0048601234567", "234567"],
)
def test_family_is_found_by_name_without_diacritics_and_by_phone_in_any_writing(family, text):
    assert found(text, family) == [(family.pk, ["Łucja"])]


@pytest.mark.parametrize("text", ["12.03.2019", "2019-03-12", "12/03/2019", "44051401359", "stas"])
def test_child_is_found_by_birth_date_and_by_pesel(family, text):
    assert found(text, family) == [(family.pk, ["Staś"])]


def test_family_is_found_by_its_number(family):
    assert found(family.code.lower(), family) == [(family.pk, ["Staś", "Łucja"])]


@pytest.mark.parametrize("text", ["", "  ", "nobody", "999", "2019-13-45", "%", "_", "'", "12"])
def test_nobody_is_found_by_what_fits_nobody(family, text):
    assert found(text, family) == []


def test_desk_of_another_centre_finds_nobody(family):
    desk = make_staff().person.account
    instructor = make_staff("instructor", centre=family.centre).person.account
    for user in (desk, instructor, make_family(family.centre).account):
        assert find_families(text="klobus", user=user, on=TODAY) == []


def test_search_asks_one_query_for_many(family, django_assert_num_queries):
    desk = make_staff(centre=family.centre).person.account
    for _number in range(60):
        make_household(family.centre, [make_person(family_name="Kłobuś")])
    with django_assert_num_queries(1):
        assert sum(len(each.people) for each in find_families(text="klobus", user=desk, on=TODAY)) == 50
