"""A mother's afternoon without a mouse: her week, robotics for one child, why not for the other, and back again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from booking.models import Enrolment, Group
from scheduler.models import Series
from tests.factories import (
    PASSWORD,
    Family,
    born,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_group,
    make_guardianship,
    make_household,
    make_person,
    make_room,
    make_series,
    make_specialist,
    make_term,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(settings.ROOT) / "node_modules" / "axe-core" / "axe.min.js"
MOST_TABS = 80
FOCUSED = """() => {
  const it = document.activeElement;
  const told = it.labels?.[0]?.textContent ?? it.getAttribute("aria-label") ?? it.textContent ?? "";
  return told.replace(/\\s+/g, " ").trim();
}"""
FOCUS_IS_SEEN = """() => [document.activeElement, document.activeElement.closest(".choice")].some(
  (it) => it && getComputedStyle(it).outlineStyle !== "none")"""


@dataclass(frozen=True)
class Town:
    """The mother's family and the groups she looks at."""

    family: Family
    little: Group
    full: Group
    clashing: Group


@pytest.fixture
def town(live_server: LiveServer) -> Town:
    """Make a centre with a dance course that Hanna (11) goes to and three robotics groups."""
    now = timezone.now()
    today = timezone.localdate(now)
    centre = make_centre(slug="klobuczek", name="Centrum w Kłobuczku", phone="+48 100 200 300")
    term = make_term(centre.timetable, starts_on=today - timedelta(days=40), ends_on=today + timedelta(days=120))
    room = make_room(centre.timetable, name="Pracownia robotyki")
    leader = make_specialist(centre.timetable, name="Michał Trybik")
    monday = today - timedelta(days=today.weekday())

    def meet(title: str, day: int, hour: int, **facts: Any) -> Series:
        on = date.fromordinal(monday.toordinal() + day)
        return make_series(
            term, title=title, day=on, starts=time(hour), ends=time(hour + 1), on_breaks=Series.OnBreaks.RUN, **facts
        )

    mother = make_person(given_name="Marta", family_name="Zawada", email="marta@example.org", reach="email")
    account = make_account(mother, email="marta@example.org")
    hanna, zofia = (
        make_person(given_name=name, family_name="Zawada", birth_date=born(age, on=today))
        for name, age in (("Hanna", 11), ("Zofia", 7))
    )
    for child in (hanna, zofia):
        make_guardianship(mother, child)
    family = Family(make_household(centre, [mother, hanna, zofia]), mother, account, [hanna, zofia])
    dance = make_group(
        make_activity(centre, name="Taniec", kind="dance"), name="Taniec", series=[meet("Taniec", 1, 16)]
    )
    robotics = make_activity(centre, name="Robotyka")
    little = make_group(
        robotics, name="Robotyka – Maluchy", ages=(6, 9), series=[meet("Robotyka", 3, 16, room=room, leader=leader)]
    )
    full = make_group(
        robotics, name="Robotyka – Starszaki", ages=(10, 13), capacity=1, series=[meet("Starszaki", 4, 16)]
    )
    clashing = make_group(robotics, name="Robotyka – Turniej", ages=(10, 13), series=[meet("Turniej", 1, 16)])
    make_enrolment(hanna, dance, now=now)
    make_enrolment(make_person(age=11), full, now=now)
    return Town(family, little, full, clashing)


def press_tab_to(page: Page, wanted: Callable[[str], bool]) -> None:
    """Go on with the Tab key until the element in focus says what is wanted, and see that the focus is visible."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        told = page.evaluate(FOCUSED)
        if wanted(told):
            assert page.evaluate(FOCUS_IS_SEEN), f"the focus on “{told}” cannot be seen"
            return
    pytest.fail(f"the Tab key does not reach it on {page.url}")


def follow(page: Page, name: str) -> None:
    """Go to a link or button by the Tab key and press Enter."""
    press_tab_to(page, lambda told: told == name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def log_in(page: Page) -> None:
    page.goto("/family/")
    press_tab_to(page, lambda told: "e-mail" in told.lower())
    page.keyboard.type("marta@example.org")
    press_tab_to(page, lambda told: told.lower().startswith("hasło"))
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def findings(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations")
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def open_group(page: Page, name: str, way_in: str) -> None:
    """Go from any page over the catalogue and the group's page to enrolling in it."""
    follow(page, "Zajęcia i usługi")
    follow(page, name)
    follow(page, way_in)


