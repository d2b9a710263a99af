"""Merging, code cards and prints of the desk."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.domain.login_codes import issue_code
from booking.models import (
    Account,
    CardReading,
    CareDecision,
    Household,
    LoginCode,
    Merge,
    Person,
    Role,
    StaffMember,
    StaffRole,
)
from tests.factories import (
    NOW,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_household,
    make_person,
    make_room,
    make_service,
    make_staff,
    make_weekly_group,
)
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def staff(centre):
    return make_staff(centre=centre).person.account


@pytest.fixture
def desk(staff):
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


@pytest.fixture
def family(centre):
    return make_family(centre)


# -- merging ----------------------------------------------------------------------------------------------------------


def test_two_records_of_one_child_are_merged_after_looking_at_both(desk, centre, family):
    child = family.child
    double = make_person(
        given_name=child.given_name, family_name=child.family_name.upper(), birth_date=child.birth_date
    )
    home = make_household(centre, [double])
    where = reverse("desk-merge-people", args=[child.pk])
    page = desk.get(where).content.decode()
    assert home.code in page
    assert f'value="{double.pk}"' in page

    for _time in range(2):
        answer = desk.post(where, {"give_up": str(double.pk)})
        assert answer["Location"] == reverse("desk-family", args=[family.household.pk])

    assert not Person.objects.filter(pk=double.pk).exists()
    assert Merge.objects.count() == 1


def test_merging_what_is_no_record_of_this_desk_is_no_page(desk, family):
    foreign = make_family().child
    where = reverse("desk-merge-people", args=[family.child.pk])
    for give_up in (str(foreign.pk), str(uuid.uuid4()), "nobody", ""):
        assert desk.post(where, {"give_up": give_up}).status_code == 404
    assert desk.post(where, {"give_up": str(family.guardian.pk)}).status_code == 409
    assert not Merge.objects.exists()


def test_two_households_are_merged_by_number(desk, centre, family):
    other = make_household(centre, [make_person(given_name="Inka")])
    where = reverse("desk-merge-families", args=[family.household.pk])
    assert "Inka" in desk.get(where, {"code": other.code.lower()}).content.decode()
    assert "No other family" in desk.get(where, {"code": family.household.code}).content.decode()

    for _time in range(2):
        assert desk.post(where, {"give_up": str(other.pk)}).status_code == 302

    assert not Household.objects.filter(pk=other.pk).exists()
    assert family.household.members.count() == 3


# -- code cards -------------------------------------------------------------------------------------------------------

ENTER = "/login/card/"


def card_of(desk, person):
    page = desk.post(reverse("desk-code-card", args=[person.pk])).content.decode()
    return re.search(r"\d{4} \d{4}", page).group()


def test_grandmother_without_email_logs_in_with_her_card_once(desk, centre):
    grandmother = make_person(phone="+48601234567")
    home = make_household(centre, [grandmother])
    code = card_of(desk, grandmother)
    assert Account.objects.get(person=grandmother).email is None
    phone, again = Client(), Client()

    answer = phone.post(ENTER, {"number": home.code.lower(), "code": code})

    assert answer["Location"] == reverse("family")
    assert phone.get(reverse("family")).status_code == 200
    assert again.post(ENTER, {"number": home.code, "code": code}).status_code == 422
    assert again.get(reverse("family")).status_code == 302


@pytest.mark.parametrize("number", ["601 234 567", "+48 601-234-567"])
def test_phone_number_opens_with_the_code_too(desk, centre, number):
    grandmother = make_person(phone="+48601234567")
    make_household(centre, [grandmother])
    code = card_of(desk, grandmother)
    assert Client().post(ENTER, {"number": number, "code": code.replace(" ", "")}).status_code == 302


def test_code_is_not_kept_in_the_clear_and_a_new_card_ends_the_old_one(desk, centre):
    grandmother = make_person()
    home = make_household(centre, [grandmother])
    old, new = card_of(desk, grandmother), card_of(desk, grandmother)
    kept = "".join(str(row) for row in LoginCode.objects.values_list())

    assert new.replace(" ", "") not in kept
    assert Client().post(ENTER, {"number": home.code, "code": old}).status_code == 422
    assert Client().post(ENTER, {"number": home.code, "code": new}).status_code == 302


def test_code_ends_after_five_wrong_attempts_and_after_fourteen_days(staff, centre):
    grandmother = make_person()
    home = make_household(centre, [grandmother])
    code = issue_code(person=grandmother, by=staff, now=NOW)
    wrong = f"{(int(code) + 1) % 100_000_000:08d}"
    for _time in range(5):
        assert Client().post(ENTER, {"number": home.code, "code": wrong}).status_code == 422
    assert Client().post(ENTER, {"number": home.code, "code": code}).status_code == 422

    code = issue_code(person=grandmother, by=staff, now=NOW)
    with time_machine.travel(NOW + timedelta(days=14, seconds=1)):
        assert Client().post(ENTER, {"number": home.code, "code": code}).status_code == 422


def test_every_wrong_way_in_is_answered_alike(desk, centre):
    grandmother = make_person()
    home = make_household(centre, [grandmother])
    card_of(desk, grandmother)
    answers = set()
    for number, code in ((home.code, "00000000"), ("R-00000", "00000000"), ("601 234 567", "11111111")):
        page = Client().post(ENTER, {"number": number, "code": code}).content.decode()
        page = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", page)
        answers.add(page.replace(number, "").replace(code, ""))
    assert len(answers) == 1


def test_card_opens_no_closed_account(desk, centre):
    grandmother = make_person()
    home = make_household(centre, [grandmother])
    code = card_of(desk, grandmother)
    Account.objects.filter(person=grandmother).update(is_active=False)
    assert Client().post(ENTER, {"number": home.code, "code": code}).status_code == 422


def test_card_page_is_not_kept_by_browsers(desk, family):
    answer = desk.post(reverse("desk-code-card", args=[family.guardian.pk]))
    assert "no-store" in answer["Cache-Control"]


# -- prints -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def group(centre):
    room = make_room(centre.timetable, name="Sala błękitna")
    return make_weekly_group(make_activity(centre, name="Robotyka"), room=room, name="Maluchy")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", ["Potwierdzenie zapisu", 'lang="pl"']),
        ("en", ["Confirmation of enrolment", 'lang="en"']),
        ("uk", ["Підтвердження запису", 'lang="uk"']),
    ],
)
def test_confirmation_is_printed_in_the_language_asked_for(desk, family, group, language, words):
    entry = make_enrolment(family.child, group)
    page = desk.get(reverse("desk-confirmation", args=[entry.pk]), {"lang": language}).content.decode()
    assert [word for word in [*words, str(family.child), "Sala błękitna", "16:00–16:45"] if word not in page] == []
    assert CardReading.objects.filter(subject_id=family.child.pk, page="print").count() == 1


def test_prints_are_in_the_language_of_the_family_unless_told_otherwise(desk, family, group):
    family.guardian.language = "uk"
    family.guardian.save()
    entry = make_enrolment(family.child, group)
    assert "Підтвердження запису" in desk.get(reverse("desk-confirmation", args=[entry.pk])).content.decode()


def test_plan_of_a_month_names_every_date_but_nothing_sensitive(desk, centre, family, group):
    room = make_room(centre.timetable, name="Gabinet psychologa")
    secret = make_weekly_group(
        make_activity(centre, name="Terapia", sensitivity="sensitive"), name="Grupa A", room=room, day=NOW.date()
    )
    make_enrolment(family.child, group)
    make_enrolment(family.child, secret)

    page = desk.get(reverse("desk-month", args=[family.child.pk]), {"month": "2026-12", "lang": "en"}).content.decode()

    assert page.count("Robotyka") == 3, "two Wednesdays of December are holidays"
    assert "Meeting at the centre" in page
    assert [word for word in ("Terapia", "Grupa A", "psychologa") if word in page] == []


def month_of(client: Client, person: Person, **query: str) -> str:
    page = client.get(reverse("desk-month", args=[person.pk]), {"month": "2026-11", "lang": "en"} | query)
    return page.content.decode()


def test_plan_of_a_month_lists_visits_too(desk, centre, family):
    practice = make_practice(make_service(centre, name="Porady prawne"))
    make_visit(practice, wall(9), person=family.child)
    make_visit(practice, wall(10), person=family.child, status="cancelled")
    make_visit(practice, wall(12))
    page = month_of(desk, family.child)
    assert page.count("Porady prawne") == 1
    assert "09:00–10:00" in page
    assert practice.room.name in page


def test_confidential_visits_are_on_paper_without_their_name_and_only_for_the_trusted(desk, staff, centre, family):
    service = make_service(centre, name="Psychoterapia", sensitivity="sensitive")
    practice = make_practice(service)
    make_visit(practice, wall(9), person=family.child)
    untrusted = month_of(desk, family.child)
    assert "09:00" not in untrusted
    assert "only when somebody trusted" in untrusted
    member = StaffMember.objects.get(person=staff.person)
    StaffRole.objects.create(member=member, role=Role.CONFIDANT)
    page = month_of(desk, family.child)
    assert "09:00–10:00" in page
    assert [word for word in ("Psychoterapia", practice.room.name, practice.specialist.name) if word in page] == []


def test_visits_kept_from_a_guardian_are_on_paper_only_when_asked_for(desk, centre, family):
    practice = make_practice(make_service(centre, name="Porady prawne"))
    make_visit(practice, wall(9), person=family.child)
    make_visit(make_practice(make_service(centre, name="Logopeda")), wall(11), person=family.child)
    CareDecision.objects.create(
        person=family.child,
        kind=CareDecision.Kind.HIDDEN,
        service=practice.service,
        guardian=family.guardian,
        reference="III Nsm 1/26",
        starts_on=NOW.date(),
        recorded_at=NOW,
    )
    page = month_of(desk, family.child)
    assert "Porady prawne" not in page
    assert "Logopeda" in page
    assert "1 visit is left out" in page
    asked = month_of(desk, family.child, hidden="1")
    assert "Porady prawne" in asked
    assert "Give it only to who may know" in asked


def test_a_month_of_many_visits_costs_no_more(desk, centre, family, django_assert_max_num_queries):
    practice = make_practice(make_service(centre, minutes=10))
    make_visit(practice, wall(9), person=family.child)
    with CaptureQueriesContext(connection) as few:
        month_of(desk, family.child)
    for minute in range(10, 60, 10):
        make_visit(practice, wall(9, minute), person=family.child)
    with django_assert_max_num_queries(len(few)):
        month_of(desk, family.child)


@pytest.mark.parametrize("month", ["2026", "2026-13", "x", "1999-01", "2101-01", "2026-01-01"])
def test_month_that_is_none_is_no_page(desk, family, month):
    assert desk.get(reverse("desk-month", args=[family.child.pk]), {"month": month}).status_code == 404


def test_papers_do_not_exist_for_families_and_other_centres(family, group):
    entry = make_enrolment(family.child, group)
    pages = [
        reverse("desk-confirmation", args=[entry.pk]),
        reverse("desk-month", args=[family.child.pk]),
        reverse("desk-merge-people", args=[family.child.pk]),
        reverse("desk-merge-families", args=[family.household.pk]),
    ]
    code_card = reverse("desk-code-card", args=[family.guardian.pk])
    for account in (family.account, make_staff().person.account, make_staff("instructor").person.account):
        client = Client()
        client.force_login(account)
        assert [client.get(page).status_code for page in pages] == [404] * 4
        assert client.post(code_card).status_code == 404
    assert not LoginCode.objects.exists()
    assert not CardReading.objects.exists()


def test_desk_makes_no_card_with_which_it_would_log_in_as_somebody_with_other_rights(desk, staff, centre):
    colleague, administrator = make_staff("specialist", centre=centre).person, make_person()
    make_account(administrator, is_staff=True)
    home = make_household(centre, [colleague, administrator])
    for person in (colleague, administrator):
        answer = desk.post(reverse("desk-code-card", args=[person.pk]), follow=True)
        assert str(person) in answer.content.decode()
        assert answer.redirect_chain == [(reverse("desk-family", args=[home.pk]), 302)]
    assert not LoginCode.objects.exists()


def test_card_opens_nothing_once_its_holder_works_for_the_centre(staff, centre):
    grandmother = make_person()
    home = make_household(centre, [grandmother])
    code = issue_code(person=grandmother, by=staff, now=NOW)
    make_staff("organiser", centre=centre, person=grandmother)
    assert Client().post(ENTER, {"number": home.code, "code": code}).status_code == 422
