from __future__ import annotations

import re
import uuid
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.enrolment import withdraw_child
from booking.models import CardReading, Enrolment, Guardianship, Household, HouseholdMember, Offer, Person, Role
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    return make_family(make_centre(), children=(7, 11))


def desk_of(centre, role=Role.ORGANISER):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(role, centre=centre).person.account)
    return client


@pytest.fixture
def desk(family):
    return desk_of(family.household.centre)


ADULT = {
    "given_name": "Zofia",
    "family_name": "Żak",
    "language": "pl",
    "reach": "phone",
    "phone": "601 234 567",
    "village": "Lgota",
}


def adult(**facts):
    return {**ADULT, "form_key": str(uuid.uuid4()), **facts}


def child(family, **facts):
    return {
        "given_name": "Staś",
        "family_name": "Żak",
        "birth_date": "2019-03-12",
        "language": "pl",
        "guardian": str(family.guardian.pk),
        "kind": "parent",
        "weeks": "every",
        "form_key": str(uuid.uuid4()),
        **facts,
    }


def test_search_box_finds_a_family_and_says_when_nobody_fits(family, desk):
    found = desk.get(reverse("desk"), {"q": family.guardian.family_name.upper()})
    nobody = desk.get(reverse("desk"), {"q": "nobody at all"})

    assert reverse("desk-family", args=[family.household.pk]) in found.content.decode()
    assert "1 family found" in found.content.decode()
    assert "Nobody fits" in nobody.content.decode()
    assert "family found" not in desk.get(reverse("desk")).content.decode()


def test_card_shows_what_is_needed_and_the_reading_is_written_down(family, desk):
    family.child.keep_pesel("44051401359")
    family.child.save()
    barred = make_person(given_name="Marek")
    make_guardianship(barred, family.child, contact_ban=True, court_reference="III Nsm 1/26")
    make_enrolment(family.child, make_group(make_activity(family.household.centre, name="Robotyka"), name="Maluchy"))

    page = desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()

    for words in ("No contact with Marek", "III Nsm 1/26", "•••••••••59", "Robotyka", family.household.code):
        assert words in page
    assert "44051401359" not in page
    read = set(CardReading.objects.values_list("subject_id", "page"))
    assert read == {(person.pk, "card") for person in [family.guardian, *family.children]}


def test_card_of_a_child_of_two_homes_says_where_it_is_this_week(family, desk):
    second = make_household(family.household.centre, [make_person()])
    HouseholdMember.objects.create(household=second, person=family.child, weeks="b")
    HouseholdMember.objects.filter(household=family.household, person=family.child).update(weeks="a")

    pages = [desk.get(reverse("desk-family", args=[each.pk])).content.decode() for each in (family.household, second)]

    assert [page.count("not here this week") for page in pages] in ([0, 1], [1, 0])
    assert second.code in pages[0]
    assert family.household.code in pages[1]


def test_card_asks_as_many_queries_for_many_people_as_for_few(family, desk, django_assert_max_num_queries):
    for _number in range(30):
        person = make_person(age=8)
        HouseholdMember.objects.create(household=family.household, person=person)
        make_guardianship(family.guardian, person)
        make_enrolment(person, make_group(make_activity(family.household.centre)))
    with django_assert_max_num_queries(22):
        desk.get(reverse("desk-family", args=[family.household.pk]))


def test_family_is_written_down_by_phone_only_and_children_after_it(desk, family):
    made = desk.post(reverse("desk-register"), adult(), follow=True)
    household = Household.objects.get(name="Żak")
    grandmother = household.members.get()
    assert made.redirect_chain == [(reverse("desk-add-child", args=[household.pk]), 302)]
    assert (grandmother.phone, grandmother.email, household.village) == ("+48601234567", "", "Lgota")

    facts = child(family, guardian=str(grandmother.pk), kind="actual_carer", pesel="44051401359", birth_date="")
    answer = desk.post(reverse("desk-add-child", args=[household.pk]), facts)

    assert answer["Location"] == reverse("desk-family", args=[household.pk])
    right = Guardianship.objects.get(guardian=grandmother)
    assert (right.child.birth_date, right.kind, right.can_consent) == (date(1944, 5, 14), "actual_carer", False)


def test_same_form_sent_twice_writes_down_one_family_and_one_child(desk, family):
    facts = adult()
    first, second = (desk.post(reverse("desk-register"), facts) for _time in range(2))
    assert first["Location"] == second["Location"]
    household = Household.objects.get(name="Żak")

    facts = child(family, guardian=str(household.members.get().pk))
    for _time in range(2):
        desk.post(reverse("desk-add-child", args=[household.pk]), facts)

    assert (Household.objects.filter(name="Żak").count(), household.members.count()) == (1, 2)


