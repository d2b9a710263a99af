"""The way of an SMS through a real family's messages, with a carrier that speaks SMSAPI's protocol."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from booking.domain.appointment_changes import cancel_appointment
from booking.domain.call_list import ask_to_call_back, call_list
from booking.domain.safe_contacts import SafeWay, keep_safe_contact, safe_route
from booking.domain.sms_consents import answer_sms
from booking.domain.sms_routes import call_about_silent_sms, sms_route
from booking.domain.timetable_changes import cancel_date
from booking.models import DeskCall, Person
from notifications.channels.sms_text import MOST_PARTS, parts
from notifications.delivery import deliver_due
from notifications.models import Message
from notifications.receipts import note_receipt
from notifications.routing import ROUTERS
from tests.factories import NOW, make_activity, make_centre, make_enrolment, make_family, make_staff, make_weekly_group
from tests.factories_care import make_visit
from tests.notifications.carrier import SMSAPI, TOKEN, CarrierServer, open_carrier

pytestmark = pytest.mark.django_db
State, Channel, Receipt = Message.State, Message.Channel, Message.Receipt
NUMBER = "+48601234567"
EVENING = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)  # 21:30 in Warsaw
MORNING = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # 7:00, the quiet hours are over


@pytest.fixture
def carrier(settings) -> Iterator[CarrierServer]:
    with open_carrier() as carrier:
        settings.SMS_CARRIER, settings.SMSAPI_TOKEN, settings.SMSAPI_URL = SMSAPI, TOKEN, carrier.url
        settings.SMS_SENDER, settings.SMS_DISCREET_SENDER = "CUS", "Info"
        yield carrier


@pytest.fixture
def family():
    """A family whose mother is called and allows SMS."""
    family = make_family(make_centre(name="Centrum", phone="34 123 45 67"))
    Person.objects.filter(pk=family.guardian.pk).update(reach="phone", phone=NUMBER)
    answer_sms(person=family.guardian, phone=NUMBER, by=family.account, now=NOW)
    return family


@pytest.fixture
def by(family):
    return make_staff("organiser", centre=family.household.centre).person.account


@pytest.fixture
def session(family):
    """The meeting of Wednesday 25 November, 16:00, that the child goes to; the confirmation was told already."""
    group = make_weekly_group(make_activity(family.household.centre, name="Robotyka"), name="Młodsi")
    make_enrolment(family.child, group)
    Message.objects.all().delete()
    return group.series.get().sessions.get(planned_date="2026-11-25")


def cancel(session, by, now=EVENING - timedelta(hours=10)) -> Message:
    cancel_date(session_id=session.pk, by=by, note="", now=now)
    return Message.objects.get(kind="session_cancelled", channel="sms")


def deliver(now=EVENING - timedelta(hours=10)) -> None:
    deliver_due(clock=lambda: now)


def after(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_mother_without_email_hears_of_a_cancelled_date_by_sms(carrier, family, by, session):
    message = cancel(session, by)
    deliver()
    assert (after(message).state, message.address) == (State.SENT, NUMBER)
    (sms,) = carrier.taken.values()
    cancelled = f"Odwolane: Robotyka ({family.child.given_name}), sr 25.11, 16:00."
    assert sms["message"] == f"{cancelled} Nastepne: sr 2.12, 16:00. Centrum"
    assert call_list(centre=family.household.centre, by=by, now=EVENING) == []


def test_reader_of_letters_gets_the_sms_beside_them(carrier, family, by, session):
    Person.objects.filter(pk=family.guardian.pk).update(reach="email", email="anna@example.org")
    message = cancel(session, by)
    deliver()
    assert after(message).state == State.SENT
    assert len(mail.outbox) == len(carrier.taken) == 1


def test_message_that_says_more_than_an_sms_is_told_by_the_desk(carrier, family, by, session):
    session.note = "x" * 300
    Message.objects.create(
        dedupe_key="k", recipient_id=family.guardian.pk, channel="sms", desk="if_lost", kind="session_noted",
        facts={"session": str(session.pk), "children": [str(family.child.pk)]}, language="pl",
        created_at=NOW, next_attempt_at=NOW, address=NUMBER,
    )  # fmt: skip
    deliver()
    assert Message.objects.get().state == State.AT_DESK
    assert carrier.asked == []


def test_nobody_is_woken_at_night(carrier, family, by, session):
    message = cancel(session, by, now=EVENING)
    deliver(EVENING)
    assert (after(message).state, message.next_attempt_at, message.attempts) == (State.QUEUED, MORNING, 0)
    deliver(MORNING)
    assert after(message).state == State.SENT


def test_who_would_set_out_before_the_night_is_over_is_woken(carrier, family, by, session):
    early = MORNING + timedelta(minutes=45)
    type(session).objects.filter(pk=session.pk).update(starts_at=early, ends_at=early + timedelta(minutes=45))
    message = cancel(session, by, now=EVENING)
    deliver(EVENING)
    assert after(message).state == State.SENT


def test_taking_the_consent_back_holds_for_what_waits(carrier, family, by, session):
    message = cancel(session, by)
    answer_sms(person=family.guardian, phone="", by=family.account, now=NOW)
    deliver()
    assert (after(message).state, message.channel, carrier.asked) == (State.AT_DESK, Channel.DESK, [])


def test_lost_sms_stands_on_the_list_of_calls_with_all_there_is_to_say(carrier, family, by, session):
    message = cancel(session, by)
    deliver()
    note_receipt(message_id=message.pk, receipt=Receipt.UNDELIVERED, now=EVENING)
    deliver(EVENING)
    (callee,) = call_list(centre=family.household.centre, by=by, now=session.starts_at - timedelta(hours=1))
    assert (callee.person, callee.is_urgent, callee.messages[0].receipt) == (family.guardian, True, "undelivered")
    assert "Dzień dobry" in callee.messages[0].text


@pytest.mark.parametrize(
    ("minutes", "hours", "receipt", "calls"),
    [
        (20, 3, "", 1),
        (10, 3, "", 0),  # word of it may still come
        (20, 30, "", 0),  # there is time
        (20, -1, "", 0),  # too late
        (20, 3, "delivered", 0),
    ],
)
def test_change_of_today_of_which_nothing_was_heard_is_told_by_the_desk(request, minutes, hours, receipt, calls):
    session, by, _carrier = (request.getfixturevalue(name) for name in ("session", "by", "carrier"))
    now = session.starts_at - timedelta(hours=hours)
    sent_at = now - timedelta(minutes=minutes)
    message = cancel(session, by, now=NOW)
    Message.objects.filter(pk=message.pk).update(next_attempt_at=sent_at)
    deliver(sent_at)
    Message.objects.filter(pk=message.pk).update(receipt=receipt, sent_at=sent_at)
    assert [call_about_silent_sms(now=now), call_about_silent_sms(now=now)] == [calls, 0]


# -- safe contacts ----------------------------------------------------------------------------------------------------


def test_safe_contact_stands_above_the_consent_to_sms(carrier, family, by, session):
    Person.objects.filter(pk=family.guardian.pk).update(reach="email", email="anna@example.org")
    cancel(session, by)
    keep_safe_contact(person=family.guardian, way=SafeWay("email", email="safe@example.org"), by=by, now=NOW)
    deliver()
    assert carrier.asked == []
    assert dict(Message.objects.values_list("channel", "state")) == {"email": State.SENT, "sms": State.SUPPRESSED}
    assert mail.outbox[0].to == ["safe@example.org"]


def test_safe_sms_names_nothing_and_nobody(carrier, family, by, session):
    cancel(session, by)
    keep_safe_contact(person=family.guardian, way=SafeWay("sms", phone="602 345 678"), by=by, now=NOW)
    deliver()
    ((sms,),) = [carrier.taken.values()]
    assert (sms["to"], sms["from"]) == ("+48602345678", "Info")
    words = ("centrum", "cus", "34 123", "robotyka", "mlodsi", "http", family.child.given_name.casefold())
    assert [word for word in words if word in sms["message"].casefold()] == []
    assert "sroda 25 listopada, 16:00-16:45" in sms["message"]
    assert parts(sms["message"]) <= MOST_PARTS


@pytest.mark.parametrize("reach", ["email", "phone"])
def test_every_message_takes_the_safe_sms_once_and_in_the_safe_hours(carrier, family, by, session, reach):
    Person.objects.filter(pk=family.guardian.pk).update(reach=reach, email="anna@example.org")
    cancel(session, by)
    way = SafeWay("sms", phone="602 345 678", from_hour=22, until_hour=24)
    keep_safe_contact(person=family.guardian, way=way, by=by, now=NOW)
    deliver(EVENING)
    assert carrier.taken == {}
    deliver(EVENING + timedelta(minutes=30))
    assert len(carrier.taken) == 1
    assert mail.outbox == []


def test_safe_sms_without_a_sender_that_tells_nothing_is_told_by_the_desk(carrier, family, by, session, settings):
    settings.SMS_DISCREET_SENDER = ""
    message = cancel(session, by)
    keep_safe_contact(person=family.guardian, way=SafeWay("sms", phone="602 345 678"), by=by, now=NOW)
    deliver()
    assert (after(message).state, carrier.asked) == (State.AT_DESK, [])
    (callee,) = call_list(centre=family.household.centre, by=by, now=EVENING)
    assert callee.reach == "sms"


def test_lost_safe_sms_is_not_sent_again_but_stands_on_the_list(carrier, family, by, session):
    carrier.refused["+48602345678"] = 13
    message = cancel(session, by)
    keep_safe_contact(person=family.guardian, way=SafeWay("sms", phone="602 345 678"), by=by, now=NOW)
    for hours in range(3):
        deliver(EVENING - timedelta(hours=10 - hours))
    assert (after(message).state, len(carrier.asked)) == (State.AT_DESK, 1)


@pytest.mark.parametrize("channel", ["phone", "letter", "school", "nobody"])
def test_forbidden_sms_is_never_sent(carrier, family, by, session, channel):
    message = cancel(session, by)
    keep_safe_contact(person=family.guardian, way=SafeWay(channel, phone="602 345 678"), by=by, now=NOW)
    deliver()
    assert (after(message).state, carrier.asked) == (State.AT_DESK, [])


# -- please call us ---------------------------------------------------------------------------------------------------


def waiting_call(family) -> Message:
    return Message.objects.create(
        dedupe_key="c", recipient_id=family.guardian.pk, channel="desk", state="at_desk", kind="session_noted",
        language="uk", created_at=NOW, next_attempt_at=NOW,
    )  # fmt: skip


def test_who_does_not_answer_is_asked_once_a_day_to_call(carrier, family, by):
    message, centre = waiting_call(family), family.household.centre
    Person.objects.filter(pk=family.guardian.pk).update(language="uk")
    call = {"centre": centre, "message_ids": [message.pk], "by": by}
    assert [ask_to_call_back(**call, now=NOW) for _time in range(2)] == [1, 1]
    deliver(NOW + timedelta(hours=2))
    (sms,) = carrier.taken.values()
    assert sms["message"] == "Зателефонуйте нам: 34 123 45 67. Centrum"
    assert DeskCall.objects.count() == 0
    assert after(message).state == State.AT_DESK


def test_nobody_with_a_safe_contact_or_without_a_consent_is_asked(carrier, family, by):
    message, centre = waiting_call(family), family.household.centre
    call = {"centre": centre, "message_ids": [message.pk], "by": by, "now": NOW}
    assert ask_to_call_back(**call | {"centre": make_centre()}) == 0
    keep_safe_contact(person=family.guardian, way=SafeWay("sms", phone="602 345 678"), by=by, now=NOW)
    assert ask_to_call_back(**call) == 0
    family.guardian.safe_contact.delete()
    answer_sms(person=family.guardian, phone="", by=family.account, now=NOW)
    assert ask_to_call_back(**call) == 0
    assert Message.objects.count() == 1


# -- visits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reach", "by_family", "channels"),
    [("email", True, ["email"]), ("email", False, ["email", "sms"]), ("phone", True, ["sms"])],
)
@pytest.mark.usefixtures("carrier")
def test_who_cancels_a_visit_herself_gets_no_sms_beside_her_letter(family, by, reach, by_family, channels):
    Person.objects.filter(pk=family.guardian.pk).update(reach=reach, email="anna@example.org")
    visit = make_visit(family.child)
    cancel_appointment(appointment_id=visit.pk, by=family.account if by_family else by, now=NOW)
    told = Message.objects.filter(recipient_id=family.guardian.pk, kind="visit_cancelled")
    assert sorted(told.values_list("channel", flat=True)) == channels


def test_specialist_gets_no_sms_about_her_visits(carrier, family, by):
    visit = make_visit(family.child)
    specialist = visit.specialist.staff_member.person
    answer_sms(person=specialist, phone=NUMBER, by=by, now=NOW)
    cancel_appointment(appointment_id=visit.pk, by=by, now=NOW)
    assert not Message.objects.filter(recipient_id=specialist.pk, channel="sms").exists()


def test_safe_contact_is_asked_before_every_other_way():
    assert [safe_route, sms_route] == ROUTERS  # of two that name a way the first holds
