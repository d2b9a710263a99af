"""Letters of the desk: printed each in the language of the family, then noted as posted or handed over."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import CardReading, DeskCall, Household, Person
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_staff,
)

pytestmark = pytest.mark.django_db
LETTERS, SHEETS = reverse("desk-letters"), reverse("desk-letters-print")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return make_centre(address="Rynek 1, 42-100 Kłobuck")


@pytest.fixture
def desk(centre):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(centre=centre).person.account)
    return client


def told(centre, **facts) -> Person:
    """Somebody reached on paper whose child was given a place."""
    adult, child = make_person(**({"reach": "letter"} | facts)), make_person(age=8)
    make_guardianship(adult, child)
    home = make_household(centre, [adult, child])
    Household.objects.filter(pk=home.pk).update(address="Polna 7", village="Lgota")
    make_enrolment(child, make_group(make_activity(centre, name="Robotyka"), name="Maluchy"))
    deliver_due(clock=lambda: NOW)
    return adult


def message_of(person) -> Message:
    return Message.objects.get(recipient_id=person.pk)


def test_letter_is_printed_with_its_address_in_the_language_of_the_family(desk, centre):
    polish = told(centre)
    ukrainian = told(centre, language="uk")
    page = desk.get(SHEETS).content.decode()
    assert page.count("sheet--letter") == 2
    for words in ("Polna 7", "Lgota", "Rynek 1", str(polish), str(ukrainian), "Dzień dobry", "16 листопада"):
        assert words in page, words
    assert 'lang="uk"' in page
    assert set(CardReading.objects.values_list("subject_id", "page")) == {
        (polish.pk, "print"),
        (ukrainian.pk, "print"),
    }
    one = desk.get(SHEETS, {"person": str(polish.pk)}).content.decode()
    assert (one.count("sheet--letter"), str(ukrainian) in one) == (1, False)


def test_letter_through_the_school_bears_the_school_and_no_address(desk, centre):
    told(centre, reach="school", reach_note="SP 2, klasa 3b")
    page = desk.get(SHEETS).content.decode()
    assert "SP 2, klasa 3b" in page
    assert "Polna 7" not in page


@pytest.mark.parametrize("outcome", ["posted", "handed_over", "passed_on"])
def test_what_went_out_is_noted_once_with_who_and_when(desk, centre, outcome):
    person = told(centre)
    note = {"messages": str(message_of(person).pk), "outcome": outcome, "note": "polecony"}
    assert str(person) in desk.get(LETTERS).content.decode()

    for _time in range(2):
        assert desk.post(LETTERS, note).status_code == 302

    call = DeskCall.objects.get()
    assert (call.outcome, call.note, call.called_at) == (outcome, "polecony", NOW)
    assert message_of(person).state == "sent"
    page = desk.get(LETTERS).content.decode()
    assert "No letter waits" in page
    assert "polecony" in page
    assert desk.get(SHEETS).content.decode().count("sheet--letter") == 0


def test_all_that_go_by_post_are_noted_at_once(desk, centre):
    people = [told(centre) for _number in range(2)]
    assert "All 2 letters sent by post" in desk.get(LETTERS).content.decode()
    ids = ",".join(str(message_of(person).pk) for person in people)
    desk.post(LETTERS, {"messages": ids, "outcome": "posted"})
    assert Message.objects.filter(state="sent").count() == 2


def test_who_is_called_has_no_letter(desk, centre):
    person = told(centre, reach="phone", phone="+48601234567")
    assert str(person) not in desk.get(LETTERS).content.decode()
    assert "letter to print" not in desk.get(reverse("desk")).content.decode()


def test_desk_shows_how_many_letters_wait(desk, centre):
    told(centre)
    assert "1 letter to print" in desk.get(reverse("desk")).content.decode()


@pytest.mark.parametrize("wrong", [{}, {"messages": "x", "outcome": "posted"}, {"outcome": "told"}, {"messages": ""}])
def test_wrong_form_is_answered_and_changes_nothing(desk, centre, wrong):
    told(centre)
    assert desk.post(LETTERS, wrong).status_code == 422
    assert not DeskCall.objects.exists()


def test_letters_of_other_centres_do_not_exist(desk, centre):
    person = told(make_centre())
    assert str(person) not in desk.get(LETTERS).content.decode()
    assert "sheet--letter" not in desk.get(SHEETS, {"person": str(person.pk)}).content.decode()
    desk.post(LETTERS, {"messages": str(message_of(person).pk), "outcome": "posted"})
    assert (message_of(person).state, DeskCall.objects.count()) == ("at_desk", 0)


def test_letters_do_not_exist_for_families_and_instructors(centre):
    for account in (make_staff("instructor", centre=centre).person.account,):
        client = Client()
        client.force_login(account)
        assert [client.get(page).status_code for page in (LETTERS, SHEETS)] == [404, 404]


def test_letter_on_paper_names_no_link_and_no_attached_file(desk, centre):
    text = message_of(told(centre, language="en")).text
    assert "please call us" in text
    assert [words for words in ("http", "attached") if words in text] == []