def test_whoever_may_be_known_is_shown_before_anybody_is_written_down(desk, family):
    known = make_person(given_name="Zofia", family_name="Zak")
    home = make_household(family.household.centre, [known])
    facts = adult(birth_date=known.birth_date.isoformat())
    people = Person.objects.count()

    shown = desk.post(reverse("desk-register"), facts)

    assert shown.status_code == 422
    assert reverse("desk-family", args=[home.pk]) in shown.content.decode()
    assert Person.objects.count() == people
    assert CardReading.objects.filter(subject_id=known.pk, page="duplicates").exists()
    assert desk.post(reverse("desk-register"), facts | {"none_of_these": "something else"}).status_code == 422
    desk.post(reverse("desk-register"), facts | {"none_of_these": str(known.pk)})
    assert Person.objects.count() == people + 1


def test_child_that_is_known_joins_the_family_instead_of_being_doubled(desk, family):
    known = make_person(given_name="Staś", family_name="Żak", birth_date=date(2019, 3, 12))
    make_household(family.household.centre, [known])
    where = reverse("desk-add-child", args=[family.household.pk])
    people = Person.objects.count()

    assert desk.post(where, child(family)).status_code == 422
    answer = desk.post(where, child(family, known=str(known.pk), weeks="b"))

    assert answer.status_code == 302
    assert Person.objects.count() == people
    assert HouseholdMember.objects.get(household=family.household, person=known).weeks == "b"
    assert Guardianship.objects.filter(guardian=family.guardian, child=known).exists()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"phone": ""}, "Write the phone number"),
        ({"phone": "12"}, "no phone number"),
        ({"reach": "email"}, "Write the e-mail"),
        ({"reach": "school", "phone": ""}, "Write which school"),
        ({"reach": "letter"}, "Write the address"),
        ({"given_name": " "}, "Given name"),
        ({"pesel": "44051401358"}, "no PESEL number"),
        ({"pesel": "44051401359", "birth_date": "1990-01-01"}, "born on"),
        ({"birth_date": "yesterday"}, "Birth date"),
        ({"form_key": ""}, "incomplete"),
        ({"family_name": "x" * 101}, "Family name"),
    ],
)
def test_wrong_input_is_explained_and_writes_nothing(desk, facts, words):
    people = Person.objects.count()
    answer = desk.post(reverse("desk-register"), adult(**facts))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Person.objects.count() == people


def test_contact_is_changed_and_the_personal_number_kept(desk, family):
    family.guardian.keep_pesel("44051401359")
    family.guardian.save()
    where = reverse("desk-person", args=[family.guardian.pk])
    assert "•••••••••59" in desk.get(where).content.decode()

    facts = adult(given_name="Ania", reach="letter", phone="", address="Polna 1")
    assert desk.post(where, facts).status_code == 302

    changed = Person.objects.get(pk=family.guardian.pk)
    household = Household.objects.get(pk=family.household.pk)
    assert (changed.given_name, changed.reach, changed.search_name) == ("Ania", "letter", "zak ania")
    assert (household.address, changed.open_pesel()) == ("Polna 1", "44051401359")


def test_rights_are_changed_and_a_ban_takes_the_child_away_at_once(desk, family):
    right = Guardianship.objects.get(guardian=family.guardian, child=family.child)
    parent = Client()
    parent.force_login(family.account)
    page = reverse("family-child", args=[family.child.pk])
    assert parent.get(page).status_code == 200

    wrong = {"kind": "parent", "starts_on": "2026-10-01", "ends_on": "2026-09-01"}
    assert desk.post(reverse("desk-rights", args=[right.pk]), wrong).status_code == 422
    desk.post(reverse("desk-rights", args=[right.pk]), {"kind": "parent", "can_view": "on", "contact_ban": "on"})

    assert parent.get(page).status_code == 404


def test_desk_enrols_and_withdraws_for_a_family(desk, family):
    group = make_group(make_activity(family.household.centre), entry="centre")
    page = reverse("desk-enrol", args=[family.child.pk, group.pk])
    assert page in desk.get(reverse("desk-choose-group", args=[family.child.pk]) + "?all=1").content.decode()

    assert desk.post(page, {"note": "bez orzechów"}).status_code == 302
    entry = Enrolment.objects.get(child=family.child, group=group)
    assert (entry.status, entry.note) == ("enrolled", "bez orzechów")
    again = desk.post(page)
    assert (again.status_code, Enrolment.objects.count()) == (409, 1)

    leave = reverse("desk-withdraw", args=[entry.pk])
    assert desk.get(leave).status_code == 200
    for _time in range(2):
        assert desk.post(leave).status_code == 302
    entry.refresh_from_db()
    group.refresh_from_db()
    assert (entry.status, group.places_taken) == ("withdrawn", 0)


