"""Absences, staff and rooms in a real browser: nothing in anybody's way, and an absence settled by keyboard alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking.domain.cover_tasks import keep_tasks
from booking.models import Account, TimeOff
from scheduler.models import RoomRequest, Session
from tests.browser.axe import examined_page, findings
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_equipment,
    make_room,
    make_series,
    make_staff,
    make_weekly_group,
)
from tests.factories_staffing import WEDNESDAY, make_colleague, make_time_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]


class Story:
    """Robotics on Wednesday, whose leader falls ill; another leave that waits; a room of the fire brigade."""

    def __init__(self) -> None:
        self.centre = make_centre(name="Centrum wsparcia rodziny w Kłobuczku")
        self.leader = make_colleague(self.centre, given_name="Michał")
        self.able = make_colleague(self.centre, given_name="Ewelina")
        make_colleague(self.centre, given_name="Nina", checked=False)
        group = make_weekly_group(make_activity(self.centre, name="Robotyka"), leader=self.leader.resource)
        self.organiser: Account = make_staff(centre=self.centre).person.account
        away = make_colleague(self.centre, given_name="Rafał")
        dance = make_weekly_group(make_activity(self.centre, name="Taniec"), leader=away.resource)
        leave = make_time_off(away, WEDNESDAY, WEDNESDAY + timedelta(days=1))
        keep_tasks(leave, Session.objects.filter(series__groups=dance, starts_at__gt=NOW)[:1], [], by=None, now=NOW)
        room = make_room(self.centre.timetable, name="Sala OSP")
        room.owner, room.needs_approval = "OSP w Kłobuczku", True
        room.save()
        make_equipment(self.centre.timetable, name="Zestaw robotyki", units=6)
        for title in ("Spotkanie", "Próba"):
            line = make_series(group.term, title=title, room=room, published=False)
        RoomRequest.objects.create(room=room, series=line, hours="", asked_at=NOW)
        query = f"?member={self.leader.pk}&first=2026-11-18&kind=illness"
        self.paths = [
            reverse("board-absences"),
            reverse("board-absence-new"),
            reverse("board-absence-new") + query,
            reverse("board-absence", args=[leave.pk]),
            reverse("board-staff"),
            reverse("board-staff-member", args=[self.leader.pk]),
            reverse("board-rooms"),
        ]

    def enter(self, page: Page, address: str, account: Account) -> None:
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
    with examined_page(browser, live_server.url, locale="pl", viewport=size) as page:
        wrong = {}
        walks = [
            (story.organiser, story.paths),
            (story.leader.person.account, [reverse("diary-time-off") + "?first=2026-11-18&kind=leave"]),
        ]
        for account, paths in walks:
            story.enter(page, live_server.url, account)
            for path in paths:
                assert page.goto(path).status == 200, path
                if found := findings(page):
                    wrong[path] = found
        assert wrong == {}


def test_absence_is_settled_by_keyboard_without_javascript(browser: Browser, live_server: LiveServer, story: Story):
    with examined_page(browser, live_server.url, locale="pl", java_script_enabled=False) as page:
        story.enter(page, live_server.url, story.organiser)
        page.goto(reverse("board-absence-new") + f"?member={story.leader.pk}&first=2026-11-18&kind=illness")
        page.focus("#plan select")
        page.keyboard.press("Tab")
        page.keyboard.type("Instruktora nie ma.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/board/absences/*-*/")
    assert TimeOff.objects.filter(member=story.leader).exists()
    assert Session.objects.filter(leader=story.able.resource_id).count() == 1
