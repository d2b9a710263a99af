"""The rules of a group beside its age and hours: school year, residence, limits, the way between places."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from booking.domain.refusals import refusal_for, school_year_of
from booking.models import Activity, Group, Household, Person, Policy
from scheduler.models import PlaceDistance
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_group,
    make_household,
    make_person,
    make_place,
    make_room,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


def code(child: Person, group: Group) -> str | None:
    found = refusal_for(child=child, group=group, now=NOW)
    return found.code if found else None


# -- the year of birth ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [
        (date(2019, 12, 31), None),  # seven in 2026, whatever the day
        (date(2020, 1, 1), "too_young"),
        (date(2017, 1, 1), None),
        (date(2016, 12, 31), "too_old"),
    ],
)
def test_age_by_school_year_is_that_of_the_year_of_birth(birth_date, expected):
    group = make_group(ages=(7, 9), age_rule=Group.AgeRule.SCHOOL_YEAR)
    assert code(make_person(birth_date=birth_date), group) == expected


def test_too_young_by_school_year_can_join_when_the_next_ones_begin():
    group = make_group(ages=(7, 9), age_rule=Group.AgeRule.SCHOOL_YEAR)
    child = make_person(given_name="Zosia", birth_date=date(2020, 1, 1))
    with override("en"):
        assert "1 September 2027" in str(refusal_for(child=child, group=group, now=NOW))


def test_school_year_begins_in_september():
    assert [school_year_of(day) for day in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 2, 1))] == [
        2025,
        2026,
        2026,
    ]


# -- residence --------------------------------------------------------------------------------------------------------


def test_group_for_residents_takes_those_with_a_home_in_the_municipality():
    group = make_group(residents_only=True)
    child = make_person(age=8)
    assert code(child, group) == "not_resident"
    make_household(make_centre(), [child])
    assert code(child, group) == "not_resident"
    home = make_household(group.activity.centre, [child])
    assert code(child, group) is None
    Household.objects.filter(pk=home.pk).update(is_resident=False)
    assert code(child, group) == "not_resident"


# -- limits -----------------------------------------------------------------------------------------------------------


def limit(group: Group, value: int, *, from_day: date = date(2026, 9, 1)) -> None:
    Policy.objects.create(
        centre=group.activity.centre,
        key=Policy.Key.GROUPS_PER_CHILD,
        value=value,
        valid_from=from_day,
        source="Regulamin, par. 4",
    )


def test_limit_of_groups_counts_places_of_the_term_but_no_day_care():
    first = make_group()
    centre, term = first.activity.centre, first.term
    day_care = make_group(make_activity(centre, kind=Activity.Kind.DAY_CARE), term=term)
    wanted = make_group(first.activity, term=term)
    child = make_person(age=8)
    limit(first, 1)
    make_enrolment(child, day_care)
    assert code(child, wanted) is None
    make_enrolment(child, first)
    assert code(child, wanted) == "limit_reached"
    assert code(child, make_group(first.activity)) is None  # another term


def test_limit_holds_from_its_day():
    first = make_group()
    child = make_person(age=8)
    make_enrolment(child, first)
    limit(first, 1, from_day=date(2026, 11, 17))
    assert code(child, make_group(first.activity, term=first.term)) is None


# -- the way between places -------------------------------------------------------------------------------------------


@pytest.fixture
def two_villages() -> tuple[Group, Activity, Person]:
    """A child in a group until 16:45 in one village, and an activity in another, half an hour away."""
    centre = make_centre()
    here, there = make_place(centre.timetable), make_place(centre.timetable)
    PlaceDistance.objects.record(there, here, 30)
    child = make_person(age=8)
    first = make_weekly_group(make_activity(centre), room=make_room(centre.timetable, place=here))
    make_enrolment(child, first)
    return first, make_activity(centre), child


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(16, 30), time(17, 0), "clash"),
        (time(17, 14), time(18, 0), "clash"),
        (time(17, 15), time(18, 0), None),
        (time(15, 0), time(15, 31), "clash"),
        (time(15, 0), time(15, 30), None),
    ],
)
def test_child_needs_time_for_the_way(two_villages, starts, ends, expected):
    first, activity, child = two_villages
    timetable = activity.centre.timetable
    there = timetable.places.exclude(rooms__in=[first.series.get().room]).get()
    group = make_weekly_group(activity, starts=starts, ends=ends, room=make_room(timetable, place=there))
    assert code(child, group) == expected


def test_in_one_place_the_next_meeting_may_follow_at_once(two_villages):
    first, activity, child = two_villages
    room = make_room(activity.centre.timetable, place=first.series.get().room.place)
    assert code(child, make_weekly_group(activity, starts=time(16, 45), ends=time(17, 30), room=room)) is None


def test_sentence_says_that_it_is_the_way(two_villages):
    first, activity, child = two_villages
    there = activity.centre.timetable.places.exclude(rooms__in=[first.series.get().room]).get()
    room = make_room(activity.centre.timetable, place=there)
    group = make_weekly_group(activity, starts=time(17, 0), ends=time(17, 30), room=room)
    with override("en"):
        assert "too far away" in str(refusal_for(child=child, group=group, now=NOW))


def test_way_is_stored_once_for_both_directions():
    timetable = make_centre().timetable
    one, other = make_place(timetable), make_place(timetable)
    PlaceDistance.objects.record(one, other, 20)
    PlaceDistance.objects.record(other, one, 25)
    assert PlaceDistance.objects.minutes_of(timetable.pk) == {frozenset((one.pk, other.pk)): 25}
    way = PlaceDistance.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceDistance.objects.create(one=way.other, other=way.one, minutes=5)
