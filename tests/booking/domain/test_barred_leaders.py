"""An educator with a contact ban in her own group: the organiser gets a sign, on every page where she could act."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.barred_leaders import barred_leaders, barred_pairs
from booking.models import Guardianship
from scheduler.models import Reservation, Session
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_guardianship,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    return make_family(make_centre())


@pytest.fixture
def educator(family):
    return make_staff("educator", centre=family.household.centre)


@pytest.fixture
def group(family, educator):
    made = make_weekly_group(make_activity(family.household.centre), leader=educator.resource)
    make_enrolment(family.child, made)
    return made


def pairs(group):
    return barred_pairs([group.pk], on=TODAY, now=NOW)


def test_leader_with_a_ban_is_found_and_nobody_else(family, educator, group):
    assert pairs(group) == []
    make_guardianship(make_staff("educator", centre=family.household.centre).person, family.child, contact_ban=True)
    assert pairs(group) == [], "she leads another group"
    make_guardianship(educator.person, family.child, contact_ban=True)
    assert pairs(group) == [(educator.person, family.child)]


@pytest.mark.parametrize(
    "facts", [{"ends_on": TODAY - timedelta(days=1)}, {"starts_on": TODAY + timedelta(days=1)}, {"contact_ban": False}]
)
def test_ban_that_does_not_hold_is_no_sign(family, educator, group, facts):
    make_guardianship(educator.person, family.child, **({"contact_ban": True} | facts))
    assert pairs(group) == []


def test_sign_goes_when_somebody_else_leads_what_is_to_come(family, educator, group):
    make_guardianship(educator.person, family.child, contact_ban=True)
    coming = Session.objects.filter(series__groups=group, ends_at__gt=NOW)
    Reservation.objects.filter(session__in=coming).delete()
    coming.update(leader=None)
    assert pairs(group) == []


def test_child_that_left_is_no_sign(family, educator, group):
    make_guardianship(educator.person, family.child, contact_ban=True)
    family.child.enrolments.update(status="withdrawn")
    assert pairs(group) == []


def test_one_query_where_nobody_is_barred(group, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert barred_leaders([group.pk], on=TODAY, now=NOW) == {}


def test_organiser_reads_it_on_the_card_the_line_and_the_date(family, educator, group):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(centre=family.household.centre).person.account)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]
    pages = [
        reverse("desk-family", args=[family.household.pk]),
        reverse("desk-line", args=[group.pk]),
        reverse("board-session", args=[session.pk]),
    ]
    words = f"{educator.person} must have no contact with {family.child}, but leads"
    with time_machine.travel(NOW, tick=False):
        assert [words in client.get(page).content.decode() for page in pages] == [False] * 3
        Guardianship.objects.create(guardian=educator.person, child=family.child, contact_ban=True)
        assert [words in client.get(page).content.decode() for page in pages] == [True] * 3
