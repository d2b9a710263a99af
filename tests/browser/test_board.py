"""The organiser's board in a real browser: by keyboard alone from a draft to the families' timetable, and by drag."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time

import pytest
import time_machine
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from booking.models import Group, Role
from notifications.models import Message
from scheduler.models import Series
from tests.browser.axe import examined_page, findings
from tests.factories import (
    NOW,
    PASSWORD,
    make_account,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_room,
    make_series,
    make_staff,
    make_weekly_group,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_TABS = 120
FOCUSED = """() => {
  const it = document.activeElement;
  const told = it.labels?.[0]?.textContent ?? it.getAttribute("aria-label") ?? it.textContent ?? "";
  return told.replace(/\\s+/g, " ").trim();
}"""


@dataclass(frozen=True)
class Town:
    """Dance on Wednesdays in the hall, a robotics group that has no dates yet, and a family in it."""

    board: str
    robotics: Group
    line: Series


@pytest.fixture
def town(live_server: LiveServer) -> Iterator[Town]:
    with time_machine.travel(NOW, tick=True):
        centre = make_centre(slug="klobuczek", name="Centrum w Kłobuczku")
        hall = make_room(centre.timetable, name="Sala ruchowa")
        make_room(centre.timetable, name="Pracownia")
        dance = make_weekly_group(
            make_activity(centre, name="Taniec", kind="dance"),
            name="Tancerze",
            room=hall,
            starts=time(10),
            ends=time(10, 45),
        )
        robotics = make_group(make_activity(centre, name="Robotyka"), term=dance.term, name="Robotyka – Maluchy")
        make_enrolment(make_family(centre).child, robotics)
        make_series(dance.term, title="Szachy", day=date(2026, 9, 7), room=hall)
        organiser = make_person(given_name="Iwona", email="iwona@example.org", reach="email")
        make_account(organiser, email="iwona@example.org")
        make_staff(Role.ORGANISER, centre=centre, person=organiser)
        Message.objects.all().delete()
        yield Town(f"/board/terms/{dance.term_id}/", robotics, Series.objects.get(title="Szachy"))


def press_tab_to(page: Page, wanted: Callable[[str], bool]) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted(page.evaluate(FOCUSED)):
            return
    pytest.fail(f"the Tab key does not reach it on {page.url}")


def follow(page: Page, words: str) -> None:
    press_tab_to(page, lambda told: told.startswith(words))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    press_tab_to(page, lambda told: told.startswith(label))
    page.keyboard.type(text)


def log_in(page: Page) -> None:
    page.goto("/login/")
    page.fill("[name=login]", "iwona@example.org")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def test_organiser_drafts_sees_a_clash_puts_it_right_and_publishes_by_keyboard_alone(page: Page, town: Town) -> None:
    log_in(page)
    page.goto("/board/")
    follow(page, "Planuj i publikuj")
    follow(page, "Nowa seria")
    press_tab_to(page, lambda told: told.startswith("Robotyka – Maluchy"))
    page.keyboard.press("Space")
    press_tab_to(page, lambda told: told == "środa")
    page.keyboard.press("Space")
    write(page, "Od godziny", "1015AM")
    write(page, "Do godziny", "1100AM")
    write(page, "Sala", "Sala")
    follow(page, "Zapisz w szkicu")
    expect(page.locator(".findings--stop")).to_contain_text("Sale zajęte podwójnie")
    follow(page, "Robotyka")
    write(page, "Sala", "Prac")
    follow(page, "Zapisz w szkicu")
    expect(page.locator(".findings--good")).to_be_visible()
    follow(page, "Zobacz, co zmieni publikacja")
    expect(page.locator("#told + p, .told-list").first).to_be_visible()
    follow(page, "Opublikuj")
    expect(page.locator(".messages")).to_contain_text("Opublikowano.")
    page.goto("/c/klobuczek/?week=2026-W48")
    expect(page.locator(".week")).to_contain_text("Robotyka")
    assert Message.objects.count() == 1


def test_line_is_dragged_to_another_room_and_stays_a_draft(page: Page, town: Town) -> None:
    page.set_viewport_size({"width": 1280, "height": 1600})
    log_in(page)
    page.goto(town.board)
    line = page.locator(".ec-event", has_text="Szachy")
    box = line.bounding_box()
    target = page.locator(".ec-col-head", has_text="Pracownia").bounding_box()
    assert box is not None
    assert target is not None
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 20, steps=4)
    page.mouse.move(target["x"] + 20, box["y"] + 10, steps=8)
    page.mouse.up()
    expect(page.locator("[data-board-status]")).to_contain_text("Przesunięto w szkicu")
    expect(page.locator("[data-board-part=banner]")).to_contain_text("To jest szkic")
    revision = Series.objects.get(replaces=town.line)
    assert revision.room is not None
    assert revision.room.name == "Pracownia"
    assert not Message.objects.exists()


def test_on_paper_stands_the_table_and_not_the_board(page: Page, town: Town) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page)
    page.goto(town.board)
    expect(page.locator(".ec-event", has_text="Szachy")).to_be_visible()
    expect(page.locator(".plan-table")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".plan-table")).to_contain_text("Szachy")
    expect(page.locator(".plan-table")).to_be_visible()
    expect(page.locator(".board-calendar")).to_be_hidden()
    expect(page.locator(".board-days")).to_be_hidden()


def test_table_of_rooms_does_not_scroll_sideways_on_a_phone(page: Page, town: Town) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    log_in(page)
    page.goto(town.board)
    table = page.locator(".table-scroll").first
    assert table.evaluate("each => each.scrollWidth <= each.clientWidth")
    expect(page.locator(".plan-table")).to_contain_text("Szachy")


def test_board_works_without_javascript(browser: Browser, live_server: LiveServer, town: Town) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="pl-PL")
    page = context.new_page()
    log_in(page)
    page.goto(town.board)
    expect(page.locator(".plan-table")).to_contain_text("Szachy")
    page.get_by_role("link", name="Szachy").first.click()
    page.get_by_role("button", name="Zakończ tę serię").click()
    page.get_by_role("link", name="Zobacz, co zmieni publikacja").click()
    page.get_by_role("button", name="Opublikuj").click()
    expect(page.locator(".messages")).to_contain_text("Opublikowano.")
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_of_the_board_have_no_findings_and_fit_the_screen(
    browser: Browser, live_server: LiveServer, town: Town, width: int
) -> None:
    term = town.board
    session = town.line.sessions.filter(starts_at__gt=NOW).earliest("starts_at")
    paths = [
        "/board/",
        "/board/?span=day&day=2026-11-23&by=room",
        "/board/?span=month",
        "/board/?span=term&by=room",
        "/board/?view=list",
        "/board/terms/",
        "/board/terms/new/",
        term,
        f"{term}?view=list",
        f"{term}?by=group",
        f"{term}copy/",
        f"{term}publish/",
        f"{term}series/new/",
        f"/board/series/{town.line.pk}/",
        f"/board/sessions/{session.pk}/",
        f"/board/sessions/{session.pk}/following/",
        "/board/closures/",
        "/c/klobuczek/?span=month",
        "/c/klobuczek/?span=term",
        "/c/klobuczek/?by=room",
    ]
    wrong = []
    with examined_page(browser, live_server.url, viewport={"width": width, "height": 800}, locale="pl-PL") as page:
        log_in(page)
        for path in paths:
            page.goto(path)
            wrong += [f"{path} {each}" for each in findings(page)]
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize(
    ("query", "size"),
    [("", (842, 595)), ("paper=a3", (1191, 842)), ("by=room&paper=a3", (1191, 842)), ("span=month", (842, 595))],
)
def test_timetable_prints_on_one_sheet(page: Page, town: Town, query: str, size: tuple[int, int]) -> None:
    page.goto(f"/c/klobuczek/?{query}")
    paper = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper, re.DOTALL)
    assert [(round(float(wide)), round(float(high))) for wide, high in boxes] == [size]
