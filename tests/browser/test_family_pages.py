"""Promises to families in a real browser: every page open, in nobody's way, by keyboard, on a phone and on paper."""

from __future__ import annotations

import re
from datetime import date, time

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from booking.domain.absences import report_absence
from booking.domain.enrolment import enrol_child, withdraw_child
from booking.models import Absence, AbsenceRules, Account, Activity, Invitation, Offer, PickupRule
from tests.browser.axe import examined_page, findings
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_consent_text,
    make_enrolment,
    make_family,
    make_group,
    make_person,
    make_series,
    make_staff,
    make_term,
    make_weekly_group,
)
from tests.factories_care import make_consent, make_guest_place, make_pickup_rule, next_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A4 = (595, 842)


class Story:
    """A mother of two with a question of every kind to answer, the organiser and the educator at the door."""

    def __init__(self) -> None:
        self.centre = make_centre(name="Centrum wsparcia rodziny w Kłobuczku", phone="34 100 20 30")
        self.family = make_family(self.centre, children=[7, 11])
        self.mother = self.family.account
        self.organiser = make_staff(centre=self.centre).person.account
        leader = make_staff("educator", centre=self.centre)
        self.educator = leader.person.account
        self.little, self.big = self.family.children
        make_co_guardian(self.family, contact_ban=True)
        self.robotics = self._robotics(leader.resource)
        self.offer = self._offer()
        self.consent = self._consent()
        self.care = self._day_care(leader.resource)
        self.visit = make_guest_place(self.big, make_weekly_group(make_activity(self.centre)), status="offered")
        invited = make_group(make_activity(self.centre), entry="invited")
        self.invitation = Invitation.objects.create(group=invited, person=self.big, created_at=NOW)
        make_pickup_rule(self.little, self.family.guardian)
        self.approval = make_group(make_activity(self.centre), entry="approval")
        self.pending = enrol_child(child=self.big, group=self.approval, by=self.mother, now=NOW)

    def _robotics(self, leader):
        """A group of the little one, who missed one meeting and has a credit for it."""
        activity = make_activity(self.centre, name="Robotyka")
        AbsenceRules.objects.create(activity=activity, guests=True, credit_days=30)
        group = make_weekly_group(activity, name="Maluchy", leader=leader)
        make_weekly_group(activity, name="Drugie", day=first_of_term(3))
        self.place = make_enrolment(self.little, group)
        self.session = next_session(group)
        report_absence(child=self.little, session=self.session, by=self.mother, now=NOW)
        return group

    def _offer(self) -> Offer:
        group = make_group(make_activity(self.centre, name="Taniec"), capacity=1, waitlist=True)
        holder = make_enrolment(make_person(age=8), group)
        make_enrolment(self.big, group)
        make_enrolment(make_person(age=8, family_name="Źrebiec"), group)
        withdraw_child(enrolment_id=holder.pk, now=NOW)
        self.line = group
        return Offer.objects.get()

    def _consent(self):
        group = make_group(make_activity(self.centre, name="Basen"))
        text, given = make_consent_text(group, name="Wyjście"), make_consent_text(group, name="Zdjęcia")
        make_consent(self.little, given, self.family.guardian)
        enrol_child(child=self.little, group=group, by=self.mother, now=NOW)
        return text

    def _day_care(self, leader):
        term = make_term(self.centre.timetable)
        days = [
            make_series(term, title="Posiłek", day=first_of_term(day), starts=time(13), ends=time(14), leader=leader)
            for day in (1, 2, 3, 4)
        ]
        care = make_activity(self.centre, name="Świetlica", kind=Activity.Kind.DAY_CARE)
        group = make_group(care, term=term, series=days, entry="centre")
        make_enrolment(self.big, group)
        return group

    def pages(self) -> dict[Account | None, list[str]]:
        """Return the pages to look at, by who looks; None is whoever has the link of a letter."""
        child, big = self.little.pk, self.big.pk
        consents = [child, self.consent.purpose_id]
        day = self.session.local_date
        return {
            self.mother: [
                reverse("family"),
                reverse("family") + "?view=list",
                reverse("family-child", args=[child]),
                reverse("family-child", args=[big]),
                reverse("family-offers"),
                reverse("enrol", args=[self.robotics.pk]),
                reverse("enrolment", args=[self.place.pk]),
                reverse("enrolment", args=[self.offer.enrolment_id]),
                reverse("enrolment", args=[self.pending.pk]),
                reverse("withdraw", args=[self.place.pk]),
                reverse("absence", args=[self.session.pk, child]),
                reverse("make-up", args=[self.little.credits.get().pk]),
                reverse("guest-place", args=[self.visit.pk]),
                reverse("family-invitation", args=[self.invitation.pk]),
                reverse("family-consents"),
                reverse("family-consent", args=consents),
                reverse("family-pickup", args=[child]),
                reverse("family-notices"),
                reverse("family-contact"),
                reverse("family-calendars"),
            ],
            self.organiser: [
                reverse("desk-line", args=[self.line.pk]),
                reverse("desk-lines"),
                reverse("desk-approvals"),
                reverse("desk-invitations", args=[self.invitation.group_id]),
                reverse("desk-letters"),
                reverse("desk-consents", args=[child]),
                reverse("desk-pickup", args=[child]),
                reverse("desk-merge-people", args=[child]),
            ],
            self.educator: [f"{reverse('door-list')}?date={day}&group={self.robotics.pk}", reverse("diary")],
            make_staff("director", centre=self.centre).person.account: [reverse("start")],
            None: [reverse("offer", args=[self.offer.secret_for(self.family.guardian.pk)])],
        }


