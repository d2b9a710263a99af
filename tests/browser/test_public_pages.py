"""Every public page in a real browser: nothing in anybody's way, on a desk, on a phone and on paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from booking.models import Activity, Group
from scheduler.domain.sessions import cancel_session
from tests.browser.axe import examined_page, findings
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_group,
    make_place,
    make_room,
    make_series,
    make_service,
    make_specialist,
    make_term,
    make_weekly_group,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Offer:
    """A centre with something of everything."""

    paths: list[str]
    group: Group


@pytest.fixture
def offer(live_server: LiveServer):
    with time_machine.travel(NOW, tick=True):
        yield _offer()


def _offer() -> Offer:
    centre = make_centre(
        slug="klobuczek", name="Centrum wsparcia rodziny w Kłobuczku", phone="34 100 20 30", email="biuro@example.org"
    )
    place = make_place(centre.timetable, name="Dom Kultury", village="Kłobuczek", step_free=True, lift=True)
    room = make_room(centre.timetable, name="Pracownia robotyki", place=place)
    leader = make_specialist(centre.timetable, name="Michał Trybik")
    robotics = make_activity(centre, name="Robotyka", summary="Budujemy roboty.", provider="Fundacja Klocek")
    group = make_weekly_group(robotics, name="Maluchy", ages=(6, 9), room=room, leader=leader)
    dance = make_weekly_group(
        make_activity(centre, name="Taniec", kind="dance"), name="Starszaki", ages=(10, 13), capacity=0
    )
    session = dance.series.get().sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    cancel_session(session_id=session.pk, note="Instruktorka jest chora.", now=NOW)
    term = make_term(centre.timetable)
    meals = [
        make_series(term, title="Posiłek", day=date(2026, 9, day), starts=time(14), ends=time(14, 30))
        for day in (1, 2, 3)
    ]
    day_care = make_activity(centre, name="Świetlica", kind=Activity.Kind.DAY_CARE)
    make_group(day_care, term=term, series=meals, entry=Group.Entry.CENTRE)
    make_service(centre, name="Porady prawne", entry="walk_in").series.add(
        make_series(term, title="Dyżur prawnika", day=date(2026, 9, 4), kind="duty")
    )
    make_service(centre, name="Psychoterapia")
    week = "/c/klobuczek/"
    paths = [
        week,
        f"{week}?view=list",
        f"{week}?week=2026-W53",
        f"{week}?age=50",
        f"{week}?week=1",
        f"{week}activities/",
        f"{week}activities/?kind=dance&kind=magic&weekday=2",
        f"{week}g/{group.pk}/",
        f"{week}g/{dance.pk}/",
        "/deklaracja-dostepnosci/",
        "/prywatnosc/",
    ]
    return Offer(paths, group)


@pytest.mark.parametrize("view", [(1280, "light", "pl-PL"), (390, "dark", "uk-UA"), (320, "light", "en-GB")])
def test_public_pages_have_no_findings_and_fit_the_screen(
    browser: Browser, live_server: LiveServer, offer: Offer, view: tuple[int, str, str]
):
    width, scheme, locale = view
    look = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "locale": locale}
    wrong = []
    with examined_page(browser, live_server.url, **look) as page:
        for path in offer.paths:
            page.goto(path)
            wrong += [f"{path} {each}" for each in findings(page)]
        make_centre(slug="bojszowka", name="Centrum w Bojszówce", accent="plum")
        for path in ("/", "/prywatnosc/"):
            page.goto(path)
            wrong += [f"{path} {each}" for each in findings(page)]
    assert wrong == []


def test_filters_work_without_javascript(browser: Browser, live_server: LiveServer, offer: Offer):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="pl-PL")
    page = context.new_page()
    page.goto("/c/klobuczek/activities/")
    page.get_by_label("Wiek").select_option("7")
    page.get_by_role("button", name="Pokaż").first.click()
    expect(page.locator(".offer-group")).to_have_count(2)  # robotics, and day care that is for all
    page.locator("summary", has_text="Dzień, rodzaj").click()
    page.get_by_text("Robotyka", exact=True).first.click()
    page.get_by_role("button", name="Pokaż").last.click()
    expect(page.locator(".offer-group")).to_have_count(1)
    page.get_by_role("link", name="Pokaż wszystko").click()
    expect(page.locator(".offer-group")).to_have_count(3)
    context.close()


def test_week_is_walked_by_its_links(page: Page, offer: Offer):
    page.goto("/c/klobuczek/")
    expect(page.locator(".week-title")).to_have_text("16–22 listopada 2026")
    page.get_by_role("link", name="Następny tydzień").click()
    expect(page.locator(".week-title")).to_have_text("23–29 listopada 2026")
    page.get_by_role("link", name="Lista").click()
    expect(page.locator(".week--list")).to_be_visible()
    expect(page.locator(".week-title")).to_have_text("23–29 listopada 2026")
    page.get_by_role("link", name="Ten tydzień").click()
    page.get_by_role("link", name="Robotyka").first.click()
    expect(page.locator("h1")).to_have_text("Robotyka – Maluchy")


def test_phone_reaches_a_day_by_the_strip_of_days(page: Page, offer: Offer):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/c/klobuczek/")
    page.get_by_role("link", name="środa 18 listopada").click()
    expect(page.locator("#day-2026-11-18")).to_be_in_viewport()


def test_language_switch_keeps_the_page(page: Page, offer: Offer):
    page.goto("/c/klobuczek/?view=list&week=2026-W48")
    page.get_by_role("button", name="Українська").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    assert page.url.endswith("/c/klobuczek/?view=list&week=2026-W48")


@pytest.mark.parametrize("path", ["/c/klobuczek/", "/c/klobuczek/?week=2026-W46", "/c/klobuczek/?week=2026-W52"])
def test_week_prints_on_one_sheet_of_a4_landscape(page: Page, offer: Offer, path):
    page.goto(path)
    paper = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper, re.DOTALL)
    assert [(round(float(width)), round(float(height))) for width, height in sheets] == [(842, 595)]
