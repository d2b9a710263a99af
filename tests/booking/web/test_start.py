"""Where those begin whose role has no pages of its own: an honest page with ways that open."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from booking.models import Role
from booking.models.staff import DESK_ROLES, DIARY_ROLES, PLANNING_ROLES
from booking.web.start import ABOUT
from tests.factories import make_centre, make_family, make_guardianship, make_person, make_staff

pytestmark = pytest.mark.django_db


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_every_role_without_pages_of_its_own_is_told_what_it_can_do():
    with_pages = {*PLANNING_ROLES, *DESK_ROLES, *DIARY_ROLES, Role.REFERRER}
    beside_another = {Role.CONFIDANT}
    assert set(ABOUT) == set(Role) - with_pages - beside_another


@pytest.mark.parametrize("role", sorted(ABOUT))
@pytest.mark.parametrize(
    ("language", "title"),
    [("pl", "Co można tu zrobić"), ("en", "What you can do here"), ("uk", "Що тут можна зробити")],
)
def test_home_of_a_role_leads_only_to_pages_that_open(role, language, title):
    member = make_staff(role, centre=make_centre(phone="+48 100 200 300"))
    client = client_of(member.person.account)
    client.cookies["django_language"] = language
    assert client.get(reverse("home")).headers["Location"] == reverse("start")
    page = client.get(reverse("start"))
    words = page.content.decode()
    assert title in words
    main = words.split("<main", maxsplit=1)[1].split("</main>")[0]
    links = [link for link in re.findall(r'<a href="([^"]+)"', main) if link.startswith("/")]
    pages = {Role.DIRECTOR: ("desk-hours", "desk-caseloads"), Role.AUDITOR: ("desk-hours",)}.get(role, ())
    reports = [f"{reverse(page)}?centre={member.centre.slug}" for page in pages]
    assert len(links) == 5 + len(reports)
    assert links[: len(reports)] == reports
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_officer_for_data_begins_with_what_is_told_about_data():
    client = client_of(make_staff(Role.DPO, centre=make_centre()).person.account)
    main = client.get(reverse("start")).content.decode().split("<main", maxsplit=1)[1]
    assert main.index(reverse("privacy")) < main.index("/c/")


def test_guardian_with_such_a_role_has_her_family_too():
    member = make_staff(Role.VOLUNTEER, centre=make_centre())
    make_guardianship(member.person, make_person(age=7))
    assert reverse("family") in client_of(member.person.account).get(reverse("start")).content.decode()


def test_families_and_strangers_have_no_such_page():
    assert client_of(make_family().account).get(reverse("start")).status_code == 404
    assert Client().get(reverse("start")).status_code == 302