def test_refusal_at_the_desk_says_why_and_what_instead(desk, family):
    activity = make_activity(family.household.centre)
    group = make_group(activity, ages=(16, 18))
    other = make_group(activity, ages=(6, 12))

    page = desk.get(reverse("desk-enrol", args=[family.child.pk, group.pk])).content.decode()

    assert "cannot be enrolled here" in page
    assert reverse("desk-enrol", args=[family.child.pk, other.pk]) in page


def test_handing_over_the_privacy_notice_is_noted_once(desk, family):
    where = reverse("desk-privacy-notice", args=[family.guardian.pk])
    assert desk.get(where).status_code == 405
    desk.post(where)
    with time_machine.travel("2026-12-01T10:00:00Z"):
        desk.post(where)
    family.guardian.refresh_from_db()
    assert family.guardian.privacy_notice_on == NOW.date()


def test_call_is_noted_on_the_list_and_leaves_it(desk, family):
    family.guardian.reach, family.guardian.phone = "phone", "+48601234567"
    family.guardian.save()
    make_enrolment(family.child, make_group(make_activity(family.household.centre)))
    deliver_due(clock=lambda: NOW)
    message = Message.objects.get()
    where = reverse("desk-calls")
    page = desk.get(where).content.decode()
    assert "1 message to tell" in desk.get(reverse("desk")).content.decode()
    assert "tel:+48601234567" in page
    assert message.subject in page

    facts = {"messages": str(message.pk), "outcome": "told"}
    for wrong in ({"messages": "x"}, {"outcome": "forgotten"}, {"note": "x" * 201}):
        assert desk.post(where, facts | wrong).status_code == 422
    assert "Noted." in desk.post(where, facts, follow=True).content.decode()

    message.refresh_from_db()
    assert message.state == "sent"
    assert "already" in desk.post(where, facts, follow=True).content.decode()


def test_desk_answers_an_offer_and_serves_out_of_turn_only_with_a_reason(desk, family):
    centre = family.household.centre
    group = make_group(make_activity(centre), capacity=1, waitlist=True)
    first = make_enrolment(make_person(age=8), group)
    page = reverse("desk-enrol", args=[family.child.pk, group.pk])
    assert "joins the line" in desk.get(page).content.decode()
    desk.post(page)
    entry = Enrolment.objects.get(child=family.child)
    assert entry.status == "waiting"
    assert "place 1 in line" in desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()

    withdraw_child(enrolment_id=first.pk, now=NOW)
    offer = Offer.objects.get(enrolment=entry)
    answer = reverse("desk-offer", args=[offer.pk])
    assert answer in desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    assert desk.post(answer, {"answer": "perhaps"}).status_code == 400
    assert desk_of(make_centre()).post(answer, {"answer": "accept"}).status_code == 404
    desk.post(answer, {"answer": "accept"})
    entry.refresh_from_db()
    assert entry.status == "enrolled"

    sibling = family.children[1]
    desk.post(reverse("desk-enrol", args=[sibling.pk, group.pk]), {"reason": "rodzeństwo, decyzja dyrektora"})
    assert Enrolment.objects.get(child=sibling).status == "enrolled"


def desk_pages(family, group, entry):
    right = Guardianship.objects.filter(guardian=family.guardian).first()
    return {
        "search": reverse("desk"),
        "register": reverse("desk-register"),
        "calls": reverse("desk-calls"),
        "card": reverse("desk-family", args=[family.household.pk]),
        "child": reverse("desk-add-child", args=[family.household.pk]),
        "adult": reverse("desk-add-adult", args=[family.household.pk]),
        "person": reverse("desk-person", args=[family.guardian.pk]),
        "choose": reverse("desk-choose-group", args=[family.child.pk]),
        "enrol": reverse("desk-enrol", args=[family.child.pk, group.pk]),
        "rights": reverse("desk-rights", args=[right.pk]),
        "withdraw": reverse("desk-withdraw", args=[entry.pk]),
    }


