"""The page on which one of the family is chosen: it asks the same few questions however much there is to choose."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Activity, Group
from tests.factories import NOW, Family, make_activity, make_enrolment, make_family, make_person, make_weekly_group

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2026, 9, 2)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def home() -> tuple[Family, Group]:
    """Return a family of which one is too old for a group, one goes elsewhere and one could come."""
    family = make_family(children=(7, 8, 13))
    group = make_group_of(make_activity(family.household.centre, name="Robotyka"), 0)
    elsewhere = make_activity(family.household.centre, name="Szachy")
    for child in family.children[:2]:
        make_enrolment(child, make_weekly_group(elsewhere, day=FIRST_DAY + timedelta(days=1)))
    return family, group


def make_group_of(activity: Activity, number: int) -> Group:
    group = make_weekly_group(
        activity,
        name=f"{activity.name} {number}",
        ages=(6, 9),
        capacity=1,
        waitlist=True,
        day=FIRST_DAY,
        starts=time(8 + number % 8, number),
        ends=time(8 + number % 8, number + 1),
    )
    make_enrolment(make_person(age=8), group)
    return group


def questions(family: Family, group: Group) -> int:
    client = Client()
    client.force_login(family.account)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(reverse("enrol", args=[group.pk]))
    assert answer.status_code == 200
    return len(asked)


def test_page_of_choice_asks_the_same_of_three_groups_and_of_thirty():
    family, group = home()
    for number in range(1, 3):
        make_group_of(group.activity, number)
    few = questions(family, group)
    for number in range(3, 30):
        make_group_of(group.activity, number)
    assert questions(family, group) == few
