"""Two who settle absences at once: one is done, the other sees the new state; nobody is put in two places."""

from __future__ import annotations

from collections import Counter
from datetime import time, timedelta
from functools import partial

import pytest

from booking.domain.cover import plan_time_off
from booking.domain.time_off import enter_time_off
from booking.models import CoverTask, SessionChange, StaffMember, TimeOff
from scheduler.models import Reservation, Session
from scheduler.period import Period
from tests.factories import NOW, make_activity, make_centre, make_staff, make_weekly_group
from tests.factories_staffing import WEDNESDAY, make_colleague
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = Period(WEDNESDAY, WEDNESDAY + timedelta(days=1))


def leading(centre, *, starts: time = time(16), ends: time = time(17)) -> StaffMember:
    member = make_colleague(centre)
    make_weekly_group(make_activity(centre), leader=member.resource, starts=starts, ends=ends)
    return member


def enter(member: StaffMember, by, plan) -> str:
    enter_time_off(
        member_id=member.pk,
        starts_at=DAY.start,
        ends_at=DAY.end,
        kind=TimeOff.Kind.ILLNESS,
        note="",
        fingerprint=plan.fingerprint,
        choices=plan.proposed(),
        by=by,
        now=NOW,
    )
    return "entered"


def test_absence_entered_by_two_at_once_is_entered_once():
    member = leading(make_centre())
    make_colleague(member.centre)
    by = [make_staff(centre=member.centre).person.account for _number in range(3)]
    plan = plan_time_off(member=member, period=DAY, now=NOW)
    answers = at_once([partial(enter, member, each, plan) for each in by])
    assert Counter(answers) == {"entered": 1, "time_off_twice": 2}
    assert (TimeOff.objects.count(), CoverTask.objects.count(), SessionChange.objects.count()) == (1, 1, 1)


def test_one_colleague_is_given_to_one_of_two_absences_at_the_same_hour():
    centre = make_centre()
    members = [leading(centre), leading(centre)]
    able = make_colleague(centre)
    by = make_staff(centre=centre).person.account
    plans = [plan_time_off(member=member, period=DAY, now=NOW) for member in members]
    assert [each.dates[0].proposal.substitute for each in plans] == [able.resource_id] * 2
    answers = at_once([partial(enter, member, by, plan) for member, plan in zip(members, plans, strict=True)])
    assert Counter(answers) == {"entered": 1, "plan_changed": 1}
    held = Reservation.objects.filter(resource=able.resource_id)
    assert held.count() == Session.objects.filter(leader=able.resource_id).count() == 1
    assert TimeOff.objects.count() == 1
