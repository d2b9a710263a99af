"""Hours are counted by specialist and service, without names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from booking.domain.visit_hours import hours_given, walk_ins
from booking.models import WalkIn
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db

NOVEMBER = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}


@pytest.fixture
def practice():
    return make_practice()


def count(practice, **whose):
    return hours_given(centre=practice.service.centre, **NOVEMBER, **whose)


def test_hours_count_what_took_place_as_long_as_it_took(practice):
    make_visit(practice, wall(9), status="held")
    longer = make_visit(practice, wall(10), status="held")
    longer.minutes = 80
    longer.save()
    make_visit(practice, wall(11), status="no_show")
    make_visit(practice, wall(12), status="cancelled_late")
    make_visit(practice, wall(9, day=date(2026, 11, 25)))
    make_visit(practice, wall(9, day=date(2026, 12, 2)), status="held")
    (row,) = count(practice)
    assert (row.held, row.interrupted, row.no_show, row.excused, row.cancelled_late) == (2, 0, 1, 0, 1)
    assert (row.minutes, row.joined) == (50 + 80, False)
    assert (row.specialist, row.service) == (practice.specialist.name, practice.service.name)


def test_visit_that_was_broken_off_counts_its_minutes(practice):
    visit = make_visit(practice, wall(9), status="interrupted")
    visit.minutes = 15
    visit.save()
    (row,) = count(practice)
    assert (row.held, row.interrupted, row.attended, row.minutes) == (0, 1, 1, 15)


def test_visit_of_two_counts_for_both_and_says_so(practice):
    colleague = make_practice(practice.service).specialist
    make_visit(practice, wall(9), status="held").colleagues.add(colleague)
    rows = {row.specialist: (row.held, row.minutes, row.joined) for row in count(practice)}
    assert rows == {practice.specialist.name: (1, 50, False), colleague.name: (1, 50, True)}
    (own,) = count(practice, specialist=colleague)
    assert (own.specialist, own.minutes) == (colleague.name, 50)


def test_of_the_nameless_sex_and_age_are_counted(practice):
    facts = {"status": "held", "source": "afterwards"}
    named = make_visit(practice, wall(9), **facts)
    nameless = make_visit(practice, wall(10), **facts)
    nameless.person, nameless.minutes = None, 35
    nameless.save()
    WalkIn.objects.create(appointment=nameless, sex="female", age="senior")
    make_visit(practice, wall(11), status="held")
    type(named).objects.filter(pk=named.pk).update(minutes=20)
    (row,) = walk_ins(centre=practice.service.centre, **NOVEMBER)
    assert (row.visits, row.named, row.minutes) == (2, 1, 55)
    assert (row.sex, row.age["senior"]) == ({"female": 1, "male": 0, "unknown": 0}, 1)
    assert walk_ins(centre=practice.service.centre, **NOVEMBER, specialist=make_practice().specialist) == []


def test_hours_ask_as_often_for_many_as_for_one(practice, django_assert_num_queries):
    for _ in range(3):
        other = make_practice(practice.service)
        make_visit(other, wall(9) + timedelta(weeks=1), status="held")
    with django_assert_num_queries(2):
        assert len(count(practice)) == 3
