"""The people of the demo find what its story tells."""

from __future__ import annotations

import pytest

from booking.domain.caseload import caseloads
from booking.domain.consents_asked import missing_consents
from booking.domain.enrolment import withdraw_child
from booking.domain.identity import read_pesel
from booking.domain.makeups import possible_dates
from booking.domain.pickup import pickup_cards
from booking.domain.refusals import alternatives, refusal_for
from booking.models import Centre, Enrolment, Group, Guardianship, MakeUpCredit, Offer, Person, StaffRole
from booking.web.consents import consent_rows
from booking.web.family_members import family_of
from booking.web.family_questions import questions_for
from booking.web.offers import held_for
from notifications.models import Message
from scheduler.models import Resource, Session
from tests.booking.management.conftest import NOON, TODAY, Cards, account, person

pytestmark = pytest.mark.django_db


def group(name: str) -> Group:
    return Group.objects.select_related("activity", "term__timetable").get(name=name)


def reason(name: str, group_name: str) -> str | None:
    refusal = refusal_for(child=person(name), group=group(group_name), now=NOON)
    return refusal.code if refusal else None


def test_parent_has_two_children_of_7_and_11_in_day_care(demo: Cards) -> None:
    children = Person.objects.children_of(account(demo["parent"]), TODAY)

    assert [(str(child), child.age_on(TODAY)) for child in children] == [("Hanna Zawada", 11), ("Zofia Zawada", 7)]
    assert [
        sorted(child.enrolments.filter(group__capacity=15, status="enrolled").values_list("group__name", flat=True))
        for child in children
    ] == [["Starszaki"], ["Maluchy", "Taniec – Maluchy"]]


@pytest.mark.parametrize(
    ("child", "group_name", "code"),
    [
        ("Zofia Zawada", "Robotyka – Maluchy", None),
        ("Zofia Zawada", "Robotyka – Starszaki", "too_young"),
        ("Hanna Zawada", "Robotyka – Maluchy", "too_old"),
        ("Hanna Zawada", "Robotyka – Starszaki", "full"),
        ("Hanna Zawada", "Kółko teatralne", "clash"),
        ("Hanna Zawada", "Taekwondo – Starszaki", None),
        ("Franciszek Bielak", "Robotyka – Maluchy", None),
        ("Zofia Zawada", "Maluchy – zamiast robotyki", "already_enrolled"),
        ("Iryna Kovalenko", "Maluchy", "not_entitled"),
    ],
)
def test_children_may_or_may_not_join(demo: Cards, child: str, group_name: str, code: str | None) -> None:
    assert reason(child, group_name) == code


def test_robotics_of_the_youngest_has_two_places_left(demo: Cards) -> None:
    assert group("Robotyka – Maluchy").free_places == 2
    assert group("Robotyka – Starszaki").free_places == 0


def test_older_robotics_is_full_without_a_line_and_older_english_has_one(demo: Cards) -> None:
    robotics, english = group("Robotyka – Starszaki"), group("Język angielski – gr. starsza")
    assert (robotics.places, english.places) == ("full", "waiting")
    line = list(english.enrolments.waiting().with_position())
    assert [entry.place_in_line for entry in line] == [1, 2, 3, 4, 5, 6] == [entry.line_number for entry in line]
    assert sorted(line, key=lambda entry: entry.created_at) == line
    assert str(line[0].child) == "Danylo Kovalenko"
    assert (english.waiting, english.line_numbers) == (6, 6)


def test_first_in_line_is_offered_the_place_that_becomes_free(demo: Cards) -> None:
    english = group("Język angielski – gr. starsza")
    withdraw_child(enrolment_id=english.enrolments.filter(status="enrolled")[0].pk, now=NOON)
    assert str(Offer.objects.get(enrolment__group=english).enrolment.child) == "Danylo Kovalenko"


def test_who_is_too_old_is_offered_the_older_group(demo: Cards) -> None:
    offered = alternatives(child=person("Hanna Zawada"), group=group("Taekwondo – Maluchy"), now=NOON)
    assert [each.name for each in offered] == ["Taekwondo – Starszaki"]


def test_co_parent_sees_both_children(demo: Cards) -> None:
    assert Person.objects.bookable_by(account(demo["co_parent"]), TODAY).filter(given_name="Hanna").exists()
    assert Person.objects.children_of(account(demo["co_parent"]), TODAY).count() == 2


def test_barred_guardian_sees_nothing_of_the_child(demo: Cards) -> None:
    barred = account(demo["barred_guardian"])
    seen = Enrolment.objects.visible_to(barred, TODAY)

    assert [str(child) for child in Person.objects.children_of(barred, TODAY)] == ["Zofia Zawada"]
    assert not seen.filter(child=person("Hanna Zawada")).exists()
    assert not Person.objects.bookable_by(barred, TODAY).filter(given_name__in=["Hanna", "Zofia"]).exists()
    assert Guardianship.objects.filter(contact_ban=True).count() == 1


def test_who_has_no_email_has_no_login(demo: Cards) -> None:
    card = demo["phone_only"]
    grandmother = person(card["name"])

    assert (card["login"], card["password"], card["api_token"]) == (None, None, None)
    assert (grandmother.email, grandmother.reach, bool(grandmother.phone)) == ("", "phone", True)


