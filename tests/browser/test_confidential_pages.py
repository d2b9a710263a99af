"""Pages of confidential help in a real browser: nothing in anybody's way, on a screen and at 320 px."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from booking.domain.walk_ins import WalkInFacts, record_walk_in
from booking.models import Account, BusyCalendar, Role, StaffRole
from scheduler.models import BusyPeriod
from tests.browser.axe import examined_page, findings
from tests.factories import NOW, make_family, make_service, make_staff
from tests.factories_safety import make_decision, make_referral, make_referral_request, make_safe_contact
from tests.factories_visits import make_case, make_practice, make_visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [{"width": 1280, "height": 900}, {"width": 320, "height": 640}]
WEDNESDAY_TEN = NOW.replace(day=18, hour=9)


class Story:
    """A specialist on duty with a calendar elsewhere, a family with a referral, a coordinator and a referrer."""

    def __init__(self) -> None:
        practice = make_practice()
        family = make_family(practice.service.centre, children=(10,))
        visit = make_visit(practice, WEDNESDAY_TEN.replace(hour=11))
        self.coordinator: Account = make_staff(Role.COORDINATOR, centre=practice.service.centre).person.account
        teacher = make_staff(Role.REFERRER, centre=practice.service.centre).person
        specialist = practice.member
        StaffRole.objects.create(member=specialist, role=Role.CONFIDANT)
        calendar = BusyCalendar(
            resource=practice.specialist,
            host="calendar.example.org",
            name="Szpital",
            added_at=NOW,
            next_fetch_at=NOW,
            read_at=NOW,
            refused="calendar_too_slow",
        )
        calendar.keep_address("https://calendar.example.org/a.ics")
        calendar.save()
        period = {"starts_at": visit.starts_at, "ends_at": visit.ends_at}
        BusyPeriod.objects.create(resource=practice.specialist, source=calendar.pk, **period)
        make_safe_contact(family.guardian, channel="phone", phone="+48601234567", from_hour=9, until_hour=12)
        make_decision(family.child)
        facts = {"service": practice.service, "referrer": teacher, "due_on": NOW.date()}
        referral = make_referral(family.child, **facts, invited_at=NOW, link_until=NOW.date() + timedelta(days=30))
        sent = make_referral_request(practice.service, referrer=teacher)
        past = make_visit(practice, WEDNESDAY_TEN - timedelta(days=7), person=family.guardian)
        came = WalkInFacts(practice.service, practice.specialist, past.ends_at, 30, sex="female")
        entry = record_walk_in(facts=came, by=specialist.person.account, now=WEDNESDAY_TEN)
        home = {"home": True, "office": False, "minutes": 60, "notice_hours": 0}
        field = make_practice(make_service(practice.service.centre, **home), home=True, office=False)
        StaffRole.objects.create(member=field.member, role=Role.FAMILY_ASSISTANT)
        case = make_case(family.household, field.member)
        self.pages: dict[Account | None, list[str]] = {
            specialist.person.account: [
                *(reverse(name) for name in ("busy-calendars", "walk-in", "on-duty", "diary-outcomes", "diary-hours")),
                reverse("walk-in-correct", args=[entry.pk]),
            ],
            field.member.person.account: [reverse("own-families"), reverse("family-visit", args=[case.pk])],
            teacher.account: [reverse("own-referrals"), reverse("refer-somebody")],
            self.coordinator: [
                reverse("desk-referrals"),
                reverse("desk-sent-referral", args=[sent.pk]),
                reverse("desk-caseloads"),
                reverse("desk-family-assistant", args=[family.household.pk]),
                f"{reverse('desk-hours')}?month=2026-11",
                reverse("desk-family", args=[family.household.pk]),
                reverse("desk-refer", args=[family.child.pk]),
                reverse("desk-safe-contact", args=[family.guardian.pk]),
                reverse("desk-decisions", args=[family.child.pk]),
            ],
            None: [reverse("referral-link", args=[referral.secret_for(family.guardian.pk)])],
        }


def enter(page: Page, account: Account, address: str) -> None:
    client = Client()
    client.force_login(account)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


@pytest.fixture
def story():
    with time_machine.travel(WEDNESDAY_TEN, tick=True):
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
    assert wrong == {}
