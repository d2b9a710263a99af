"""Visits beside the family's meetings: in the week as grid and list, on a child's page, and earlier times to answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, make_centre, make_co_guardian, make_family, make_service
from tests.factories_safety import make_decision
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice(make_service(make_centre(), name="Porady prawne", minutes=50, notice_hours=0))


@pytest.fixture
def family(practice):
    return make_family(practice.service.centre)


def signed_in(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.mark.parametrize("view", ["", "list"])
def test_week_shows_visits_with_a_link_to_each(family, practice, view):
    visit = make_visit(practice, TEN, person=family.child)
    page = signed_in(family.account).get(reverse("family"), {"view": view, "from": "2026-11-18"}).content.decode()
    assert reverse("family-appointment", args=[visit.pk]) in page
    assert "Porady prawne" in page
    assert practice.specialist.name in page


def test_page_of_a_child_shows_only_her_visits(family, practice):
    own = make_visit(practice, TEN, person=family.child)
    mothers = make_visit(practice, wall(11), person=family.guardian)
    page = signed_in(family.account).get(reverse("family-child", args=[family.child.pk])).content.decode()
    assert reverse("family-appointment", args=[own.pk]) in page
    assert reverse("family-appointment", args=[mothers.pk]) not in page


def test_held_time_needs_an_answer_of_who_may_book(family, practice):
    held = {"status": "offered", "expires_at": NOW + timedelta(hours=3)}
    visit = make_visit(practice, TEN, person=family.child, **held)
    watching = make_co_guardian(family, can_book=False)
    page = signed_in(family.account).get(reverse("family")).content.decode()
    assert "Termin, który dla Ciebie trzymamy: Porady prawne" in page
    assert reverse("family-appointment", args=[visit.pk]) in page
    assert "Termin, który dla Ciebie trzymamy" not in signed_in(watching).get(reverse("family")).content.decode()


def test_hidden_visits_are_nowhere(family, practice):
    second = make_co_guardian(family)
    make_visit(practice, TEN, person=family.child)
    make_decision(family.child, guardian=second.person)
    for page in (reverse("family", query={"from": "2026-11-18"}), reverse("family-child", args=[family.child.pk])):
        assert "Porady prawne" in signed_in(family.account).get(page).content.decode()
        assert "Porady prawne" not in signed_in(second).get(page).content.decode()


def test_adult_without_children_sees_her_visit_in_her_week(practice):
    adult = make_family(practice.service.centre, children=())
    visit = make_visit(practice, TEN, person=adult.guardian)
    page = signed_in(adult.account).get(reverse("family"), {"from": "2026-11-18"}).content.decode()
    assert reverse("family-appointment", args=[visit.pk]) in page
