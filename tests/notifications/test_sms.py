"""The SMS channel against a carrier of SMSAPI's protocol: handing over, failing, receipts, falling to the desk."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from notifications.channels import smsapi
from notifications.delivery import MOST_ATTEMPTS_BY_SMS, deliver_due
from notifications.kinds import BY_SMS, BySms
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from notifications.receipts import ask_desk, note_receipt

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
NUMBER = "+48601234567"
State, Channel, Desk, Receipt = Message.State, Message.Channel, Message.Desk, Message.Receipt


def queue(*, channel: str = "desk", sms: str = NUMBER, **facts) -> Message:
    """Queue a message to somebody who allows SMS; with the desk as her usual way an SMS stands in for it."""
    recipient = Recipient(uuid.uuid4(), "Anna Zmyślona", channel, "anna@example.org", "pl", sms)
    enqueue(recipients=[recipient], kind="note", facts={"n": 1, **facts}, cause=f"test:{uuid.uuid4()}", now=NOW)
    return Message.objects.filter(recipient_id=recipient.id).order_by("-channel")[0]


def deliver(now: datetime = NOW, most: int = 100) -> int:
    return deliver_due(clock=lambda: now, most=most)


def after(message: Message) -> Message:
    message.refresh_from_db()
    return message


# -- which ways -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worth", "channel", "sms", "ways"),
    [
        (BySms.BESIDE, "desk", NUMBER, [("sms", "if_lost")]),
        (BySms.INSTEAD, "desk", NUMBER, [("sms", "if_lost")]),
        (BySms.NEVER, "desk", NUMBER, [("desk", "no")]),
        (BySms.BESIDE, "email", NUMBER, [("email", "no"), ("sms", "no")]),
        (BySms.INSTEAD, "email", NUMBER, [("email", "no")]),
        (BySms.BESIDE, "email", "", [("email", "no")]),
        (BySms.BESIDE, "desk", "", [("desk", "no")]),
    ],
)
def test_sms_stands_in_for_the_desk_or_beside_a_letter(monkeypatch, worth, channel, sms, ways):
    monkeypatch.setitem(BY_SMS, "note", worth)
    recipient = Recipient(uuid.uuid4(), "Anna", channel, "a", "pl", sms)
    for _time in range(2):
        enqueue(recipients=[recipient], kind="note", facts={"n": 1}, cause="test:ways", now=NOW)
    assert list(Message.objects.order_by("channel").values_list("channel", "desk")) == ways


# -- handing over -----------------------------------------------------------------------------------------------------


def test_sms_is_handed_over_once_with_its_sender_and_a_key(carrier, settings):
    settings.PUBLIC_URL = "https://grafik.example.org"
    message = queue(calendar="BEGIN:VCALENDAR")
    assert [deliver(), deliver(NOW + timedelta(days=1))] == [1, 0]

    ((key, facts),) = carrier.taken.items()
    assert (facts["path"], facts["to"], facts["from"], facts["message"], facts["encoding"], facts["format"]) == (
        "/sms.do",
        NUMBER,
        "CUS",
        "Wizyta 25.11, 16:00.",
        "utf-8",
        "json",
    )
    assert facts["notify_url"] == f"https://grafik.example.org/sms/receipts/{smsapi.SIGNER.sign(str(message.pk))}/"
    assert len(key) == 40
    assert (after(message).state, message.sent_at, message.text, message.calendar, message.subject) == (
        State.SENT,
        NOW,
        "Wizyta 25.11, 16:00.",
        "",
        "Zażółć 1",
    )


def test_without_an_address_of_its_own_no_receipt_is_asked_for(carrier, settings):
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    queue()
    deliver()
    assert "notify_url" not in carrier.asked[0]


def test_answer_that_comes_too_late_leads_to_no_second_sms(carrier, monkeypatch):
    monkeypatch.setattr(smsapi, "TIMEOUT_SECONDS", 0.2)
    carrier.late_seconds = 0.6
    message = queue()
    deliver()
    assert (after(message).state, message.desk) == (State.QUEUED, Desk.IF_LOST)
    assert "did not answer" in message.error

    carrier.late_seconds = 0
    deliver(NOW + timedelta(minutes=1))
    assert after(message).state == State.SENT
    assert [len(carrier.asked), len(carrier.taken)] == [2, 1]


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>maintenance</html>"),
        (200, b"[]"),
        (200, b"null"),
        (200, b'{"list": [], "count": 0}'),
        (200, b'{"list": ["x"], "count": 1}'),
        (200, b'{"list": [{"number": "1"}], "count": 1}'),
        (200, b'{"list": [{"id": "1", "error": 200}], "count": 1}'),
        (200, b'{"error": 103, "message": "Insufficient credits"}'),
        (200, b'{"error": 201, "message": "System internal error"}'),
        (401, b'{"error": "authorization_failed", "message": "Authorization failed"}'),
        (429, b"slowly"),
        (500, b"oops"),
        (503, b""),
    ],
)
def test_what_may_be_mended_is_tried_again_and_then_told_by_the_desk(carrier, answer):
    message = queue()
    now, states = NOW, []
    for _attempt in range(MOST_ATTEMPTS_BY_SMS):
        carrier.answers = [answer]
        assert deliver(now, most=1) == 1
        states.append((after(message).state, message.channel))
        now = message.next_attempt_at
    assert states == [(State.QUEUED, Channel.SMS)] * (MOST_ATTEMPTS_BY_SMS - 1) + [(State.QUEUED, Channel.DESK)]
    assert now - NOW <= timedelta(minutes=30)
    assert message.error

    deliver(now)
    assert (after(message).state, message.desk, message.text, carrier.taken) == (
        State.AT_DESK,
        Desk.ASKED,
        "Gęślą jaźń,\n– do środy.\n",
        {},
    )


def test_letters_do_not_wait_for_a_carrier_that_does_not_answer(carrier, post, monkeypatch):
    monkeypatch.setattr(smsapi, "TIMEOUT_SECONDS", 0.2)
    carrier.late_seconds = 0.5
    for _number in range(3):
        queue()
        queue(channel="email", sms="")
    deliver()
    assert len(post.letters) == 3
    assert len(carrier.asked) == 1  # the others are left for the next round
    carrier.late_seconds = 0
    deliver(NOW + timedelta(minutes=1))
    assert len(carrier.taken) == 3


@pytest.mark.parametrize("code", [13, 57, 59, 112])
def test_refused_number_is_told_by_the_desk_at_once(carrier, code):
    carrier.refused[NUMBER] = code
    message = queue()
    assert deliver() == 2
    assert (after(message).state, message.desk, message.channel) == (State.AT_DESK, Desk.ASKED, Channel.DESK)
    assert len(carrier.asked) == 1


def test_empty_account_is_written_to_the_log_and_no_person(carrier, caplog):
    carrier.answers = [(200, b'{"error": 103, "message": "Insufficient credits"}')]
    queue()
    deliver()
    logged = " ".join(record.getMessage() for record in caplog.records if record.levelname == "ERROR")
    assert "103" in logged
    assert NUMBER not in caplog.text


def test_refused_sms_beside_a_letter_has_failed_and_the_letter_stays_sent(carrier, post):
    carrier.refused[NUMBER] = 13
    message = queue(channel="email")
    deliver()
    assert dict(Message.objects.values_list("channel", "state")) == {"email": State.SENT, "sms": State.FAILED}
    assert "13" in after(message).error
    assert len(post.letters) == 1


@pytest.mark.parametrize(("facts", "switched_on"), [({"short": ""}, True), ({}, False)])
def test_what_no_sms_can_tell_is_told_by_the_desk_or_by_the_letter_alone(carrier, post, settings, facts, switched_on):
    alone, beside = queue(**facts), queue(channel="email", **facts)
    if not switched_on:
        settings.SMS_CARRIER = ""  # turned off while messages wait
    deliver()
    assert (after(alone).state, alone.text) == (State.AT_DESK, "Gęślą jaźń,\n– do środy.\n")
    assert (after(beside).state, len(post.letters), carrier.asked) == (State.SUPPRESSED, 1, [])


def test_sms_of_dead_workers_goes_to_the_desk(carrier):
    message = queue()
    Message.objects.update(attempts=20, state=State.SENDING, lease_until=NOW)
    deliver()
    assert after(message).state == State.AT_DESK


# -- receipts ---------------------------------------------------------------------------------------------------------


def receipt_url(message: Message) -> str:
    return reverse("sms-receipt", args=[smsapi.SIGNER.sign(str(message.pk))])


@pytest.mark.parametrize("method", ["get", "post"])
def test_receipt_of_delivery_is_kept(client, carrier, method):
    message = queue()
    deliver()
    facts = {"MsgId": "id-1", "status": "404", "status_name": "DELIVERED", "idx": "x", "to": NUMBER}
    answer = getattr(client, method)(receipt_url(message), facts)
    assert (answer.status_code, answer.content) == (200, b"OK")
    assert (after(message).receipt, message.state, message.receipt_at is not None) == ("delivered", State.SENT, True)


@pytest.mark.parametrize("status", ["402", "405", "406", "407", "403,405"])
def test_sms_that_does_not_arrive_is_told_by_the_desk(client, carrier, status):
    message = queue()
    deliver()
    for _time in range(2):
        client.get(receipt_url(message), {"status": status})
    deliver(timezone.now())
    assert (after(message).state, message.desk, message.receipt) == (State.AT_DESK, Desk.ASKED, Receipt.UNDELIVERED)
    assert len(carrier.asked) == 1


def test_sms_beside_a_letter_that_does_not_arrive_bothers_nobody(client, carrier, post):
    message = queue(channel="email")
    deliver()
    client.get(receipt_url(message), {"status": "405"})
    assert (after(message).state, message.channel, message.receipt) == (State.SENT, Channel.SMS, Receipt.UNDELIVERED)


@pytest.mark.parametrize("status", ["401", "403", "408", "409", "410", "", "abc"])
def test_receipt_that_says_nothing_yet_changes_nothing(client, carrier, status):
    message = queue()
    deliver()
    assert client.get(receipt_url(message), {"status": status}).status_code == 200
    assert (after(message).state, message.receipt) == (State.SENT, Receipt.NONE)


def test_receipt_that_comes_before_the_answer_is_not_lost(carrier):
    message = queue()
    Message.objects.filter(pk=message.pk).update(receipt=Receipt.UNDELIVERED)  # as if noted while it was being sent
    deliver()
    assert after(message).state == State.AT_DESK


def test_sms_that_arrives_after_all_leaves_the_list_of_calls(carrier):
    message = queue()
    deliver()
    ask_desk(Message.objects.all(), now=NOW)  # nobody knew whether it had arrived
    deliver()
    assert after(message).state == State.AT_DESK
    assert note_receipt(message_id=message.pk, receipt=Receipt.DELIVERED, now=NOW)
    assert (after(message).state, message.channel) == (State.SENT, Channel.SMS)
    note_receipt(message_id=message.pk, receipt=Receipt.UNDELIVERED, now=NOW)
    assert after(message).receipt == Receipt.DELIVERED


def test_address_that_nobody_made_is_not_found(client):
    message = queue()
    forged = reverse("sms-receipt", args=[f"{message.pk}.forged"])
    assert client.get(forged, {"status": "404"}).status_code == 404
    unknown = reverse("sms-receipt", args=[smsapi.SIGNER.sign(str(uuid.uuid4()))])
    assert client.get(unknown, {"status": "404"}).content == b"OK"  # it would be asked again for ever
    assert after(message).receipt == Receipt.NONE
