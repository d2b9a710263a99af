"""What is told about a group's places, and which groups a page offers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.models import Group, Role
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_place,
    make_room,
    make_series,
    make_staff,
    make_term,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("capacity", "taken", "places"),
    [(5, 0, "free"), (5, 2, "free"), (5, 3, "few"), (5, 4, "few"), (5, 5, "full"), (0, 0, "full")],
)  # fmt: skip  one table
def test_places_are_told_in_words(capacity, taken, places):
    assert Group(capacity=capacity, places_taken=taken).places == places


@pytest.mark.parametrize(
    ("facts", "is_open"),
    [
        ({}, True),
        ({"entry": Group.Entry.CENTRE}, False),
        ({"opens_at": NOW}, True),
        ({"opens_at": NOW + HOUR}, False),
        ({"closes_at": NOW}, False),
        ({"closes_at": NOW + HOUR}, True),
        ({"term": {"ends_on": date(2026, 11, 15)}}, False),
        ({"term": {"ends_on": date(2026, 11, 16)}}, True),
    ],
)
def test_question_about_many_and_about_one_have_the_same_answer(facts, is_open):
    facts = dict(facts)
    if "term" in facts:
        facts["term"] = make_term(starts_on=date(2026, 9, 1), **facts["term"])
    group = make_group(**facts)
    assert group.is_open_at(NOW) is is_open
    assert Group.objects.open_at(NOW).exists() is is_open


def test_groups_are_found_by_age_with_both_bounds_inside():
    younger, older, all_ages = make_group(ages=(6, 9)), make_group(ages=(9, 12)), make_group()
    assert set(Group.objects.for_age(6)) == {younger, all_ages}
    assert set(Group.objects.for_age(9)) == {younger, older, all_ages}
    assert set(Group.objects.for_age(13)) == {all_ages}


def test_full_groups_are_left_out():
    full, free = make_group(capacity=1), make_group(capacity=2)
    for group in (full, free):
        make_enrolment(make_person(age=8), group)
    assert list(Group.objects.with_free_places()) == [free]


def test_only_public_activities_are_shown_to_everyone():
    shown = make_group(make_activity(sensitivity="public"))
    for sensitivity in ("normal", "sensitive"):
        make_group(make_activity(sensitivity=sensitivity))
    assert list(Group.objects.public()) == [shown]


def read_catalogue() -> None:
    for group in Group.objects.catalogue():
        _ = group.activity.centre.slug, group.has_ended_at(NOW)
        for series in group.series.all():
            _ = series.starts, series.ends, series.room and series.room.place, series.leader


@pytest.mark.parametrize("number", [3, 50])
def test_catalogue_is_read_in_a_number_of_queries_that_does_not_grow(django_assert_num_queries, number):
    activity = make_activity()
    timetable = activity.centre.timetable
    room, term = make_room(timetable, place=make_place(timetable)), make_term(timetable)
    for _ in range(number):
        make_group(activity, series=[make_series(term, room=room, published=False)])
    with django_assert_num_queries(2):
        read_catalogue()


def test_group_asked_for_alone_is_seen_by_the_same_people():
    centre = make_centre()
    groups = [make_group(make_activity(centre, sensitivity=each)) for each in ("public", "normal", "sensitive")]
    family = make_family(centre)
    make_enrolment(family.child, groups[1])
    desk = make_staff(Role.ORGANISER, centre=centre).person.account
    for reader, seen in ((family.account, groups[:2]), (desk, groups), (make_family().account, groups[:1])):
        assert set(Group.objects.visible_to(reader, NOW.date())) == set(seen)
        for group in groups:
            found = Group.objects.one_visible_to(reader, NOW.date(), group.pk)
            assert found == (group if group in seen else None)
