"""What speaks against a timetable is found while it is drafted, and in what is published: also the trap of the demo."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.timetable_checks import check_publication, check_sessions
from booking.models import Centre, Group, Role, StaffMember
from scheduler.domain.publishing import plan_publication, publish_series
from scheduler.models import PlaceDistance, Series, Session
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_group,
    make_place,
    make_room,
    make_series,
    make_specialist,
    make_term,
)
from tests.factories_staffing import WEDNESDAY, make_colleague, make_time_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Centre:
    return make_centre()


def educator(centre: Centre, **facts) -> StaffMember:
    return make_colleague(centre, educator=True, role=Role.EDUCATOR, kinds=("day_care",), **facts)


def draft(centre: Centre, leader=None, *, resources=(), places: int = 15, kind: str = "day_care", **facts) -> Series:
    """Draft a weekly line of this many places, Wednesdays at 16:00, in one building."""
    series = make_series(
        facts.pop("term", None) or make_term(centre.timetable),
        leader=leader,
        resources=resources,
        published=False,
        **facts,
    )
    activity = make_activity(centre, kind=kind, needs_educator=kind == "robotics")
    make_group(activity, term=series.term, capacity=places, series=[series])
    return series


def found(*lines: Series) -> list:
    return check_publication(plan_publication(series_ids=[line.pk for line in lines], now=NOW), now=NOW)


def codes(*lines: Series) -> set[str]:
    return {finding.code for finding in found(*lines)}


def test_line_with_a_checked_educator_for_fifteen_is_as_it_should_be(centre):
    assert found(draft(centre, educator(centre).resource)) == []


def test_trap_three_children_beside_robotics_need_a_third_educator(centre):
    """Twelve of fifteen build robots with the second educator; the other three stay with the third."""
    term = make_term(centre.timetable)
    second, third = educator(centre), educator(centre)
    instructor = make_colleague(centre)
    robots = draft(centre, instructor.resource, resources=[second.resource], places=12, kind="robotics", term=term)
    others = draft(centre, third.resource, places=3, term=term)
    assert found(robots, others) == []

    others.leader = None
    others.save()
    (finding, *more) = [each for each in found(robots, others) if each.code == "ratio"]
    assert finding.series_id == others.pk
    assert not finding.stops
    coming = plan_publication(series_ids=[others.pk], now=NOW).added
    assert len(more) + 1 == sum(session.ends_at > NOW for session in coming)

    robots.resources.clear()
    assert {each.series_id for each in found(robots) if each.code == "ratio"} == {robots.pk}


def test_putting_the_three_with_the_other_group_makes_eighteen_for_one_educator(centre):
    line = draft(centre, educator(centre).resource)
    assert found(line) == []
    make_group(make_activity(centre, kind="day_care"), term=line.term, capacity=3, series=[line])
    (finding, *_more) = found(line)
    assert finding.code == "ratio"
    assert finding.sentence.facts["children"] == 18


def test_activity_of_an_instructor_outside_day_care_needs_no_educator(centre):
    line = draft(centre, make_colleague(centre).resource, kind="tutoring", places=5)
    assert found(line) == []


def test_unchecked_person_stops_what_children_come_to_and_nothing_else(centre):
    unchecked = make_colleague(centre, checked=False)
    term = make_term(centre.timetable)
    for_children = draft(centre, unchecked.resource, kind="tutoring", term=term)
    for_adults = draft(centre, unchecked.resource, kind="tutoring", term=term, starts=time(18), ends=time(19))
    Group.objects.filter(series=for_adults).update(age_from=18)
    (finding,) = found(for_children, for_adults)
    assert (finding.code, finding.stops, finding.series_id) == ("unverified_staff", True, for_children.pk)


def test_leader_whom_nobody_knows_is_not_checked(centre):
    line = draft(centre, make_specialist(centre.timetable), kind="tutoring")
    assert codes(line) == {"unverified_staff"}


def test_checks_that_run_out_during_the_term_are_announced(centre):
    member = make_colleague(centre)
    member.checks.update(checked_on=date(2025, 1, 15))
    (finding,) = found(draft(centre, member.resource, kind="tutoring"))
    assert (finding.code, finding.stops) == ("check_expires", False)
    assert finding.period.start.date() >= date(2027, 1, 15)


def test_nobody_is_planned_in_two_villages_without_time_for_the_way(centre):
    here, there = (make_place(centre.timetable) for _ in range(2))
    PlaceDistance.objects.record(here, there, 30)
    member, term = make_colleague(centre), make_term(centre.timetable)
    rooms = [make_room(centre.timetable, place=place) for place in (here, there)]
    first = draft(centre, member.resource, kind="tutoring", term=term, room=rooms[0])
    for minute, expected in ((10, {"travel"}), (15, set())):
        starts = time(17, minute)
        second = draft(centre, member.resource, kind="tutoring", term=term, room=rooms[1], starts=starts, ends=time(18))
        assert codes(first, second) == expected


def test_published_week_goes_red_when_a_check_runs_out_or_somebody_is_away(centre):
    member = educator(centre)
    line = draft(centre, member.resource)
    Group.objects.update(places_taken=3)
    publish_series(series_ids=[line.pk], now=NOW)
    week = Session.objects.filter(series=line, starts_at__lt=NOW + timedelta(days=7))
    assert check_sessions(week, centre=centre, now=NOW) == []
    make_time_off(member, WEDNESDAY, WEDNESDAY + timedelta(days=1))
    assert {each.code for each in check_sessions(week, centre=centre, now=NOW)} == {"ratio", "time_off"}
    member.checks.update(checked_on=date(2024, 1, 1))
    assert "unverified_staff" in {each.code for each in check_sessions(week, centre=centre, now=NOW)}


def test_check_of_a_term_asks_as_much_for_many_lines_as_for_few(centre):
    member, term = make_colleague(centre), make_term(centre.timetable)
    lines = [
        draft(centre, member.resource, kind="tutoring", term=term, starts=time(8 + hour), ends=time(8 + hour, 45))
        for hour in range(10)
    ]
    counts = []
    for some in (lines[:2], lines):
        plan = plan_publication(series_ids=[one.pk for one in some], now=NOW)
        with CaptureQueriesContext(connection) as queries:
            check_publication(plan, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
