"""The list of what one was told: complete, only one's own, and silent about whom one may no longer see."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Account, Guardianship
from notifications.models import Message
from tests.factories import (
    NOW,
    TODAY,
    Family,
    make_account,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_weekly_group,
)
from tests.factories_care import make_guest_place, make_visit
from tests.factories_safety import make_decision, make_referral

pytestmark = pytest.mark.django_db
PAGE = "/family/notices/"
State, Channel = Message.State, Message.Channel


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def read(account: Account, query: str = "") -> str:
    answer = logged_in(account).get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def make_message(account: Account, **facts) -> Message:
    own = {
        "dedupe_key": str(uuid.uuid4()),
        "recipient_id": account.person_id,
        "channel": Channel.EMAIL,
        "address": account.email,
        "language": "pl",
        "kind": "session_cancelled",
        "subject": "Robotyka odwołana",
        "text": "Zajęcia w środę się nie odbędą.",
        "state": State.SENT,
        "next_attempt_at": NOW,
        "created_at": NOW,
        "sent_at": NOW,
    }
    return Message.objects.create(**(own | facts))


def enrolled_family() -> Family:
    family = make_family()
    make_enrolment(family.child, make_weekly_group())
    return family


def test_message_tells_what_when_by_which_way_and_that_it_was_sent():
    account = make_account()
    make_message(account)
    text = read(account)
    for told in (
        "Robotyka odwołana",
        "Zajęcia w środę się nie odbędą.",
        "poniedziałek 16 listopada",
        "09:00",
        f"wysłano e-mailem na adres {account.email}",
    ):
        assert told in text


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"state": State.QUEUED, "subject": "", "text": ""}, "w drodze, e-mailem"),
        ({"state": State.SENDING}, "w drodze, e-mailem"),
        ({"state": State.FAILED}, "nie udało się dostarczyć"),
        ({"state": State.SUPPRESSED}, "nie wysłano"),
        ({"channel": Channel.DESK, "state": State.AT_DESK}, "przekaże recepcja"),
        ({"channel": Channel.DESK, "state": State.SENT}, "przekazała recepcja"),
    ],
)
def test_message_tells_honestly_how_far_it_has_come(facts, told):
    account = make_account()
    make_message(account, **facts)
    assert told in read(account)


def test_message_not_composed_yet_is_named_by_its_kind():
    family = enrolled_family()
    assert "Potwierdzenie zapisu" in read(family.account)


def test_nobody_reads_what_another_was_told():
    make_message(make_account(), subject="Cudza")
    family = enrolled_family()
    text = read(make_account())
    assert "Cudza" not in text
    assert "Nie ma jeszcze wiadomości" in text
    assert family.child.given_name not in read(make_family().account)


@pytest.mark.parametrize("rights", [{"contact_ban": True}, {"can_view": False}, {"ends_on": TODAY - timedelta(days=1)}])
def test_guardian_who_lost_the_right_to_see_a_child_reads_nothing_about_her(rights):
    family = enrolled_family()
    Message.objects.update(subject="Dziecko1 ma miejsce", text="Dziecko1: środa 16:00", state=State.SENT)
    make_message(
        family.account, subject="Dziecko1: odwołane", text="środa 16:00", facts={"children": [str(family.child.pk)]}
    )
    assert "środa 16:00" in read(family.account)
    family.child.guardians.update(**rights)
    text = read(family.account)
    for hidden in ("Dziecko1", "środa 16:00"):
        assert hidden not in text
    assert text.count("Ta wiadomość dotyczy osoby") == 2


def test_text_of_a_message_is_escaped():
    account = make_account()
    make_message(account, text="<script>alert(1)</script>", subject="<b>Uwaga</b>")
    text = read(account)
    assert "<script>alert" not in text
    assert "<b>Uwaga" not in text


def test_many_messages_stand_on_pages_newest_first_at_the_same_price(
    django_assert_num_queries, django_assert_max_num_queries
):
    family = enrolled_family()
    client = logged_in(family.account)
    enrolment = Message.objects.get().facts
    make_message(family.account, subject="Wiadomość 0", facts=enrolment)
    with django_assert_max_num_queries(10) as asked:
        client.get(PAGE)
    few = len(asked)
    for number in range(1, 50):
        moment = NOW + timedelta(minutes=number)
        make_message(family.account, subject=f"Wiadomość {number}", created_at=moment, facts=enrolment)
    with django_assert_num_queries(few):
        text = client.get(PAGE).content.decode()
    assert text.index("Wiadomość 49") < text.index("Wiadomość 48")
    assert text.count("<article") == 20
    assert "Wiadomość 0" in read(family.account, "?page=3")


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999999", "1e9"])
def test_impossible_page_shows_another_one(page):
    account = make_account()
    make_message(account)
    assert "Robotyka odwołana" in read(account, f"?page={page}")


def test_anonymous_reader_is_sent_to_log_in_and_an_account_of_nobody_has_none():
    assert Client().get(PAGE)["Location"] == f"/login/?next={PAGE}"
    nobody = make_account()
    nobody.person = None
    nobody.save()
    assert "Nie ma jeszcze wiadomości" in read(nobody)


# -- visits -----------------------------------------------------------------------------------------------------------


def told_of_a_visit(family: Family, account: Account, **facts) -> None:
    visit = make_visit(family.child)
    people = {"people": [str(family.child.pk)], "visit": str(visit.pk), "sequence": 0}
    words = {"kind": "visit_booked", "subject": "Zarezerwowano: Prawnik", "text": "Wizyta w środę."}
    make_message(account, facts=people | facts, **words)


def test_message_about_a_visit_is_silent_once_a_decision_hides_it():
    family = make_family()
    father = make_co_guardian(family)
    for account in (family.account, father):
        told_of_a_visit(family, account)
    assert "Prawnik" in read(father)
    make_decision(family.child, guardian=father.person)
    assert "Prawnik" not in read(father)
    assert "Wizyta w środę" not in read(father)
    [row] = logged_in(father).get("/api/v1/notices/").json()["results"]
    assert (row["subject"], row["text"]) == ("", "")
    assert "Prawnik" in read(family.account)


@pytest.mark.parametrize("state", ["queued", "suppressed"])
def test_message_that_was_hidden_before_it_was_sent_is_not_there(state):
    family = make_family()
    father = make_co_guardian(family)
    for account in (family.account, father):
        told_of_a_visit(family, account)
    Message.objects.update(state=state, subject="", text="", sent_at=None)
    make_decision(family.child, guardian=father.person)
    assert logged_in(father).get("/api/v1/notices/").json()["results"] == []
    assert logged_in(father).get("/family/notices/").context["notices"] == []
    assert len(logged_in(family.account).get("/family/notices/").context["notices"]) == 1


@pytest.mark.parametrize("facts", ["people", "guest", "referral", "changes", "visits"])
def test_whatever_names_a_child_is_silent_after_a_contact_ban(facts):
    family = make_family()
    father = make_co_guardian(family)
    child = str(family.child.pk)
    about = {
        "people": lambda: {"people": [child], "series": {}},
        "guest": lambda: {"guest_place": str(make_guest_place(family.child, make_weekly_group()).pk)},
        "referral": lambda: {"referral": str(make_referral(family.child).pk)},
        "changes": lambda: {"changes": [{"session": "x", "children": [child]}]},
        "visits": lambda: {"visits": [str(make_visit(family.child).pk)]},
    }
    make_message(father, facts=about[facts]())
    assert "Robotyka" in read(father)
    Guardianship.objects.filter(guardian=father.person).update(contact_ban=True)
    assert "Robotyka" not in read(father)


def test_invitation_by_a_referral_is_silent_once_its_service_is_hidden():
    family = make_family()
    father = make_co_guardian(family)
    referral = make_referral(family.child)
    make_message(father, facts={"referral": str(referral.pk)})
    assert "Robotyka" in read(father)
    make_decision(family.child, guardian=father.person, service=referral.service)
    assert "Robotyka" not in read(father)


def test_specialist_goes_on_reading_what_she_was_told_at_work():
    family = make_family()
    visit = make_visit(family.child)
    specialist = visit.specialist.staff_member.person.account
    make_message(specialist, facts={"visit": str(visit.pk), "side": "specialist"})
    assert "Robotyka" in read(specialist)


def test_long_list_asks_as_few_questions_as_a_short_one(django_assert_max_num_queries):
    family = make_family()
    client = logged_in(family.account)
    for count in (3, 17):
        for _number in range(count):
            told_of_a_visit(family, family.account)
            make_message(family.account, facts={"referral": str(make_referral(family.child).pk)})
        with django_assert_max_num_queries(20):
            client.get(PAGE)


# -- a safe way -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "address"), [("email", "safe@example.org"), ("sms", "+48603456789")])
def test_safe_address_is_not_shown_to_whoever_looks_at_the_page(channel, address):
    account = make_account()
    make_message(account, channel=channel, address=address)
    text = read(account)
    assert address not in text
    assert "przekazano" in text


def test_sms_that_was_left_out_is_not_listed():
    account = make_account()
    make_message(account, channel="sms", state=State.SUPPRESSED, address="")
    assert "Robotyka" not in read(account)
