from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from booking.domain.safe_contacts import SafeWay, end_safe_contact, keep_safe_contact, next_safe_moment
from booking.errors import Refused
from booking.models import Person, SafeContact
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.factories import NOW, make_activity, make_centre, make_enrolment, make_family, make_staff, make_weekly_group

pytestmark = pytest.mark.django_db
State = Message.State
SAFE_EMAIL = SafeWay(channel="email", email="safe@example.org", from_hour=10, until_hour=12)
NINE, TEN, NOON = (datetime(2026, 11, 16, hour, tzinfo=UTC) for hour in (8, 9, 11))  # on the clock of Warsaw


@pytest.fixture
def family():
    return make_family(make_centre(name="Centrum Wsparcia", phone="34 123 45 67", address="Rynek 1"))


@pytest.fixture
def by(family):
    return make_staff("organiser", centre=family.household.centre).person.account


def enrol(family):
    group = make_weekly_group(make_activity(family.household.centre, name="Robotyka"), name="Młodsi")
    make_enrolment(family.child, group)
    return Message.objects.get(kind="enrolled")


def told(now: datetime = NOW) -> Message:
    deliver_due(clock=lambda: now)
    return Message.objects.get(kind="enrolled")


def test_message_goes_to_the_safe_address_and_names_nothing(family, by, settings):
    settings.DISCREET_FROM_EMAIL = "box@example.net"
    enrol(family)  # queued before: the safe contact stands above what is queued too
    keep_safe_contact(person=family.guardian, way=SafeWay("email", email="safe@example.org"), by=by, now=NOW)
    message = told()
    assert (message.state, message.address, message.calendar) == (State.SENT, "safe@example.org", "")
    (letter,) = mail.outbox
    assert (letter.to, letter.from_email, letter.subject, letter.attachments) == (
        ["safe@example.org"],
        "box@example.net",
        "Wiadomość",
        [],
    )
    said = f"{letter.subject} {letter.body}".casefold()
    words = ("centrum", "34 123", "rynek", "robotyka", "młodsi", "http", family.child.given_name.casefold())
    assert [word for word in words if word in said] == []


@pytest.mark.parametrize(("language", "words"), [("pl", "Jest dla Ciebie"), ("en", "for you"), ("uk", "Для вас")])
def test_discreet_letter_speaks_the_readers_language(family, by, language, words):
    Person.objects.filter(pk=family.guardian.pk).update(language=language)
    keep_safe_contact(person=family.guardian, way=SafeWay("email", email="safe@example.org"), by=by, now=NOW)
    enrol(family)
    assert words in told().text


def test_message_waits_for_the_safe_hours(family, by):
    keep_safe_contact(person=family.guardian, way=SAFE_EMAIL, by=by, now=NINE)
    enrol(family)
    waiting = told(NINE)
    assert (waiting.state, waiting.next_attempt_at, waiting.attempts) == (State.QUEUED, TEN, 0)
    assert mail.outbox == []
    assert told(TEN).state == State.SENT


def test_message_after_the_safe_hours_waits_until_the_next_day(family, by):
    keep_safe_contact(person=family.guardian, way=SAFE_EMAIL, by=by, now=NOON)
    enrol(family)
    Message.objects.update(next_attempt_at=NOON)
    assert told(NOON).next_attempt_at == TEN + timedelta(days=1)


def test_safe_hours_keep_to_the_wall_clock_over_the_clock_change():
    contact = SafeContact(channel="email", email="safe@example.org", from_hour=10, until_hour=12)
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert next_safe_moment(contact, before) == datetime(2027, 3, 28, 8, tzinfo=UTC)


@pytest.mark.parametrize("channel", ["phone", "letter", "school", "nobody"])
def test_message_for_a_forbidden_channel_goes_to_the_desk_and_never_by_mail(family, by, channel):
    keep_safe_contact(person=family.guardian, way=SafeWay(channel, phone="601 234 567"), by=by, now=NOW)
    enrol(family)
    message = told()
    assert (message.state, message.channel) == (State.AT_DESK, "desk")
    assert message.address == ("+48601234567" if channel == "phone" else "")
    assert "http" not in message.text  # it is read out or printed
    assert mail.outbox == []


def test_contact_that_may_hear_of_the_centre_is_told_all(family, by):
    way = SafeWay("email", email="safe@example.org", discreet=False)
    keep_safe_contact(person=family.guardian, way=way, by=by, now=NOW)
    enrol(family)
    message = told()
    assert "Robotyka" in message.text
    assert message.address == "safe@example.org"


def test_after_its_end_messages_go_as_before(family, by):
    keep_safe_contact(person=family.guardian, way=SafeWay("nobody"), by=by, now=NOW)
    end_safe_contact(person_id=family.guardian.pk)
    end_safe_contact(person_id=family.guardian.pk)
    enrol(family)
    assert told().address == family.guardian.email
    assert not SafeContact.objects.exists()


@pytest.mark.parametrize(
    ("way", "code"),
    [
        (SafeWay("email"), "email_missing"),
        (SafeWay("phone"), "phone_missing"),
        (SafeWay("phone", phone="abc"), "phone_wrong"),
        (SafeWay("nobody", from_hour=9), "safe_hours_wrong"),
        (SafeWay("nobody", from_hour=12, until_hour=9), "safe_hours_wrong"),
    ],
)
def test_way_that_leads_nowhere_is_refused_and_the_old_one_stays(family, by, way, code):
    keep_safe_contact(person=family.guardian, way=SAFE_EMAIL, by=by, now=NOW)
    with pytest.raises(Refused) as refused:
        keep_safe_contact(person=family.guardian, way=way, by=by, now=NOW)
    assert refused.value.refusal.code == code
    assert SafeContact.objects.get().email == "safe@example.org"


def test_safe_contact_is_seen_at_the_desk_alone(family, by):
    contact = keep_safe_contact(person=family.guardian, way=SAFE_EMAIL, by=by, now=NOW)
    seen = [list(SafeContact.objects.visible_to(reader, NOW.date())) for reader in (by, family.account)]
    assert seen == [[contact], []]
