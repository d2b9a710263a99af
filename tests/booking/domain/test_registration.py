from __future__ import annotations

from datetime import date

import pytest

from booking.domain.contact_ways import check_reach, looks_like_phone, read_phone
from booking.domain.duplicates import Likeness, Sketch, find_duplicates, sketch_of
from booking.domain.registration import NewPerson, add_adult, add_child, join_household, register_household
from booking.errors import Refused
from booking.models import Guardianship, HouseholdMember, Person
from booking.models.household import week_letter
from tests.factories import TODAY, make_centre, make_guardianship, make_household, make_person, make_staff


@pytest.mark.parametrize("text", ["601 234 567", "+48601234567", "0048 601-234-567", "(601) 234567", "601.234.567"])
def test_phone_is_read_in_any_writing(text):
    assert read_phone(text) == "+48601234567"
    assert looks_like_phone(text) == "+48601234567"


def test_phone_of_another_country_is_kept_and_none_is_none():
    assert read_phone("+380 44 123 4567") == "+380441234567"
    assert read_phone("  ") == ""


@pytest.mark.parametrize("text", ["12", "sześćset", "+48", "1" * 40])
def test_phone_that_cannot_be_called_is_refused(text):
    with pytest.raises(Refused) as refused:
        read_phone(text)
    assert refused.value.refusal.code == "phone_wrong"


@pytest.mark.parametrize(
    ("reach", "code"),
    [
        ("phone", "phone_missing"),
        ("email", "email_missing"),
        ("letter", "address_missing"),
        ("school", "school_missing"),
    ],
)
def test_one_way_of_contact_is_enough_but_it_must_lead_somewhere(reach, code):
    given = {"phone": "+48601234567", "email": "a@example.org", "address": "Polna 1", "note": "SP 2"}
    field = {"phone": "phone", "email": "email", "letter": "address", "school": "note"}[reach]
    nothing = dict.fromkeys(given, "")

    check_reach(reach=reach, **nothing | {field: given[field]})
    with pytest.raises(Refused) as refused:
        check_reach(reach=reach, **given | {field: " "})
    assert refused.value.refusal.code == code


@pytest.mark.django_db
def test_family_is_written_down_with_an_adult_and_children():
    centre = make_centre()
    household = register_household(
        centre=centre, adult=NewPerson("Zofia", "Żak", phone="+48601234567"), village="Lgota", address="Polna 1"
    )
    grandmother = household.members.get()
    child = add_child(
        household=household,
        child=NewPerson("Staś", "Żak", birth_date=date(2019, 3, 12), pesel="44051401359"),
        guardian=grandmother,
        kind=Guardianship.Kind.ACTUAL_CARER,
    )
    add_adult(household=household, adult=NewPerson("Jan", "Żak", reach=Person.Reach.SCHOOL, reach_note="SP 2"))

    assert (household.name, household.village, household.code[:2], len(household.code)) == ("Żak", "Lgota", "R-", 7)
    assert [str(each) for each in household.members.in_order()] == ["Jan Żak", "Staś Żak", "Zofia Żak"]
    right = Guardianship.objects.get(guardian=grandmother, child=child)
    assert (right.can_view, right.can_book, right.can_collect, right.can_consent) == (True, True, True, False)


@pytest.mark.django_db
def test_known_child_joins_a_second_home_without_being_doubled():
    centre = make_centre()
    father, child = make_person(), make_person(age=7)
    make_household(centre, [child])
    second = make_household(centre, [father])
    barred = make_guardianship(father, child, contact_ban=True)

    add_child(household=second, child=child, guardian=father)
    join_household(household=second, person=child, weeks=HouseholdMember.Weeks.B)
    join_household(household=second, person=child, weeks=HouseholdMember.Weeks.B)

    assert [member.weeks for member in child.householdmember_set.order_by("pk")] == ["every", "b"]
    barred.refresh_from_db()
    assert barred.contact_ban, "writing down a child again lifts no ban"


def test_weeks_of_alternating_care_alternate_over_the_turn_of_the_year():
    days = [date(2026, 12, 20), date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 3), date(2027, 1, 4)]
    letters = [week_letter(day).value for day in days]
    assert letters[2] == letters[3]
    assert letters[0] != letters[1] != letters[2] != letters[4]
    assert week_letter(date(2023, 12, 31)) != week_letter(date(2024, 1, 1))


SURE = Sketch("Zosia", "Kłobuś", date(2019, 3, 12))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sketch", "likeness"),
    [
        (SURE, Likeness.SAME_NAME_AND_DATE),
        (Sketch("zosia", "klobus", date(2019, 3, 12)), Likeness.SAME_NAME_AND_DATE),
        (Sketch("Zośka", "Kłobus", date(2019, 3, 12)), Likeness.SIMILAR_NAME_SAME_DATE),
        (Sketch("Zofia", "Kłobuś-Żak", date(2019, 3, 12)), Likeness.SIMILAR_NAME_SAME_DATE),
        (Sketch("Zosiia", "Kłobuś", date(2019, 3, 12)), Likeness.SIMILAR_NAME_SAME_DATE),
        (Sketch("Michał", "Kłobuś", date(2019, 3, 12)), None),  # a twin
        (Sketch("Kłobuś", "Zosia", date(2019, 3, 12)), Likeness.SIMILAR_NAME_SAME_DATE),
        (Sketch("Zosia", "Inna", None, "+48601234567"), Likeness.SAME_NAME_AND_PHONE),
        (Sketch("Zosia", "Kłobuś"), Likeness.SAME_NAME),
        (Sketch("Zosia", "Kłobuś", date(2018, 3, 12)), None),
        (Sketch("Ada", "Inna", date(2019, 3, 12)), None),
        (Sketch("Ada", "Inna", None, "", "44051401359"), Likeness.SAME_PESEL),
        (Sketch("Zosia", "Kłobuś", date(2019, 3, 12), "", "02270803628"), None),
    ],
)
def test_duplicates_are_found_before_somebody_is_written_down_twice(sketch, likeness):
    known = make_person(given_name="Zosia", family_name="Kłobuś", birth_date=date(2019, 3, 12), phone="+48601234567")
    known.keep_pesel("44051401359")
    known.save()
    home = make_household(make_centre(), [known])

    clerk, stranger = (make_staff(centre=each).person.account for each in (home.centre, make_centre()))

    found = find_duplicates(sketch=sketch, centre=home.centre, user=clerk, on=TODAY)

    assert [(each.person, each.likeness, each.households) for each in found] == (
        [(known, likeness, (home,))] if likeness else []
    )
    assert find_duplicates(sketch=sketch, centre=home.centre, user=stranger, on=TODAY) == []
    assert find_duplicates(sketch=sketch_of(known), centre=home.centre, user=clerk, on=TODAY, leave_out=[known]) == []
