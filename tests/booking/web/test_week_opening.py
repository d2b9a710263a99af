"""Which week a page opens on at the end of a week."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.http import QueryDict
from django.urls import reverse

from booking.models import Role
from booking.web.week_opening import opening_week
from scheduler.models import Session
from tests.factories import (
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
MONDAY, NEXT_MONDAY = date(2026, 11, 16), date(2026, 11, 23)


@pytest.fixture
def term():
    """Make a term with one series, every Saturday 10:00–11:00 of the wall clock."""
    term = make_term()
    make_series(term, day=date(2026, 9, 5), starts=time(10, 0), ends=time(11, 0))
    return term


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        (datetime(2026, 11, 20, 22, 0, tzinfo=WARSAW), MONDAY),
        (datetime(2026, 11, 21, 10, 59, tzinfo=WARSAW), MONDAY),
        (datetime(2026, 11, 21, 11, 0, tzinfo=WARSAW), NEXT_MONDAY),
        (datetime(2026, 11, 22, 23, 59, tzinfo=WARSAW), NEXT_MONDAY),
        (datetime(2026, 11, 23, 0, 0, tzinfo=WARSAW), NEXT_MONDAY),
    ],
)
def test_page_opens_on_the_coming_week_once_this_one_is_over(term, moment, monday):
    sessions = Session.objects.of_timetable(term.timetable_id)
    assert opening_week(QueryDict(""), sessions=sessions, now=moment, zone=WARSAW) == monday


def test_cancelled_session_does_not_hold_the_week_open(term):
    Session.objects.filter(planned_date=date(2026, 11, 21)).update(status=Session.Status.CANCELLED)
    now = datetime(2026, 11, 21, 9, 0, tzinfo=WARSAW)
    sessions = Session.objects.of_timetable(term.timetable_id)
    assert opening_week(QueryDict(""), sessions=sessions, now=now, zone=WARSAW) == NEXT_MONDAY


@pytest.mark.parametrize("query", ["week=2026-W47", "from=2026-11-18"])
def test_week_asked_for_is_shown_though_it_is_over(term, query):
    now = datetime(2026, 11, 22, 12, 0, tzinfo=WARSAW)
    sessions = Session.objects.of_timetable(term.timetable_id)
    assert opening_week(QueryDict(query), sessions=sessions, now=now, zone=WARSAW) == MONDAY


def test_every_week_page_opens_on_the_coming_week_on_sunday_and_leads_back(client):
    centre = make_centre(slug="centrum")
    specialist = make_staff(Role.SPECIALIST, centre=centre)
    group = make_weekly_group(make_activity(centre), leader=specialist.resource)
    family = make_family(centre, children=(7,))
    make_enrolment(family.children[0], group)
    readers = {
        reverse("centre", args=["centrum"]): None,
        reverse("family"): family.account,
        reverse("diary"): specialist.person.account,
        reverse("board"): make_staff(Role.ORGANISER, centre=centre).person.account,
    }
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=WARSAW), tick=False):
        for address, account in readers.items():
            if account:
                client.force_login(account)
            answer = client.get(address)
            assert answer.context["week"].days[0].date == NEXT_MONDAY, address
            back = client.get(address + answer.context["links"].present)
            assert back.context["week"].days[0].date == MONDAY, address
