"""Nobody is put in on a date with children without valid checks, or while she is away; adults do not ask for checks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.domain.timetable_changes import cancel_date, move_date, restore_date, substitute_date
from booking.errors import Refused
from booking.models import Activity, Group, SafeguardingCheck, StaffMember
from notifications.models import Message
from scheduler.models import Reservation, Session
from scheduler.period import Period
from tests.factories import NOW, make_activity, make_centre, make_staff, make_weekly_group
from tests.factories_staffing import THURSDAY, WEDNESDAY, make_colleague, make_time_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    leader = make_colleague(make_centre())
    group = make_weekly_group(make_activity(leader.centre), leader=leader.resource)
    return Session.objects.filter(series__groups=group, starts_at__gt=NOW).earliest("starts_at")


def put_in(session: Session, member) -> Session:
    by = make_staff(centre=member.centre).person.account
    return substitute_date(session_id=session.pk, leader_id=member.resource_id, by=by, note="", now=NOW)


def test_checked_colleague_is_put_in(session):
    able = make_colleague(session.timetable.centre)
    assert put_in(session, able).leader_id == able.resource_id


@pytest.mark.parametrize("code", ["unverified_staff", "time_off"])
def test_unchecked_or_absent_colleague_is_refused_and_nothing_changes(session, code):
    member = make_colleague(session.timetable.centre, checked=code != "unverified_staff")
    if code == "time_off":
        make_time_off(member, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    with pytest.raises(Refused, match=code):
        put_in(session, member)
    assert Session.objects.get(pk=session.pk).leader_id == session.leader_id
    assert not member.resource.reservations.exists()


def test_adults_are_led_by_anybody(session):
    Group.objects.update(age_from=18)
    member = make_colleague(session.timetable.centre, checked=False)
    assert put_in(session, member).leader_id == member.resource_id


def move(session: Session, *, days: int, reason: str = "") -> Session:
    shift = timedelta(days=days)
    by = make_staff(centre=session.timetable.centre).person.account
    period = Period(session.starts_at + shift, session.ends_at + shift)
    wish = {"period": period, "room_id": session.room_id, "forced_reason": reason}
    return move_date(session_id=session.pk, **wish, by=by, note="", now=NOW)


def leader_of(session: Session) -> StaffMember:
    return StaffMember.objects.get(resource=session.leader_id)


def is_as_before(session: Session) -> bool:
    kept = Session.objects.get(pk=session.pk)
    return kept.period == session.period and not (kept.changes.exists() or Message.objects.exists())


def test_date_is_not_moved_into_the_leave_of_who_leads_it_whatever_the_reason(session):
    make_time_off(leader_of(session), THURSDAY, THURSDAY + timedelta(days=1))
    for reason in ("", "sala zalana"):
        with pytest.raises(Refused, match="time_off"):
            move(session, days=1, reason=reason)
    assert is_as_before(session)


def test_date_is_moved_past_the_end_of_checks_only_with_a_reason_that_stays(session):
    SafeguardingCheck.objects.filter(member=leader_of(session)).update(checked_on=date(2024, 11, 19))
    with pytest.raises(Refused, match="check_expires"):
        move(session, days=1)
    assert is_as_before(session)
    moved = move(session, days=1, reason="sprawdzamy jutro")
    assert moved.changes.get().was["despite"] == "sprawdzamy jutro"
    assert not moved.forced_reason


def test_helper_on_leave_needs_a_reason_where_too_few_remain(session):
    helper = make_colleague(session.timetable.centre, educator=True)
    resource = helper.resource
    assert resource is not None
    session.series.resources.add(resource)
    Reservation.objects.create(session=session, resource=resource, starts_at=session.starts_at, ends_at=session.ends_at)
    Group.objects.update(places_taken=12)
    Activity.objects.update(needs_educator=True)
    make_time_off(helper, THURSDAY, THURSDAY + timedelta(days=1))
    with pytest.raises(Refused, match="time_off"):
        move(session, days=1)
    assert is_as_before(session)
    assert move(session, days=1, reason="opiekun dojdzie").changes.exists()


def test_what_was_wrong_before_does_not_keep_a_date_from_moving(session):
    SafeguardingCheck.objects.all().delete()
    assert move(session, days=1).changes.exists()


def test_cancelled_date_is_not_restored_into_the_leave_of_who_leads_it(session):
    by = make_staff(centre=session.timetable.centre).person.account
    cancel_date(session_id=session.pk, by=by, note="", now=NOW)
    make_time_off(leader_of(session), WEDNESDAY, WEDNESDAY + timedelta(days=1))
    with pytest.raises(Refused, match="time_off"):
        restore_date(session_id=session.pk, by=by, note="", now=NOW)
    assert Session.objects.get(pk=session.pk).is_cancelled
