"""Two records of one person about SMS: the last answer holds, and one SMS goes out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.merging import merge_people
from booking.domain.recipients import recipient
from booking.domain.sms_consents import answer_sms
from booking.models import Person
from notifications.models import Message
from notifications.outbox import enqueue
from tests.factories import NOW, make_account, make_centre, make_person, make_staff

pytestmark = pytest.mark.django_db
LATER, MUCH_LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)


def merge(keep, give_up, centre):
    by = make_staff(centre=centre).person.account
    return merge_people(keep_id=keep.pk, give_up_id=give_up.pk, centre=centre, by=by, now=MUCH_LATER)


@pytest.mark.parametrize(
    ("kept_says", "given_up_says", "holds"),
    [
        ("", "601 234 567", "+48601234567"),  # asked in one record only
        ("601 234 567", "", "+48601234567"),
        ("601 234 567", "602 345 678", "+48602345678"),  # said later
        ("601 234 567", "no", ""),
    ],
)
def test_last_answer_about_sms_holds_after_merging(kept_says, given_up_says, holds):
    centre, keep, give_up = make_centre(), make_person(), make_person()
    for person, said, at in ((keep, kept_says, NOW), (give_up, given_up_says, LATER)):
        if said:
            answer_sms(person=person, phone="603 456 789", by=make_account(), now=at - timedelta(days=1))
            answer_sms(person=person, phone="" if said == "no" else said, by=make_account(), now=at)
    keep.refresh_from_db()
    merge(keep, give_up, centre)
    keep.refresh_from_db()
    assert keep.sms_phone == holds
    assert keep.sms_consents.first().phone == holds


def test_sms_that_both_records_would_get_is_sent_once(settings):
    settings.SMS_CARRIER = "notifications.channels.files.SmsFiles"
    centre, keep, give_up = make_centre(), make_person(), make_person()
    people = []
    for person in (keep, give_up):
        answer_sms(person=person, phone="601 234 567", by=make_account(), now=NOW)
        person.refresh_from_db()
        Person.objects.filter(pk=person.pk).update(reach="email", email="a@example.org")
        people.append(Person.objects.get(pk=person.pk))
    told = [recipient(person) for person in people]
    enqueue(recipients=told, kind="session_cancelled", facts={}, cause="twice", now=NOW)
    merge(people[0], people[1], centre)
    waiting = Message.objects.filter(recipient_id=keep.pk, state="queued")
    assert sorted(waiting.values_list("channel", flat=True)) == ["email", "sms"]
