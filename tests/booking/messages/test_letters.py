from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils.translation import override

from booking.domain.enrolment import withdraw_child
from booking.domain.timetable_changes import cancel_date, move_date, restore_date
from booking.messages.enrolments import group_title
from booking.models import Account, Activity, Group, Guardianship
from notifications.delivery import deliver_due
from notifications.models import Message
from scheduler.models import Session
from scheduler.period import Period
from tests.calendar_readers import events_in
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_place,
    make_room,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import make_checks

pytestmark = pytest.mark.django_db
DATE = date(2026, 11, 25)
State = Message.State


@pytest.fixture
def robotics() -> Group:
    """Robotics on Wednesdays at 16:00, led by a member of staff with an e-mail."""
    centre = make_centre(name="Centrum", phone="34 123 45 67", address="Rynek 1, Kłobuczek")
    place = make_place(centre.timetable, name="Dom Kultury", address="ul. Długa 1")
    return make_weekly_group(
        make_activity(centre, name="Robotyka"),
        name="Młodsi",
        room=make_room(centre.timetable, name="Pracownia", place=place),
        leader=make_checks(make_staff("instructor", centre=centre)).resource,
    )


@pytest.fixture
def family(robotics) -> Family:
    family = make_family(robotics.activity.centre)
    family.child.given_name = "Zosia"
    family.child.save()
    return family


@pytest.fixture
def organiser(robotics) -> Account:
    account: Account = make_staff("organiser", centre=robotics.activity.centre).person.account
    return account


def told(reader, *, now: datetime = NOW, kind: str = "") -> Message:
    """Deliver what is queued and return the only message of that kind to this reader."""
    deliver_due(clock=lambda: now)
    return Message.objects.get(recipient_id=reader.pk, **({"kind": kind} if kind else {}))


def session_on(day: date = DATE) -> Session:
    return Session.objects.get(planned_date=day)


def test_enrolled_letter_tells_what_when_where_and_brings_all_dates(family, robotics, settings):
    settings.PUBLIC_URL = "https://grafik.example.org"
    make_enrolment(family.child, robotics)
    message = told(family.guardian)

    assert (message.state, message.subject) == (State.SENT, "Zosia ma miejsce: Robotyka – Młodsi")
    for words in (
        "Zosia ma miejsce w grupie „Robotyka – Młodsi”.",
        "Najbliższe spotkanie: środa 18 listopada, 16:00–16:45\nGdzie: Pracownia, Dom Kultury, ul. Długa 1\nProwadzi: ",
        "https://grafik.example.org/family/",
        "Centrum\nTelefon: 34 123 45 67",
    ):
        assert words in message.text
    events = events_in(message.calendar.encode())
    upcoming = Session.objects.filter(ends_at__gt=NOW)
    assert {str(event["UID"]) for event in events} == {f"{session.pk}@grafik" for session in upcoming}
    assert {str(event["SUMMARY"]) for event in events} == {"Zosia: Robotyka"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("pl", ("Odwołane: Robotyka, środa 25 listopada", "środa 2 grudnia, 16:00–16:45")),
        ("uk", ("Скасовано: Robotyka, середа, 25 листопада", "середа, 2 грудня, 16:00–16:45")),
        ("en", ("Cancelled: Robotyka, Wednesday 25 November", "Wednesday 2 December, 16:00–16:45")),
    ],
)
def test_cancelled_letter_speaks_the_readers_language(family, robotics, organiser, language, words):
    subject, moment = words
    family.guardian.language = language
    family.guardian.save()
    make_enrolment(family.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="Choroba <instruktora> & remont", now=NOW)
    message = told(family.guardian, kind="session_cancelled")

    assert message.subject == subject
    assert moment in message.text
    assert "Choroba <instruktora> & remont" in message.text
    event = events_in(message.calendar.encode())[0]
    assert (str(event["UID"]), str(event["STATUS"]), event["SEQUENCE"]) == (
        f"{session_on().pk}@grafik",
        "CANCELLED",
        1,
    )


def test_moved_letter_tells_before_and_after(family, robotics, organiser):
    make_enrolment(family.child, robotics)
    session, later = session_on(), timedelta(days=1, hours=1)
    hall = make_room(robotics.activity.centre.timetable, name="Hala")
    period = Period(session.starts_at + later, session.ends_at + later)
    move_date(session_id=session.pk, period=period, room_id=hall.pk, by=organiser, note="", now=NOW)
    message = told(family.guardian, kind="session_moved")

    assert message.subject == "Zmiana: Robotyka, środa 25 listopada"
    assert "Było: środa 25 listopada, 16:00–16:45, Pracownia\n" in message.text
    assert "Teraz: czwartek 26 listopada, 17:00–17:45\nGdzie: Hala, Rynek 1, Kłobuczek\n" in message.text
    assert events_in(message.calendar.encode())[0].start.isoformat() == "2026-11-26T17:00:00+01:00"


