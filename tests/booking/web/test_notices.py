"""The list of what one was told: complete, only one's own, and silent about whom one may no longer see."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from booking.models import Account
from notifications.models import Message
from tests.factories import NOW, TODAY, Family, make_account, make_enrolment, make_family, make_weekly_group

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
