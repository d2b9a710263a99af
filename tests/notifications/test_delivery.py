from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.db import connection
from django.utils import translation

from notifications.delivery import LEASE, MOST_ATTEMPTS, PAUSES, claim_next, deliver_due
from notifications.kinds import COMPOSERS, Text
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from scheduler.ical import render

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
State = Message.State


def queue(*, kind: str = "note", address: str = "anna@example.org", channel: str = "email", **facts) -> Message:
    cause = f"test:{uuid.uuid4()}"
    recipient = Recipient(uuid.uuid4(), "Anna Zmyślona", channel, address, "pl")
    enqueue(recipients=[recipient], kind=kind, facts={"n": 1, **facts}, cause=cause, now=NOW)
    return Message.objects.get(dedupe_key=f"{cause}:{recipient.id}")


def deliver(now: datetime = NOW) -> int:
    return deliver_due(clock=lambda: now)


def test_letter_arrives_as_plain_text_with_its_calendar_entry(post, settings):
    settings.PUBLIC_URL = "https://grafik.example.org"
    calendar = render([], name="Grafik", zone=ZoneInfo("Europe/Warsaw")).decode()
    message = queue(calendar=calendar)
    assert deliver() == 1

    letter = post.letters[0]
    body, attached = letter.get_body(), next(letter.iter_attachments())
    assert (letter["Subject"], letter["To"], letter["Auto-Submitted"]) == (
        "Zażółć 1",
        "anna@example.org",
        "auto-generated",
    )
    assert letter["Message-ID"].endswith("@grafik.example.org>")
    assert body.get_content_type() == "text/plain"
    assert body.get_content().replace("\r\n", "\n") == "Gęślą jaźń,\n– do środy.\n"
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "grafik.ics")
    assert "method" not in attached["Content-Type"].params
    icalendar.Calendar.from_ical(attached.get_content())
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.lease_until) == (State.SENT, NOW, None)
    assert (message.subject, message.calendar) == ("Zażółć 1", calendar)


def test_message_is_sent_once(post):
    queue()

    assert [deliver(), deliver(NOW + timedelta(days=3))] == [1, 0]
    assert len(post.letters) == 1


def test_cause_told_before_is_not_told_again(post):
    recipient = Recipient(uuid.uuid4(), "Anna", "email", "anna@example.org", "pl")
    for _ in range(2):
        enqueue(recipients=[recipient], kind="note", facts={"n": 1}, cause="test:once", now=NOW)
    deliver()

    assert len(post.letters) == 1


def test_composer_speaks_the_recipients_language(post, monkeypatch):
    def speak(message: Message, now: datetime) -> Text:
        return Text(str(translation.get_language()), "-")

    monkeypatch.setitem(COMPOSERS, "note", speak)
    message = queue()
    Message.objects.filter(pk=message.pk).update(language="uk")
    with translation.override("en"):
        deliver()

    assert post.letters[0]["Subject"] == post.letters[0]["Content-Language"] == "uk"


def test_claimed_message_is_left_alone_until_the_lease_runs_out(post):
    message = queue()
    claimed = claim_next(now=NOW)  # the worker that took it dies here
    assert claimed is not None

    assert deliver(NOW + LEASE - timedelta(seconds=1)) == 0
    assert deliver(NOW + LEASE) == 1
    message.refresh_from_db()
    assert (message.state, message.attempts, len(post.letters)) == (State.SENT, 2, 1)


def test_letter_sent_again_after_a_death_has_the_same_message_id(post):
    message = queue()
    deliver()
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, lease_until=NOW)  # died before it could note it
    deliver(NOW + LEASE)

    assert [letter["Message-ID"] for letter in post.letters] == [post.letters[0]["Message-ID"]] * 2


def test_worker_that_lost_its_lease_changes_nothing_any_more(post, monkeypatch):
    message = queue()

    def overslept(told: Message, now: datetime) -> Text:
        Message.objects.filter(pk=told.pk).update(attempts=2, lease_until=NOW + 2 * LEASE)  # another worker took it
        return Text("late", "-")

    monkeypatch.setitem(COMPOSERS, "note", overslept)
    deliver()
    message.refresh_from_db()

    assert (message.state, message.attempts, message.subject) == (State.SENDING, 2, "")


def test_failure_is_tried_again_after_growing_pauses_and_then_given_up(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = queue()
    now, moments = NOW, []
    for _ in range(MOST_ATTEMPTS):
        assert deliver(now) == 1
        message.refresh_from_db()
        moments.append(message.state)
        if message.state == State.QUEUED:
            assert deliver(message.next_attempt_at - timedelta(seconds=1)) == 0
            now = message.next_attempt_at

    assert moments == [State.QUEUED] * len(PAUSES) + [State.FAILED]
    assert now - NOW == sum(PAUSES, timedelta())
    assert "refused" in message.error
    assert deliver(now + timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 no such mailbox", State.FAILED),
        ("450 4.2.1 mailbox busy", State.QUEUED),
    ],
)
def test_refused_recipient_is_final_only_if_the_server_says_so(post, answer, state):
    post.answers["gone@example.org"] = answer
    gone, other = queue(address="gone@example.org"), queue()
    deliver()
    gone.refresh_from_db()
    other.refresh_from_db()

    assert (gone.state, gone.error, other.state) == (state, answer, State.SENT)


@pytest.mark.parametrize("address", ["", "two\nlines@example.org"])
def test_impossible_address_stops_nobody_else(post, address):
    bad, good = queue(address=address), queue()
    deliver()
    good.refresh_from_db()
    bad.refresh_from_db()

    assert good.state == State.SENT
    assert bad.state == State.FAILED
    assert bad.error


def test_subject_that_vanished_suppresses_the_message_with_its_reason(post):
    message = queue(kind="vanished")
    deliver()
    message.refresh_from_db()

    assert (message.state, message.error, post.letters) == (State.SUPPRESSED, "what it was about is gone", [])


@pytest.mark.parametrize("kind", ["broken", "unheard_of"])
def test_composer_that_fails_is_tried_again_and_its_error_kept_short(post, kind):
    message, other = queue(kind=kind), queue()
    deliver()
    message.refresh_from_db()
    other.refresh_from_db()

    assert (message.state, other.state) == (State.QUEUED, State.SENT)
    assert 0 < len(message.error) <= 300


def test_desk_message_is_composed_and_stays_for_the_desk(post):
    message = queue(channel="desk", address="")
    deliver()

    assert [each.pk for each in Message.objects.for_the_desk()] == [message.pk]
    message.refresh_from_db()
    assert (message.subject, message.sent_at, post.letters) == ("Zażółć 1", None, [])
    assert deliver(NOW + timedelta(days=30)) == 0


def test_message_whose_workers_all_died_is_given_up(post):
    message = queue()
    Message.objects.filter(pk=message.pk).update(attempts=MOST_ATTEMPTS, state=State.SENDING, lease_until=NOW)
    deliver()
    message.refresh_from_db()

    assert (message.state, post.letters) == (State.FAILED, [])
    assert "died" in message.error


def test_log_tells_kind_and_id_and_no_person(post, caplog):
    caplog.set_level("INFO")
    message = queue()
    deliver()

    lines = [record.getMessage() for record in caplog.records if record.name == "notifications.delivery"]
    assert lines == [f"sent note {message.pk}"]


def test_no_transaction_is_open_while_composing(monkeypatch, post):
    seen = []

    def look(message: Message, now: datetime) -> Text:
        seen.append(connection.in_atomic_block)
        return Text("x", "y")

    monkeypatch.setitem(COMPOSERS, "note", look)
    queue()
    deliver()

    assert seen == [False]
