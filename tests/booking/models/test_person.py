"""Who may see whom, and who may act for whom: everybody else gets nothing, as if there were nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from booking.models import Account, Centre, Enrolment, Household, Person, Role
from booking.models.names import plain
from booking.models.person import birthday
from tests.factories import (
    TODAY,
    Family,
    make_account,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_staff,
)

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
DESK, NO_DESK = (Role.ORGANISER, Role.COORDINATOR), sorted(set(Role) - {Role.ORGANISER, Role.COORDINATOR})


@pytest.fixture
def centre(db) -> Centre:
    return make_centre()


@pytest.fixture
def family(centre: Centre) -> Family:
    make_family(centre)  # neighbours, whom nobody of this family may see
    return make_family(centre, children=[7, 11])


def visible(user: Account | AnonymousUser) -> set[Person]:
    return set(Person.objects.visible_to(user, TODAY))


def bookable(user: Account | AnonymousUser) -> set[Person]:
    found = set(Person.objects.bookable_by(user, TODAY))
    for person in Person.objects.all():  # asked about one alone, the answer is the same
        assert Person.objects.one_bookable_by(user, TODAY, person.pk) == (person if person in found else None)
    return found


def staff_account(role: str, centre: Centre, **facts) -> Account:
    return make_staff(role, centre=centre, **facts).person.account


# -- strangers --------------------------------------------------------------------------------------------------------


def test_anonymous_visitor_gets_nobody(family):
    nobody = AnonymousUser()
    assert visible(nobody) == bookable(nobody) == set(Person.objects.children_of(nobody, TODAY)) == set()


def test_account_without_a_person_gets_nobody(family):
    account = Account.objects.create_user("technical@example.org")
    assert visible(account) == bookable(account) == set(Person.objects.children_of(account, TODAY)) == set()


def test_stranger_gets_herself_only(family):
    stranger = make_account()
    assert visible(stranger) == bookable(stranger) == {stranger.person}
    assert set(Person.objects.children_of(stranger, TODAY)) == set()


def test_administrator_of_the_pages_is_a_stranger_to_families(family):
    admin = Account.objects.create_superuser("admin@example.org", "only-invented-9", person=make_person())
    assert visible(admin) == {admin.person}


# -- guardians --------------------------------------------------------------------------------------------------------


def test_guardian_gets_herself_and_her_children(family):
    everyone = {family.guardian, *family.children}
    assert visible(family.account) == bookable(family.account) == everyone
    assert list(Person.objects.children_of(family.account, TODAY)) == [family.children[1], family.children[0]]


def test_co_guardian_gets_the_children_and_not_the_other_guardian(family):
    other = make_co_guardian(family)
    assert visible(other) == bookable(other) == {other.person, *family.children}


def test_guardian_of_one_child_does_not_get_her_sister(family):
    father = make_account()
    make_guardianship(father.person, family.children[0])
    assert visible(father) == {father.person, family.children[0]}


@pytest.mark.parametrize(
    "rights",
    [
        {"can_view": False},
        {"contact_ban": True},
        {"ends_on": YESTERDAY},
        {"starts_on": TOMORROW},
        {"can_view": False, "can_book": True},
    ],
)
def test_guardian_without_the_right_to_view_gets_no_child(family, rights):
    barred = make_co_guardian(family, **rights)
    assert visible(barred) == bookable(barred) == {barred.person}
    assert set(Person.objects.children_of(barred, TODAY)) == set()


@pytest.mark.parametrize("rights", [{"ends_on": TODAY}, {"starts_on": TODAY}])
def test_right_holds_on_its_first_and_last_day(family, rights):
    assert visible(make_co_guardian(family, **rights)) >= set(family.children)


def test_guardian_who_may_view_but_not_book_sees_and_cannot_enrol(family):
    other = make_co_guardian(family, can_book=False)
    assert visible(other) == {other.person, *family.children}
    assert bookable(other) == {other.person}


def test_living_together_gives_no_right(family):
    lodger = make_account()
    make_household(family.household.centre, [lodger.person, *family.children])
    assert visible(lodger) == {lodger.person}


def test_enrolments_follow_the_people_one_may_see(family):
    enrolment = make_enrolment(family.child, make_group())
    barred, neighbour = make_co_guardian(family, contact_ban=True), make_family().account
    for user, expected in [
        (family.account, [enrolment]),
        (make_co_guardian(family, can_book=False), [enrolment]),
        (barred, []),
        (neighbour, []),
        (AnonymousUser(), []),
    ]:
        assert list(Enrolment.objects.visible_to(user, TODAY)) == expected


# -- staff ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", DESK)
def test_desk_gets_the_families_of_its_own_centre(family, centre, role):
    make_family(make_centre())
    desk = staff_account(role, centre)
    assert visible(desk) == bookable(desk) == {desk.person, *Person.objects.filter(households__centre=centre)}
    assert visible(desk) >= {family.guardian, *family.children}


@pytest.mark.parametrize("role", NO_DESK)
def test_other_roles_get_no_family(family, centre, role):
    member = staff_account(role, centre)
    assert visible(member) == bookable(member) == {member.person}


def test_desk_of_another_centre_gets_nobody_here(family):
    desk = staff_account(Role.ORGANISER, make_centre())
    assert visible(desk) == {desk.person}


@pytest.mark.parametrize("facts", [{"ends_on": YESTERDAY}, {"starts_on": TOMORROW}])
def test_role_that_is_over_or_not_begun_gives_nothing(family, centre, facts):
    desk = staff_account(Role.ORGANISER, centre, **facts)
    assert visible(desk) == {desk.person}


@pytest.mark.parametrize("role", DESK)
def test_barred_member_of_staff_gets_neither_the_child_nor_her_homes_through_the_desk(family, centre, role):
    desk = staff_account(role, centre)
    second_home = make_household(centre, [family.children[0], make_person()])
    make_guardianship(desk.person, family.children[0], contact_ban=True)
    hidden = {family.guardian, *family.children, *second_home.members.all()}
    others = set(Person.objects.filter(households__centre=centre)) - hidden
    assert visible(desk) == bookable(desk) == {desk.person, *others}
    assert set(Person.objects.of_desk(desk, TODAY)) == others
    assert not Household.objects.of_desk(desk, TODAY).filter(pk__in=[family.household.pk, second_home.pk]).exists()
    assert visible(staff_account(role, centre)) >= hidden


@pytest.mark.parametrize("days", [{"ends_on": YESTERDAY}, {"starts_on": TOMORROW}])
def test_ban_closes_the_desk_only_while_it_is_in_force(family, centre, days):
    desk = staff_account(Role.ORGANISER, centre)
    make_guardianship(desk.person, family.child, contact_ban=True, **days)
    assert visible(desk) >= {family.guardian, *family.children}


def test_person_of_two_households_is_listed_once(family, centre):
    make_household(centre, [family.child])
    desk = staff_account(Role.COORDINATOR, centre)
    assert list(Person.objects.visible_to(desk, TODAY)).count(family.child) == 1


# -- age and names ----------------------------------------------------------------------------------------------------


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(0, 100))
def test_age_changes_on_the_birthday_and_on_no_other_day(birth_date, age):
    day = birthday(birth_date, age)
    person = Person(birth_date=birth_date)
    assert person.age_on(day) == age
    assert person.age_on(day - timedelta(days=1)) == age - 1


@pytest.mark.parametrize(("age", "expected"), [(1, date(2021, 2, 28)), (4, date(2024, 2, 29)), (7, date(2027, 2, 28))])
def test_birthday_of_29_february_is_28_february_in_common_years(age, expected):
    assert birthday(date(2020, 2, 29), age) == expected


def test_age_without_a_birth_date_is_not_known():
    assert Person().age_on(TODAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Kłobuś", "klobus"), ("ŻÓŁĆ", "zolc"), ("Łukasz Gęś", "lukasz ges"), ("Олександр", "олександр"), ("", "")],
)
def test_plain_text_has_small_letters_without_marks(text, expected):
    assert plain(text) == expected


@pytest.mark.django_db
def test_name_is_searched_without_marks_and_follows_changes():
    person = make_person(given_name="Łucja", family_name="Żmija")
    assert Person.objects.filter(search_name="zmija lucja").exists()
    person.family_name = "Wąż"
    person.save()
    assert Person.objects.filter(search_name="waz lucja").exists()


@pytest.mark.django_db
def test_person_reached_by_email_has_one():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person(reach=Person.Reach.EMAIL, email="")