def test_staff_hold_the_roles_of_their_cards(demo: Cards) -> None:
    expected = {
        "organiser": "organiser", "coordinator": "coordinator", "director": "director", "educator": "educator",
        "psychotherapist": "specialist", "psychiatrist": "specialist", "budget_trainer": "specialist",
        "crisis_interventionist": "specialist", "family_assistant": "family_assistant",
        "robotics_instructor": "instructor", "ngo": "ngo", "auditor": "auditor", "dpo": "dpo",
        "volunteer": "volunteer", "organiser_b": "organiser", "coordinator_b": "coordinator", "ngo_b": "ngo",
    }  # fmt: skip
    held = {
        key: StaffRole.objects.in_force(TODAY)
        .exclude(role="confidant")
        .get(member__person=account(demo[key]).person)
        .role
        for key in expected
    }
    assert held == expected


def test_specialists_find_their_sessions(demo: Cards) -> None:
    for key in ("psychotherapist", "psychiatrist", "budget_trainer", "robotics_instructor", "educator"):
        resource = Resource.objects.get(staff_member__person__account=account(demo[key]))
        assert Session.objects.led_by(resource.pk).filter(starts_at__gt=NOON).exists(), key


def test_family_assistants_have_twelve_and_eleven_families(demo: Cards) -> None:
    loads = caseloads(Centre.objects.get(slug="demo-klobuck"), on=TODAY)

    assert [(str(load.member.person), load.families, load.limit) for load in loads] == [
        ("Danuta Kłos", 12, 15),
        ("Łukasz Miedza", 11, 15),
    ]


def test_next_week_has_one_date_cancelled_and_one_moved(demo: Cards) -> None:
    changed = Session.objects.filter(sequence__gt=0).order_by("starts_at")

    assert [(str(row.planned_date), row.status, row.sequence, bool(row.note)) for row in changed] == [
        ("2026-11-24", "cancelled", 1, True),
        ("2026-11-27", "moved", 1, True),
    ]


def test_father_has_a_consent_to_answer_and_the_mother_has_not(demo: Cards) -> None:
    for key, waits in {"co_parent": True, "parent": False}.items():
        guardian = account(demo[key])
        rows = consent_rows(family_of(guardian, TODAY), reader_id=guardian.person_id, on=TODAY)
        assert any(row.waits_for_reader for row in rows) is waits


def test_elder_sister_goes_home_alone_and_the_barred_grandfather_is_a_stop(demo: Cards) -> None:
    hanna, zofia = pickup_cards([person("Hanna Zawada"), person("Zofia Zawada")], on=TODAY)
    assert hanna.alone is not None
    assert hanna.stops == ["Ryszard Zawada"]
    assert ([rule.name for rule in zofia.others], zofia.stops) == (["Wanda Zawada"], [])


def test_child_of_two_homes_lives_in_each_by_turns(demo):
    igor = Person.objects.get(given_name="Igor", family_name="Pawlik")
    assert sorted(igor.householdmember_set.values_list("weeks", flat=True)) == ["a", "b"]


def test_family_of_the_story_finds_what_waits_for_its_answer(demo: Cards) -> None:
    parent = account(demo["parent"])
    members = family_of(parent, TODAY)
    held = [(each.member.name, each.offer.enrolment.group.name) for each in held_for(members, NOON)]
    asked = [(each.member.name, each.label) for each in questions_for(members, now=NOON)]
    assert held == [("Zofia", "Taekwondo – Maluchy")]
    assert [name for name, _label in asked] == ["Marta", "Hanna"], "an invitation, and a meeting to make up for"
    credit = MakeUpCredit.objects.get(child__given_name="Hanna")
    assert {group.name for group, _session in possible_dates(credit, now=NOON)} == {"Język angielski – gr. młodsza"}


def test_offers_of_the_story_can_be_accepted(demo: Cards) -> None:
    for offer in Offer.objects.open():
        entry = offer.enrolment
        assert refusal_for(child=entry.child, group=entry.group, now=NOON, entry=entry) is None


def test_grandmother_is_to_be_called_and_has_a_consent_to_sign_and_somebody_a_letter_with_an_address(
    demo: Cards,
) -> None:
    grandmother = person(demo["phone_only"]["name"])
    call = Message.objects.get(kind="offered")
    assert (call.recipient_id, call.state, "Kacper" in call.subject) == (grandmother.pk, "at_desk", True)
    missing = missing_consents(child=person("Kacper Sowa"), group=group("Maluchy"), on=TODAY)
    assert [purpose.name for purpose in missing] == ["Wizerunek dziecka"]
    letter = Message.objects.get(kind="enrolled")
    reader = Person.objects.get(pk=letter.recipient_id)
    assert (reader.reach, bool(letter.text), bool(reader.households.get().address)) == ("letter", True, True)


def test_some_children_have_personal_numbers_that_fit_their_birth_dates(demo: Cards) -> None:
    for child in Person.objects.exclude(pesel_sealed=""):
        assert read_pesel(child.open_pesel(), birth_date=child.birth_date)[1] == child.birth_date
    assert Person.objects.exclude(pesel_sealed="").count() == 3