def test_mother_enrols_one_child_learns_why_not_the_other_and_withdraws_by_keyboard(page: Page, town: Town):
    log_in(page)
    expect(page.locator("h1")).to_have_text("Mój tydzień")
    expect(page.locator(".week")).to_contain_text("Taniec")
    enrol_the_younger(page, town)
    learn_why_the_older_cannot_join(page)
    withdraw_the_younger(page, town)


def enrol_the_younger(page: Page, town: Town) -> None:
    open_group(page, "Robotyka – Maluchy", "Zapisz do tej grupy")
    older = page.locator(".choice--closed", has_text="Hanna")
    expect(older).to_contain_text("ma już za dużo lat")
    press_tab_to(page, lambda told: "Zofia" in told)
    follow(page, "Zapisz: Zofia")
    for _ in range(2):
        expect(page.locator("h1")).to_have_text("Zofia ma miejsce: Robotyka – Maluchy")
        expect(page.locator("main")).to_contain_text("marta@example.org")
        page.reload()
    assert Enrolment.objects.filter(group=town.little).count() == 1


def learn_why_the_older_cannot_join(page: Page) -> None:
    open_group(page, "Robotyka – Turniej", "Zapisz do tej grupy")
    expect(page.locator(".choice--closed", has_text="Hanna")).to_contain_text("Taniec")
    expect(page.locator(".choice--closed", has_text="Zofia")).to_contain_text("od 10 lat")
    open_group(page, "Robotyka – Starszaki", "Zobacz, co pasuje zamiast tego")
    expect(page.locator(".choice--closed", has_text="Hanna")).to_contain_text(
        "Wszystkie miejsca w tej grupie są zajęte"
    )
    expect(page.get_by_role("button", name="Zapisz")).to_have_count(0)


def withdraw_the_younger(page: Page, town: Town) -> None:
    follow(page, "Mój tydzień")
    expect(page.locator(".week")).to_contain_text("Robotyka – Maluchy")
    press_tab_to(page, lambda told: told.endswith("Zofia"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, "Wypisz: Zofia, Robotyka – Maluchy")
    follow(page, "Tak, oddaję miejsce")
    expect(page.locator("h1")).to_have_text("Miejsce oddane: Zofia, Robotyka – Maluchy")
    town.little.refresh_from_db()
    assert town.little.places_taken == 0


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_family_pages_have_no_findings_of_axe_and_fit_the_screen(
    browser: Browser, live_server: LiveServer, town: Town, width: int, look: Literal["light", "dark"]
):
    context = browser.new_context(
        base_url=live_server.url,
        bypass_csp=True,  # axe-core measures contrast with styles of its own
        color_scheme=look,
        locale="pl-PL",
        reduced_motion="reduce",
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    enrolment = make_enrolment(town.family.children[1], town.little, now=timezone.now())
    log_in(page)
    paths = [
        "/family/",
        "/family/?view=list",
        f"/family/children/{town.family.children[0].pk}/",
        f"/family/enrol/{town.full.pk}/",
        f"/family/enrol/{town.little.pk}/",
        f"/family/enrolments/{enrolment.pk}/",
        f"/family/enrolments/{enrolment.pk}/withdraw/",
        "/family/notices/",
        "/family/calendars/",
    ]
    wrong = []
    for path in paths:
        page.goto(path)
        wrong += [f"{path} {each}" for each in [*findings(page), *too_wide(page)]]
    page.locator("form:has([name=whose]) button").click()
    wrong += [f"new address {each}" for each in [*findings(page), *too_wide(page)]]
    context.close()
    assert wrong == []


def too_wide(page: Page) -> list[str]:
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [f"{over} pixels too wide"] if over > 0 else []


def test_copy_button_copies_the_secret_address(page: Page, town: Town):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(page)
    page.goto("/family/calendars/")
    page.locator("form:has([name=whose]) button").click()
    page.get_by_role("button", name="Kopiuj adres").click()
    expect(page.get_by_role("button", name="Skopiowano")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").endswith(".ics")
