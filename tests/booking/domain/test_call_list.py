from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.call_list import call_list, record_call
from booking.domain.recipients import recipient
from booking.domain.timetable_changes import cancel_date
from booking.models import DeskCall
from notifications.delivery import deliver_due
from notifications.models import Message
from notifications.outbox import enqueue
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_guardianship,
    make_household,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def by(centre):
    return make_staff(centre=centre).person.account


def tell(person, *, now=NOW, cause="", **facts):
    enqueue(recipients=[recipient(person)], kind="enrolled", facts=facts, cause=cause or str(person.pk), now=now)
    message = Message.objects.get(recipient_id=person.pk, dedupe_key__startswith=cause or str(person.pk))
    Message.objects.filter(pk=message.pk).update(state=Message.State.AT_DESK)
    return message


def test_grandmother_without_email_stands_on_the_list_when_a_date_is_cancelled(centre, by):
    group = make_weekly_group(make_activity(centre))
    grandmother, child = make_person(phone="+48601234567"), make_person(age=7)
    make_guardianship(grandmother, child)
    make_household(centre, [grandmother, child])
    make_enrolment(child, group)
    deliver_due(clock=lambda: NOW)
    session = group.series.get().sessions.filter(starts_at__gt=NOW).order_by("starts_at").first()
    cancel_date(session_id=session.pk, by=by, note="", now=NOW)
    deliver_due(clock=lambda: NOW)

    (callee,) = call_list(centre=centre, by=by, now=NOW)
    assert (callee.person, len(callee.messages), callee.starts_at, callee.is_urgent) == (
        grandmother,
        2,
        session.starts_at,
        False,
    )
    assert [
        callee.is_urgent for callee in call_list(centre=centre, by=by, now=session.starts_at - timedelta(hours=2))
    ] == [True]
    late = session.starts_at + timedelta(minutes=1)
    assert [callee.is_urgent for callee in call_list(centre=centre, by=by, now=late)] == [False]
    assert call_list(centre=make_centre(), by=by, now=NOW) == []


def test_urgent_calls_come_first_then_those_who_wait_longest(centre, by):
    group = make_weekly_group(make_activity(centre))
    session = group.series.get().sessions.filter(starts_at__gt=NOW).order_by("starts_at").first()
    people = [make_person() for _number in range(3)]
    make_household(centre, people)
    tell(people[0], now=NOW - timedelta(hours=1))
    tell(people[1], now=NOW - timedelta(hours=2))
    tell(people[2], session=str(session.pk))

    soon = session.starts_at - timedelta(minutes=90)

    assert [callee.person for callee in call_list(centre=centre, by=by, now=soon)] == [people[2], people[1], people[0]]


@pytest.mark.parametrize(("outcome", "state"), [("told", "sent"), ("passed_on", "sent"), ("no_answer", "at_desk")])
def test_call_is_noted_with_who_and_when_and_ends_the_telling_unless_nobody_answered(centre, by, outcome, state):
    person = make_person()
    make_household(centre, [person])
    message = tell(person)

    assert record_call(centre=centre, message_ids=[message.pk], outcome=outcome, note="SP 2", by=by, now=NOW) == 1

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (state, NOW if state == "sent" else None)
    assert list(DeskCall.objects.values_list("message", "outcome", "note", "by", "called_at")) == [
        (message.pk, outcome, "SP 2", by.pk, NOW)
    ]
    listed = call_list(centre=centre, by=by, now=NOW)
    assert [callee.attempts[0].outcome for callee in listed] == (["no_answer"] if state == "at_desk" else [])


def test_noting_a_call_twice_or_for_another_centre_changes_nothing(centre, by):
    person = make_person()
    make_household(centre, [person])
    message = tell(person)
    call = {"message_ids": [message.pk], "outcome": "told", "note": "", "by": by, "now": NOW}

    assert record_call(centre=make_centre(), **call) == 0
    assert [record_call(centre=centre, **call) for _time in range(2)] == [1, 0]
    assert DeskCall.objects.count() == 1


def test_family_of_a_child_stands_on_no_list_of_somebody_barred_from_her(centre, by):
    mother, child = make_person(), make_person(age=7)
    make_guardianship(mother, child)
    make_household(centre, [mother, child])
    message = tell(mother)
    make_guardianship(by.person, child, contact_ban=True)

    assert call_list(centre=centre, by=by, now=NOW) == []
    assert record_call(centre=centre, message_ids=[message.pk], outcome="told", note="", by=by, now=NOW) == 0
    assert [each.person for each in call_list(centre=centre, by=make_staff(centre=centre).person.account, now=NOW)] == [
        mother
    ]


def test_list_asks_as_many_queries_for_fifty_as_for_three(centre, by, django_assert_num_queries):
    for count in (3, 47):
        people = [make_person() for _number in range(count)]
        make_household(centre, people)
        for person in people:
            tell(person)
        with django_assert_num_queries(4):
            call_list(centre=centre, by=by, now=NOW)