def test_desk_pages_do_not_exist_for_families_other_staff_and_other_centres(desk, family):
    group = make_group(make_activity(family.household.centre))
    pages = desk_pages(family, group, make_enrolment(family.child, group))
    parent = Client()
    parent.force_login(family.account)
    instructor = desk_of(family.household.centre, Role.INSTRUCTOR)
    foreign = desk_of(make_centre(), Role.COORDINATOR)

    assert {name: desk.get(page).status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    for client in (parent, instructor):
        assert {name: client.get(page).status_code for name, page in pages.items()} == dict.fromkeys(pages, 404)
        assert {
            name: client.post(page).status_code for name, page in pages.items() if name != "search"
        } == dict.fromkeys([name for name in pages if name not in {"search", "card", "choose"}], 404) | {
            "card": 405,
            "choose": 405,
        }
    own = {"search": 200, "register": 200, "calls": 200}
    assert {name: foreign.get(page).status_code for name, page in pages.items()} == dict.fromkeys(pages, 404) | own
    assert all(Client().get(page)["Location"].startswith(reverse("account_login")) for page in pages.values())
    readers = set(CardReading.objects.values_list("reader__person__staff_memberships__centre", flat=True))
    assert readers == {family.household.centre_id}


def test_stranger_at_another_desk_is_answered_as_if_the_family_did_not_exist(family):
    foreign = desk_of(make_centre())
    answers = []
    for household_id in (str(family.household.pk), str(uuid.uuid4())):
        answer = foreign.get(reverse("desk-family", args=[household_id]))
        page = re.sub(r'(?<=csrfmiddlewaretoken" value=")\w+', "", answer.content.decode())
        answers.append((answer.status_code, page.replace(household_id, "id")))
    assert answers[0] == answers[1]


# -- a ban at the desk ------------------------------------------------------------------------------------------------


def test_barred_member_of_staff_finds_a_child_and_her_family_on_no_page_of_the_desk(family):
    centre = family.household.centre
    group = make_group(make_activity(centre), capacity=1, waitlist=True)
    make_enrolment(make_family(centre).child, group)
    entry = make_enrolment(family.child, group)
    member = make_staff(Role.ORGANISER, centre=centre)
    right = make_guardianship(member.person, family.child, contact_ban=True)
    barred = Client(headers={"accept-language": "en"})
    barred.force_login(member.person.account)

    pages = [
        reverse("desk-family", args=[family.household.pk]),
        reverse("desk-person", args=[family.child.pk]),
        reverse("desk-rights", args=[right.pk]),
        reverse("desk-month", args=[family.child.pk]),
        reverse("desk-confirmation", args=[entry.pk]),
        reverse("desk-choose-group", args=[family.child.pk]),
        f"/api/v1/children/{family.child.pk}/",
        f"/api/v1/enrolments/{entry.pk}/",
    ]
    assert [barred.get(page).status_code for page in pages] == [404] * len(pages)
    assert str(family.household) not in barred.get(reverse("desk"), {"q": family.child.family_name}).content.decode()
    line = reverse("desk-line", args=[group.pk])
    assert str(family.child) not in barred.get(line).content.decode()
    assert barred.post(line, {"entry": str(entry.pk), "decision": "withdraw"}).status_code == 404
    twin = child(family, given_name=family.child.given_name, family_name=family.child.family_name)
    own = make_family(centre)
    again = {**twin, "birth_date": str(family.child.birth_date), "guardian": str(own.guardian.pk)}
    answer = barred.post(reverse("desk-add-child", args=[own.household.pk]), again)
    assert str(family.household) not in answer.content.decode()
    entry.refresh_from_db()
    right.refresh_from_db()
    assert (entry.status, right.contact_ban) == ("waiting", True)


def test_lines_of_the_centre_are_found_from_the_desk(family, desk):
    centre = family.household.centre
    group = make_group(make_activity(centre, name="Robotyka"), capacity=1, waitlist=True)
    quiet = make_group(make_activity(centre, name="Taniec"), capacity=9)
    elsewhere = make_group(make_activity(make_centre(), name="Szachy"), capacity=1, waitlist=True)
    for each in (group, elsewhere):
        make_enrolment(make_person(age=8), each)
    for each in (group, elsewhere):
        make_enrolment(family.child, each)

    assert reverse("desk-lines") in desk.get(reverse("desk")).content.decode()
    page = desk.get(reverse("desk-lines")).content.decode()

    assert reverse("desk-line", args=[group.pk]) in page
    assert "Waiting: 1." in page
    for other in (quiet, elsewhere):
        assert reverse("desk-line", args=[other.pk]) not in page


def test_desk_admits_whom_a_court_referred_and_the_family_cannot_end_it(family, desk):
    group = make_group(make_activity(family.household.centre), capacity=3)
    desk.post(reverse("desk-enrol", args=[family.child.pk, group.pk]), {"court": "1"})
    place = Enrolment.objects.get(child=family.child)
    assert (place.basis, place.status) == ("court", "enrolled")
    parent = Client(headers={"accept-language": "en"})
    parent.force_login(family.account)
    assert parent.post(reverse("withdraw", args=[place.pk])).status_code == 403
    place.refresh_from_db()
    assert place.status == "enrolled"
    assert Message.objects.filter(kind="court_withdrawal_asked").exists()