def test_restored_letter_says_it_takes_place_after_all(family, robotics, organiser):
    make_enrolment(family.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    restore_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    message = told(family.guardian, kind="session_restored")

    assert message.subject == "Jednak się odbędzie: Robotyka, środa 25 listopada"
    assert Message.objects.get(kind="session_cancelled", recipient_id=family.guardian.pk).state == State.SUPPRESSED


def test_withdrawn_letter_confirms_and_the_unsent_confirmation_is_dropped(family, robotics):
    enrolment = make_enrolment(family.child, robotics)
    withdraw_child(enrolment_id=enrolment.pk, now=NOW)
    message = told(family.guardian, kind="withdrawn")

    assert (message.state, message.subject, message.calendar) == (
        State.SENT,
        "Zosia: miejsce zwolnione, Robotyka – Młodsi",
        "",
    )
    assert Message.objects.get(kind="enrolled").state == State.SUPPRESSED


def test_letter_about_a_date_names_only_the_readers_own_children(family, robotics, organiser):
    other = make_family(robotics.activity.centre)
    other.child.given_name = "Antek"
    other.child.save()
    for each in (family, other):
        make_enrolment(each.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    Message.objects.filter(kind="session_cancelled").update(
        facts={"session": str(session_on().pk), "children": [str(family.child.pk), str(other.child.pk)], "note": ""}
    )
    message = told(family.guardian, kind="session_cancelled")

    assert "Dotyczy: Zosia\n" in message.text
    assert "Antek" not in message.subject + message.text + message.calendar


@pytest.mark.parametrize(
    "end_right",
    [
        lambda rights: rights.update(contact_ban=True),
        lambda rights: rights.update(can_view=False),
        lambda rights: rights.update(ends_on=NOW.date() - timedelta(days=1)),
        lambda rights: rights.delete(),
    ],
)
def test_guardian_whose_right_ended_meanwhile_is_told_nothing(
    family, robotics, organiser, end_right: Callable[[object], object]
):
    make_co_guardian(family)
    enrolment = make_enrolment(family.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    withdraw_child(enrolment_id=enrolment.pk, now=NOW)
    other = Guardianship.objects.exclude(guardian=family.guardian).get().guardian
    end_right(Guardianship.objects.filter(guardian=other))
    deliver_due(clock=lambda: NOW)

    states = Message.objects.filter(recipient_id=other.pk).values_list("kind", "state", "text")
    assert sorted(states) == [(kind, State.SUPPRESSED, "") for kind in ("enrolled", "session_cancelled", "withdrawn")]
    assert told(family.guardian, kind="withdrawn").state == State.SENT


def test_the_one_who_leads_is_told_and_learns_no_childs_name(family, robotics, organiser):
    make_enrolment(family.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    leader = session_on().leader
    assert leader is not None
    message = told(leader.staff_member.person, kind="session_cancelled")

    assert message.state == State.SENT
    assert "Prowadzisz to spotkanie." in message.text
    assert "/diary/" in message.text
    assert "Zosia" not in message.subject + message.text + message.calendar


def test_sensitive_activity_is_named_in_no_letter():
    centre = make_centre(address="Rynek 1")
    organiser = make_staff("organiser", centre=centre).person.account
    family = make_family(centre)
    group = make_weekly_group(
        make_activity(centre, name="Grupa terapeutyczna", sensitivity="sensitive"),
        name="Terapia lęku",
        room=make_room(centre.timetable, name="Gabinet terapeutyczny"),
        leader=make_staff("specialist", centre=centre, resource=None).resource,
    )
    leader = group.series.get().leader
    assert leader is not None
    leader.name = "Psychoterapeutka Anna"
    leader.save()
    enrolment = make_enrolment(family.child, group)
    session = session_on()
    deliver_due(clock=lambda: NOW)
    period = Period(session.starts_at + timedelta(hours=1), session.ends_at + timedelta(hours=1))
    hall = make_room(centre.timetable, name="Gabinet psychologa")
    move_date(session_id=session.pk, period=period, room_id=hall.pk, by=organiser, note="Gabinet psychologa", now=NOW)
    deliver_due(clock=lambda: NOW)
    cancel_date(session_id=session.pk, by=organiser, note="Terapia odwołana", now=NOW)
    deliver_due(clock=lambda: NOW)
    withdraw_child(enrolment_id=enrolment.pk, now=NOW)
    deliver_due(clock=lambda: NOW)

    letters = list(Message.objects.filter(recipient_id=family.guardian.pk))
    assert {(letter.kind, letter.state) for letter in letters} == {
        (kind, State.SENT) for kind in ("enrolled", "session_moved", "session_cancelled", "withdrawn")
    }
    for letter in letters:
        said = (letter.subject + letter.text + letter.calendar).replace("\r\n ", "")
        assert "Wizyta" in said
        assert re.findall(r"terap|gabinet|psych|lęk", said, re.IGNORECASE) == []


def test_letter_about_what_is_over_or_gone_is_suppressed_with_its_reason(family, robotics, organiser):
    make_enrolment(family.child, robotics)
    cancel_date(session_id=session_on().pk, by=organiser, note="", now=NOW)
    late = told(family.guardian, kind="session_cancelled", now=NOW + timedelta(days=30))
    assert (late.state, "over" in late.error) == (State.SUPPRESSED, True)

    Message.objects.update(state=State.QUEUED, next_attempt_at=NOW, attempts=0)
    Session.objects.filter(pk=session_on().pk).delete()
    gone = told(family.guardian, kind="session_cancelled")
    assert (gone.state, "no longer known" in gone.error) == (State.SUPPRESSED, True)


def test_family_reached_by_phone_has_its_letter_at_the_desk(family, robotics):
    family.guardian.reach = "phone"
    family.guardian.phone = "+48601234567"
    family.guardian.save()
    make_enrolment(family.child, robotics)
    message = told(family.guardian)

    assert [each.pk for each in Message.objects.for_the_desk()] == [message.pk]
    assert "Zosia ma miejsce" in message.text


@pytest.mark.parametrize(("language", "said"), [("pl", "Robotyka – Maluchy"), ("uk", "Робототехніка – Maluchy")])
def test_group_is_named_in_letters_without_saying_the_same_twice(language, said):
    group = Group(name="Robotyka – Maluchy", activity=Activity(name_pl="Robotyka", name_uk="Робототехніка"))
    with override(language):
        assert group_title(group) == said
