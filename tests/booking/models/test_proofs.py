"""What proves something is written once: the database refuses to change it, whoever asks."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from booking.domain.sms_consents import answer_sms
from booking.models import CardReading, ConsentText, DeskCall, Enrolment, LineEvent, Merge, SessionChange
from notifications.models import Message
from notifications.outbox import Recipient, enqueue
from scheduler.models import Session
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_centre,
    make_consent_text,
    make_enrolment,
    make_group,
    make_person,
    make_weekly_group,
)
from tests.factories_care import make_consent

pytestmark = pytest.mark.django_db
GUARDED = {
    "booking_cardreading",
    "booking_consent",
    "booking_consenttext",
    "booking_deskcall",
    "booking_enrolment",
    "booking_lineevent",
    "booking_merge",
    "booking_sessionchange",
    "booking_smsconsent",
}


def a_merge():
    facts = {"centre": make_centre(), "by": make_account(), "merged_at": NOW}
    return Merge.objects.create(kind="person", kept_id=uuid.uuid4(), given_up_id=uuid.uuid4(), **facts)


def a_reading():
    facts = {"reader": make_account(), "centre": make_centre(), "page": "card", "read_at": NOW}
    return CardReading.objects.create(subject_id=uuid.uuid4(), **facts)


def a_step():
    entry = make_enrolment(make_person(age=8), make_group())
    return LineEvent.objects.create(enrolment=entry, kind="added", reason="chore rodzeństwo", by=make_account(), at=NOW)


def a_change():
    make_weekly_group()
    facts = {"by": make_account(), "at": NOW, "was": {"status": "scheduled"}}
    return SessionChange.objects.create(session=Session.objects.all()[0], kind="cancelled", **facts)


def a_call():
    reader = Recipient(uuid.uuid4(), "Anna", "desk", "+48601234567", "pl")
    enqueue(recipients=[reader], kind="x", facts={}, cause="c", now=NOW)
    return DeskCall.objects.create(message=Message.objects.get(), outcome="told", by=make_account(), called_at=NOW)


def an_answer_about_sms():
    person = make_person()
    answer_sms(person=person, phone="601 234 567", by=make_account(person), now=NOW)
    return person.sms_consents.get()


def a_consent():
    return make_consent(make_person(age=7), make_consent_text(make_group()), make_person(), recorded_by=make_account())


def a_withdrawn_consent():
    row = a_consent()
    type(row).objects.update(withdrawn_at=NOW)
    return row


def an_agreed_text():
    return a_consent().text


def a_place_in_line():
    group = make_group(capacity=1, waitlist=True)
    make_enrolment(make_person(age=8), group)
    return make_enrolment(make_person(age=8), group)


@pytest.mark.parametrize(
    ("make", "changed"),
    [
        (a_merge, {"moved": {"enrolment": 9}}),
        (a_reading, {"page": "print"}),
        (a_step, {"reason": "inny powód"}),
        (a_step, {"at": NOW - timedelta(days=1)}),
        (a_change, {"was": {}}),
        (a_change, {"kind": "restored"}),
        (a_call, {"outcome": "no_answer"}),
        (an_answer_about_sms, {"phone": ""}),
        (an_answer_about_sms, {"at": NOW - timedelta(days=1)}),
        (a_consent, {"text_digest": "0" * 64}),
        (a_consent, {"given_on": TODAY - timedelta(days=1)}),
        (a_consent, {"recorded_at": NOW - timedelta(days=1)}),
        (a_withdrawn_consent, {"withdrawn_at": None}),
        (an_agreed_text, {"body_pl": "Coś innego."}),
        (an_agreed_text, {"body_uk": "Інше."}),
        (a_place_in_line, {"line_number": 7}),
        (a_place_in_line, {"line_number": None, "status": "withdrawn"}),
    ],
)
def test_proof_is_never_changed(make, changed):
    row = make()
    before = type(row).objects.filter(pk=row.pk).values().get()
    with pytest.raises(DatabaseError, match="log_is_only_added_to"), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**changed)
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize(("make", "column"), [(a_step, "by"), (a_change, "by"), (a_consent, "recorded_by")])
def test_who_wrote_it_is_forgotten_with_her_account_and_never_somebody_else(make, column):
    row = make()
    rows = type(row).objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="log_is_only_added_to"), transaction.atomic():
        rows.update(**{column: make_account()})
    getattr(row, column).delete()
    assert rows.values_list(column, flat=True).get() is None


def test_consent_is_withdrawn_once_and_led_to_the_record_that_is_kept():
    row, other = a_consent(), make_person()
    rows = type(row).objects.filter(pk=row.pk)
    rows.update(withdrawn_at=NOW, withdrawn_by=make_account())
    rows.update(child=other)
    assert rows.filter(child=other, withdrawn_at=NOW).exists()


def test_words_nobody_agreed_to_yet_can_be_mended():
    text = make_consent_text(make_group())
    ConsentText.objects.filter(pk=text.pk).update(body_pl="Poprawione.")
    assert ConsentText.objects.filter(pk=text.pk, body_pl="Poprawione.").exists()


def test_place_in_line_goes_on_living_with_its_number():
    entry = a_place_in_line()
    Enrolment.objects.filter(pk=entry.pk).update(status="withdrawn", line_number=entry.line_number, note="x")
    assert Enrolment.objects.get(pk=entry.pk).status == "withdrawn"


def test_every_guard_is_there_after_all_migrations():
    """A table that SQLite's migrations rebuild loses its triggers: they have to be made anew."""
    question = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%only_added_to'"
        if connection.vendor == "sqlite"
        else "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%only_added_to'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert {name for (name,) in cursor.fetchall()} >= GUARDED
