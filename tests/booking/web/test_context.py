"""The main menu: what is open to whom, where each begins, and which entry is marked."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from booking.models import Role
from tests.factories import make_account, make_centre, make_family, make_staff, make_weekly_group

pytestmark = pytest.mark.django_db


def marked(page: str) -> set[tuple[str, str]]:
    """Return the addresses that the menu marks, and how."""
    return set(re.findall(r'<a href="([^"]+)" aria-current="(page|true)">', page.split("<main", maxsplit=1)[0]))


def test_menu_marks_the_page_and_the_part_that_a_page_below_belongs_to(client):
    family = make_family(make_centre(slug="centrum"))
    client.force_login(family.account)
    child = reverse("family-child", args=[family.children[0].pk])
    for address, mark in (
        (reverse("family"), (reverse("family"), "page")),
        (child, (reverse("family"), "true")),
        (reverse("family-calendars"), (reverse("family-calendars"), "page")),
        ("/c/centrum/", ("/c/centrum/", "page")),
        (reverse("catalogue", args=["centrum"]), (reverse("catalogue", args=["centrum"]), "page")),
    ):
        assert marked(client.get(address).content.decode()) == {mark}, address


def test_menu_marks_nothing_on_pages_of_no_part(client):
    make_centre()
    assert marked(client.get(reverse("privacy")).content.decode()) == set()


def test_stranger_s_menu_marks_the_timetable_on_a_group_s_page(client):
    group = make_weekly_group()
    centre = group.activity.centre.get_absolute_url()
    assert marked(client.get(group.get_absolute_url()).content.decode()) == {(centre, "true")}


@pytest.mark.parametrize("role", Role.values)
def test_everybody_begins_on_a_page_that_opens(client, role):
    member = make_staff(role, centre=make_centre())
    client.force_login(member.person.account)
    answer = client.get(reverse("home"), follow=True)
    assert answer.status_code == 200
    assert reverse("family") not in answer.content.decode()


def test_administrator_begins_in_the_administration(client):
    make_centre()
    client.force_login(make_account(is_staff=True, is_superuser=True))
    answer = client.get(reverse("home"))
    assert answer.headers["Location"] == reverse("admin:index")
    assert reverse("admin:index") in client.get(reverse("privacy")).content.decode()
    assert reverse("family") not in client.get(reverse("privacy")).content.decode()