def first_of_term(weekday: int) -> date:
    """Return the first such day of the term, 1 being Tuesday."""
    return date(2026, 9, weekday)


def enter(page: Page, account: Account | None, address: str) -> None:
    page.context.clear_cookies()
    if account is not None:
        client = Client()
        client.force_login(account)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}])


@pytest.fixture
def story(settings):
    settings.SMS_CARRIER = "notifications.channels.files.SmsFiles"
    with time_machine.travel(NOW, tick=True):
        yield Story()


@pytest.mark.parametrize("look", [(1280, "light", "pl-PL"), (320, "dark", "uk-UA")], ids=["screen", "phone-uk"])
def test_nothing_is_in_anybodys_way_on_pages_of_promises(browser: Browser, live_server: LiveServer, story: Story, look):
    width, scheme, locale = look
    wrong = {}
    facts = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme, "locale": locale}
    with examined_page(browser, live_server.url, **facts) as page:
        for account, paths in story.pages().items():
            enter(page, account, live_server.url)
            for path in paths:
                assert page.goto(path).status == 200, path
                assert page.locator("html").get_attribute("lang") == locale[:2], path
                assert page.locator("h1").count() == 1, path
                if found := findings(page):
                    wrong[path] = found
    assert wrong == {}


def test_absence_offer_and_collecting_are_settled_by_keyboard_without_javascript(
    browser: Browser, live_server: LiveServer, story: Story
):
    with examined_page(browser, live_server.url, locale="pl", java_script_enabled=False) as page:
        enter(page, story.mother, live_server.url)
        page.goto(reverse("absence", args=[story.session.pk, story.little.pk]))
        page.get_by_role("button", name="jednak przyjdzie").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="nie przyjdzie").wait_for()
        assert not Absence.objects.standing().exists()

        page.goto(reverse("family-pickup", args=[story.little.pk]))
        page.locator("[name=name]").focus()
        page.keyboard.type("Ciocia Ewa")
        page.keyboard.press("Tab")
        page.keyboard.type("ciocia")
        page.keyboard.press("Enter")
        page.get_by_text("Ciocia Ewa").first.wait_for()
        assert PickupRule.objects.filter(name="Ciocia Ewa", child=story.little).exists()

        page.goto(reverse("offer", args=[story.offer.secret_for(story.family.guardian.pk)]))
        page.locator("main button[value=accept]").focus()
        page.keyboard.press("Enter")
        page.locator(".done h1").wait_for()
        story.offer.refresh_from_db()
        assert story.offer.status == "accepted"


def test_week_on_a_phone_opens_one_day_and_the_rest_at_a_tap_and_is_whole_on_paper(
    browser: Browser, live_server: LiveServer, story: Story
):
    with examined_page(browser, live_server.url, locale="pl", viewport={"width": 390, "height": 800}) as page:
        enter(page, story.mother, live_server.url)
        page.goto(reverse("family") + "?week=2026-W47")
        days, lists = page.locator(".fold"), page.locator(".week-sessions")
        assert days.count() == lists.count() > 1
        expect(page.locator(".week-sessions:visible")).to_have_count(1)
        days.last.focus()
        page.keyboard.press("Enter")
        expect(days.last).to_have_attribute("aria-expanded", "true")
        expect(page.locator(".week-sessions:visible")).to_have_count(2)
        assert findings(page) == []
        page.emulate_media(media="print")
        expect(page.locator(".week-sessions:visible")).to_have_count(lists.count())
        page.emulate_media(media="screen")
        page.get_by_role("button", name="Rozwiń wszystkie dni").click()
        expect(page.locator(".week-sessions:visible")).to_have_count(lists.count())


def test_papers_of_the_desk_and_the_door_print_on_one_sheet(browser: Browser, live_server: LiveServer, story: Story):
    papers = {
        story.organiser: [
            reverse("desk-confirmation", args=[story.place.pk]),
            reverse("desk-month", args=[story.little.pk]) + "?month=2026-12",
        ],
        story.educator: [f"{reverse('door-list')}?date={story.session.local_date}&group={story.robotics.pk}"],
    }
    with examined_page(browser, live_server.url, locale="pl") as page:
        for account, paths in papers.items():
            enter(page, account, live_server.url)
            for path in paths:
                assert page.goto(path).status == 200, path
                paper = page.pdf(prefer_css_page_size=True)
                sheets = re.findall(rb"/Type /Page\b.*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper, re.DOTALL)
                assert [(round(float(width)), round(float(height))) for width, height in sheets] == [A4], path
