"""Reporting that somebody will not come: what it frees, who hears of it, and how it is taken back."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from booking.domain.absences import report_absence, withdraw_absence
from booking.domain.enrolment import enrol_child
from booking.domain.guests import accept_guest_place, expire_overdue_guest_places, seats_at
from booking.domain.registers import register_of
from booking.errors import Refused
from booking.models import Absence, AbsenceRules, Enrolment, Group, GuestPlace, MakeUpCredit, Role
from notifications.models import Message
from scheduler.domain.sessions import cancel_session
from scheduler.models import Session
from tests.factories import (
    NOW,
    Family,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


def next_session(group: Group) -> Session:
    return Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]


def make_place(*, capacity: int = 12, rules: dict | None = None, **facts) -> tuple[Family, Group, Session]:
    """A family whose child goes to a weekly group with a leader."""
    centre = make_centre()
    leader = make_staff(Role.INSTRUCTOR, centre=centre)
    activity = make_activity(centre)
    if rules is not None:
        AbsenceRules.objects.create(activity=activity, **rules)
    group = make_weekly_group(activity, leader=leader.resource, capacity=capacity, **facts)
    family = make_family(centre)
    make_enrolment(family.child, group)
    return family, group, next_session(group)


def report(family: Family, session: Session, now=NOW) -> Absence:
    return report_absence(child=family.child, session=session, by=family.account, now=now)[0]


def told(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("recipient_name"))


def refused(code: str, act) -> None:
    before = list(Absence.objects.values_list("pk", "withdrawn_at")), Message.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.refusal.code == code
    assert (list(Absence.objects.values_list("pk", "withdrawn_at")), Message.objects.count()) == before


def test_absence_is_of_one_meeting_and_its_leader_is_told():
    family, _group, session = make_place()
    absence = report(family, session)
    assert list(Absence.objects.values_list("session", "child")) == [(session.pk, family.child.pk)]
    leader = session.leader.staff_member.person
    assert [message.recipient_id for message in told("absence_reported")] == [leader.pk]
    line = next(iter(register_of(session, on=NOW.date())))
    assert (line.person, line.is_absent) == (family.child, True)
    assert absence.reported_by == family.account


def test_absence_reported_twice_is_one_and_told_once():
    family, _group, session = make_place()
    assert report(family, session).pk == report(family, session).pk
    assert len(told("absence_reported")) == 1


def test_absence_without_a_leader_is_told_to_the_desk():
    centre = make_centre()
    organiser = make_staff(centre=centre).person
    group = make_weekly_group(make_activity(centre))
    family = make_family(centre)
    make_enrolment(family.child, group)
    report(family, next_session(group))
    assert [message.recipient_id for message in told("absence_reported")] == [organiser.pk]


def test_absence_of_a_child_a_court_referred_alerts_the_desk():
    family, group, session = make_place()
    organiser = make_staff(centre=group.activity.centre).person
    Enrolment.objects.update(basis=Enrolment.Basis.COURT)
    report(family, session)
    messages = told("absence_reported")
    assert organiser.pk in {message.recipient_id for message in messages}
    assert all(message.facts["court"] for message in messages)


def test_absence_from_day_care_covers_the_rest_of_that_day_only():
    centre = make_centre()
    term = make_term(centre.timetable)
    day = date(2026, 9, 2)
    blocks = [make_series(term, day=day, starts=time(hour), ends=time(hour + 1)) for hour in (13, 14, 15)]
    group = make_group(make_activity(centre, kind="day_care"), series=blocks)
    family = make_family(centre)
    make_enrolment(family.child, group)
    days = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")
    absences = report_absence(child=family.child, session=days[1], by=family.account, now=NOW)
    assert [absence.session for absence in absences] == [days[1], days[2]]
    assert Absence.objects.count() == 2
    withdraw_absence(absence_id=absences[0].pk, now=NOW)
    assert not Absence.objects.standing().exists()


def test_absence_from_what_is_not_hers_over_or_cancelled_is_refused():
    family, group, session = make_place()
    other = make_weekly_group(make_activity(group.activity.centre))
    refused("not_taking_part", lambda: report(family, next_session(other)))
    past = Session.objects.filter(series__groups=group, ends_at__lt=NOW).first()
    refused("meeting_over", lambda: report(family, past))
    cancel_session(session_id=session.pk, note="", now=NOW)
    refused("meeting_cancelled", lambda: report(family, session))


def test_absence_is_taken_back_until_the_start():
    family, _group, session = make_place()
    absence = report(family, session)
    refused("meeting_begun", lambda: withdraw_absence(absence_id=absence.pk, now=session.starts_at))
    withdraw_absence(absence_id=absence.pk, now=session.starts_at - timedelta(seconds=1))
    withdraw_absence(absence_id=absence.pk, now=session.starts_at)
    assert register_of(session, on=NOW.date()).expected == 1
    assert len(told("absence_withdrawn")) == 1
    report(family, session)
    assert Absence.objects.count() == 2


def test_absence_gives_a_credit_only_where_the_centre_grants_it_and_before_the_start():
    family, _group, session = make_place()
    report(family, session)
    assert not MakeUpCredit.objects.exists()
    family, group, session = make_place(rules={"credit_days": 30})
    late = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[1]
    absence = report(family, session)
    report(family, late, now=late.starts_at)
    credit = MakeUpCredit.objects.get()
    assert (credit.child, credit.absence) == (family.child, absence)
    assert credit.valid_until == session.local_date + timedelta(days=30)
    withdraw_absence(absence_id=absence.pk, now=NOW)
    assert not MakeUpCredit.objects.exists()


def full_group_with_a_line(waiting: int = 2):
    family, group, session = make_place(capacity=1, rules={"guests": True}, waitlist=True)
    line = [make_family(group.activity.centre) for _number in range(waiting)]
    for each in line:
        enrol_child(child=each.child, group=group, by=each.account, now=NOW)
    return family, group, session, line


def test_freed_date_is_offered_to_the_line_in_order_and_taken_by_one():
    family, group, session, line = full_group_with_a_line()
    report(family, session)
    place = GuestPlace.objects.get()
    assert (place.child, place.status, place.session) == (line[0].child, "offered", session)
    assert [message.recipient_id for message in told("guest_offered")] == [line[0].guardian.pk]
    accept_guest_place(place_id=place.pk, now=NOW)
    accept_guest_place(place_id=place.pk, now=NOW)
    group.refresh_from_db()
    assert seats_at(group, session) == 0
    assert [(each.person, each.is_guest) for each in register_of(session, on=NOW.date()) if not each.is_absent] == [
        (line[0].child, True)
    ]
    assert Enrolment.objects.get(child=line[0].child).status == "waiting"


def test_freed_date_that_nobody_answers_goes_to_the_next_in_line():
    family, _group, session, line = full_group_with_a_line()
    report(family, session)
    first = GuestPlace.objects.get()
    refused("offer_over", lambda: accept_guest_place(place_id=first.pk, now=first.expires_at))
    assert expire_overdue_guest_places(now=first.expires_at) == 1
    assert {each.child: each.status for each in GuestPlace.objects.all()} == {
        line[0].child: "expired",
        line[1].child: "offered",
    }


def test_freed_date_is_not_offered_after_the_cut_off_nor_where_there_are_no_guests():
    family, _group, session, _line = full_group_with_a_line()
    report(family, session, now=session.starts_at - timedelta(minutes=30))
    assert not GuestPlace.objects.exists()
    AbsenceRules.objects.update(guests=False)
    Absence.objects.all().delete()
    report(family, session)
    assert not GuestPlace.objects.exists()


def test_who_comes_after_all_gets_her_place_back_from_an_open_offer_but_not_from_a_guest():
    family, _group, session, line = full_group_with_a_line(waiting=1)
    absence = report(family, session)
    withdraw_absence(absence_id=absence.pk, now=NOW)
    assert GuestPlace.objects.get().status == "cancelled"
    assert [message.recipient_id for message in told("guest_cancelled")] == [line[0].guardian.pk]
    GuestPlace.objects.all().delete()
    absence = report(family, session)
    accept_guest_place(place_id=GuestPlace.objects.get().pk, now=NOW)
    refused("place_given_on", lambda: withdraw_absence(absence_id=absence.pk, now=NOW))
