"""Pages of visits in a real browser: of families, desk, diary and the link in a message; at 320 px and by keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking.messages.appointments import link_secret
from booking.models import Account, Appointment
from tests.browser.axe import examined_page, findings
from tests.factories import NOW, make_family, make_staff
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TO_WEDNESDAY = timedelta(days=2)
LOOKS = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]


class Story:
    """A specialist with hours and visits, a family that books, an organiser who plans."""

    def __init__(self) -> None:
        cache.clear()
        practice = make_practice(facts={"home": True, "phone": True}, home=True, phone=True)
        family = make_family(practice.service.centre)
        self.account, self.child, self.service = family.account, family.child, practice.service
        visit = make_visit(practice, wall(10), person=family.child)
        make_visit(practice, wall(11), person=family.child, mode="home", address="ul. Leśna 3")
        organiser = make_staff(centre=practice.service.centre).person.account
        book, query = reverse("book-visit", args=[practice.service.pk]), f"?person={family.child.pk}"
        link = reverse("visit-by-link", args=[link_secret(visit.pk, family.guardian.pk)])
        own = reverse("family-appointment", args=[visit.pk])
        window = reverse("window", args=[practice.window.pk])
        desk_book = reverse("desk-book-visit", args=[family.child.pk, practice.service.pk])
        at_nine = f"&mode=office&starts_at={wall(9).isoformat().replace('+', '%2B')}"
        self.booking = f"{book}{query}&mode=office"
        self.pages: dict[Account | None, list[str]] = {
            family.account: [
                reverse("family-appointments"),
                own,
                f"{own}?move=1",
                reverse("book-services"),
                book,
                self.booking,
                f"{book}{query}{at_nine}",
            ],
            practice.member.person.account: [
                reverse("diary"),
                reverse("diary-visit", args=[visit.pk]),
                reverse("windows"),
                reverse("window-new"),
                window,
                reverse("window-close", args=[practice.window.pk]),
            ],
            organiser: [
                f"{reverse('windows')}?all=1",
                f"{reverse('windows')}?specialist={practice.specialist.pk}",
                reverse("board-services"),
                reverse("board-service", args=[practice.service.pk]),
                reverse("board-closures"),
                reverse(
                    "board-session",
                    args=[practice.window.series.sessions.get(planned_date=NOW.date() + TO_WEDNESDAY).pk],
                ),
                reverse("desk-visits", args=[family.child.pk]),
                desk_book,
                reverse("desk-visit", args=[visit.pk]),
                reverse("desk-visit-confirmation", args=[visit.pk]),
                reverse("desk-visits-settle"),
                reverse("desk-hours"),
            ],
            None: [link],
        }


def enter(page: Page, account: Account, address: str) -> None:
    client = Client()
    client.force_login(account)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


@pytest.fixture
def story():
    with time_machine.travel(NOW, tick=True):
        yield Story()


@pytest.mark.parametrize("size", LOOKS, ids=["screen", "320px"])
def test_nothing_is_in_anybodys_way(browser: Browser, live_server: LiveServer, story: Story, size):
    wrong = {}
    for account, paths in story.pages.items():
        with examined_page(browser, live_server.url, locale="pl", viewport=size) as page:
            if account is not None:
                enter(page, account, live_server.url)
            for path in paths:
                assert page.goto(path).status == 200, path
                if found := findings(page):
                    wrong[path] = found
            if account is None:
                page.fill("input[name=letters]", story.child.family_name[:3])
                page.keyboard.press("Enter")
                page.wait_for_selector("dl.facts")
                if found := findings(page):
                    wrong["link"] = found
    assert wrong == {}


def test_visit_is_booked_by_keyboard(browser: Browser, live_server: LiveServer, story: Story):
    with examined_page(browser, live_server.url, locale="pl") as page:
        enter(page, story.account, live_server.url)
        page.goto(story.booking)
        reach(page, ".slots a")
        page.keyboard.press("Enter")
        page.wait_for_url("**starts_at**")
        reach(page, "form.panel button[type=submit]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/family/appointments/*/")
    assert Appointment.objects.filter(source="page", booked_by=story.account).count() == 1


def reach(page: Page, wanted: str) -> None:
    """Press Tab until something that fits has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(wanted)
