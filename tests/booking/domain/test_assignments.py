"""Nobody is put in on a date with children without valid checks, or while she is away; adults do not ask for checks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.timetable_changes import substitute_date
from booking.errors import Refused
from booking.models import Group
from scheduler.models import Session
from tests.factories import NOW, make_activity, make_centre, make_staff, make_weekly_group
from tests.factories_staffing import WEDNESDAY, make_colleague, make_time_off

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
