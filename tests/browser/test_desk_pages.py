"""The desk in a real browser: nothing in anybody's way, on a screen and at 320 px; a family by keyboard alone."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking.models import Guardianship, Household
from notifications.delivery import deliver_due
from tests.browser.axe import examined_page, findings
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_guardianship,
    make_household,
    make_person,
    make_staff,
    make_weekly_group,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]


class Story:
    """A centre with a grandmother without e-mail, a child that must not meet somebody, and the organiser."""

    def __init__(self) -> None:
        self.centre = make_centre(name="Centrum wsparcia rodziny w Kłobuczku")
        grandmother = make_person(given_name="Jadwiga", family_name="Kłobuś", phone="+48601234567")
        child = make_person(given_name="Zosia", family_name="Kłobuś", age=8)
        self.home = make_household(self.centre, [grandmother, child])
        make_guardianship(grandmother, child, kind="actual_carer", can_consent=False)
        make_guardianship(make_person(given_name="Marek"), child, contact_ban=True, court_reference="III Nsm 1/26")
        group = make_weekly_group(make_activity(self.centre, name="Robotyka"), name="Maluchy")
        entry = make_enrolment(child, group)
        deliver_due(clock=lambda: NOW)
        self.login = make_staff(centre=self.centre).person.account
        right = Guardianship.objects.filter(guardian=grandmother).get()
        self.paths = [
            reverse("desk") + "?q=klobus",
            reverse("desk-family", args=[self.home.pk]),
            reverse("desk-calls"),
            reverse("desk-register"),
            reverse("desk-add-child", args=[self.home.pk]),
            reverse("desk-person", args=[grandmother.pk]),
            reverse("desk-rights", args=[right.pk]),
            reverse("desk-choose-group", args=[child.pk]),
            reverse("desk-enrol", args=[child.pk, group.pk]),
            reverse("desk-withdraw", args=[entry.pk]),
            reverse("desk-merge-people", args=[child.pk]),
            reverse("desk-merge-families", args=[self.home.pk]),
            reverse("desk-confirmation", args=[entry.pk]),
            reverse("desk-month", args=[child.pk]) + "?month=2026-12",
            reverse("code-card-login"),
        ]

    def enter(self, page: Page, address: str) -> None:
        client = Client()
        client.force_login(self.login)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


@pytest.fixture
def story():
    with time_machine.travel(NOW, tick=True):
        yield Story()


@pytest.mark.parametrize("size", LOOKS, ids=["screen", "320px"])
def test_nothing_is_in_anybodys_way_at_the_desk(browser: Browser, live_server: LiveServer, story: Story, size):
    with examined_page(browser, live_server.url, locale="pl", viewport=size) as page:
        story.enter(page, live_server.url)
        wrong = {}
        for path in story.paths:
            assert page.goto(path).status == 200, path
            if found := findings(page):
                wrong[path] = found
        assert wrong == {}


def test_family_is_written_down_by_keyboard_alone(browser: Browser, live_server: LiveServer, story: Story):
    with examined_page(browser, live_server.url, locale="pl", java_script_enabled=False) as page:
        story.enter(page, live_server.url)
        page.goto(reverse("desk-register"))
        page.focus("[name=given_name]")
        page.keyboard.type("Halina")
        page.keyboard.press("Tab")
        page.keyboard.type("Źrebiec")
        page.focus("[name=phone]")
        page.keyboard.type("602 345 678")
        page.keyboard.press("Enter")
        page.wait_for_url("**/children/new/")

        household = Household.objects.get(name="Źrebiec")
        assert page.url.endswith(reverse("desk-add-child", args=[household.pk]))
        assert household.members.get().phone == "+48602345678"
