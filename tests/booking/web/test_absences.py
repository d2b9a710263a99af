"""Two taps from the family's week to "cannot come today", and back."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Absence, Role
from scheduler.models import Session
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_staff,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    centre = make_centre()
    leader = make_staff(Role.INSTRUCTOR, centre=centre)
    group = make_weekly_group(make_activity(centre, name="Robotyka"), leader=leader.resource)
    family = make_family(centre)
    make_enrolment(family.child, group)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at").first()
    return family, group, session


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def links_of(page: str) -> list[str]:
    return re.findall(r'<a class="session-action" href="([^"]+)">', page)


def test_two_taps_lead_from_the_week_to_a_reported_absence_and_two_back(place):
    family, _group, session = place
    client = client_of(family.account)
    (address,) = links_of(client.get("/family/").content.decode())
    assert address == reverse("absence", args=[session.pk, family.child.pk])
    assert "Dziecko1 nie przyjdzie: środa 18 listopada" in client.get(address).content.decode()
    answer = client.post(address, follow=True)
    assert "Centrum wie: Dziecko1 nie przyjdzie" in answer.content.decode()
    week = client.get("/family/").content.decode()
    assert "Dziecko1: nie przyjdzie" in week
    assert "session--absent" in week
    assert "Dziecko1 jednak przyjdzie" in week
    client.post(reverse("come-after-all", args=[session.pk, family.child.pk]))
    assert not Absence.objects.standing().exists()
    assert "session--absent" not in client.get("/family/").content.decode()


def test_absence_of_today_is_called_so(place):
    family, _group, session = place
    with time_machine.travel(session.starts_at - timedelta(hours=1), tick=False):
        page = client_of(family.account).get(reverse("absence", args=[session.pk, family.child.pk]))
    assert "Dziecko1 dziś nie przyjdzie" in page.content.decode()


@pytest.mark.parametrize("name", ["absence", "come-after-all"])
def test_absence_of_a_stranger_s_child_is_not_there(place, name):
    family, _group, session = place
    address = reverse(name, args=[session.pk, family.child.pk])
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        assert client_of(account).post(address).status_code == 404
    assert Client().post(address).status_code == 302
    assert not Absence.objects.exists()


def test_absence_is_reported_only_by_a_guardian_who_may_book(place):
    family, _group, session = place
    viewer = client_of(make_co_guardian(family, can_book=False))
    assert links_of(viewer.get("/family/").content.decode()) == []
    address = reverse("absence", args=[session.pk, family.child.pk])
    assert viewer.get(address).status_code == 200
    assert viewer.post(address).status_code == 403
    assert not Absence.objects.exists()


def test_absence_from_a_meeting_she_does_not_go_to_is_not_there(place):
    family, group, _session = place
    other = make_weekly_group(make_activity(group.activity.centre))
    session = Session.objects.filter(series__groups=other, starts_at__gt=NOW).first()
    address = reverse("absence", args=[session.pk, family.child.pk])
    assert client_of(family.account).post(address).status_code == 404


def test_absence_too_late_to_take_back_says_why(place):
    family, _group, session = place
    client = client_of(family.account)
    client.post(reverse("absence", args=[session.pk, family.child.pk]))
    with time_machine.travel(session.starts_at, tick=False):
        answer = client.post(reverse("come-after-all", args=[session.pk, family.child.pk]))
    assert answer.status_code == 409
    assert "Spotkanie już się zaczęło" in answer.content.decode()
    assert Absence.objects.standing().exists()


def test_leader_reads_who_will_not_come_in_her_diary(place):
    family, _group, session = place
    client_of(family.account).post(reverse("absence", args=[session.pk, family.child.pk]))
    leader = client_of(session.leader.staff_member.person.account)
    assert "1 nie przyjdzie" in leader.get("/diary/").content.decode()
    page = leader.get(reverse("diary-session", args=[session.pk])).content.decode()
    assert re.search(r"<s>Zmyślona-\d+ Dziecko1</s>", page)


def test_absence_pages_speak_three_languages(place):
    family, _group, session = place
    client = client_of(family.account)
    address = reverse("absence", args=[session.pk, family.child.pk])
    for language, words in {"en": "will not come on", "uk": "не прийде", "pl": "nie przyjdzie"}.items():
        client.cookies["django_language"] = language
        family.account.language = language
        family.account.save()
        assert words in client.get(address, headers={"accept-language": language}).content.decode()


def test_week_costs_the_same_for_one_absence_and_for_many(place, django_assert_max_num_queries):
    family, group, session = place
    client = client_of(family.account)
    client.post(reverse("absence", args=[session.pk, family.child.pk]))
    with CaptureQueriesContext(connection) as before:
        client.get("/family/")
    centre = group.activity.centre
    for number in range(12):
        starts, ends = time(8 + number % 6), time(9 + number % 6)
        other = make_weekly_group(
            make_activity(centre, name=f"Inne {number}"), day=date(2026, 9, 3 + number // 6), starts=starts, ends=ends
        )
        make_enrolment(family.child, other)
    with django_assert_max_num_queries(len(before)):
        client.get("/family/")


def test_whole_of_a_short_entry_leads_to_the_absence(place):
    family, _group, _session = place
    short = make_weekly_group(make_activity(family.household.centre), starts=time(17, 45), ends=time(18, 0))
    make_enrolment(family.child, short)
    session = Session.objects.filter(series__groups=short, starts_at__gt=NOW).order_by("starts_at").first()
    page = client_of(family.account).get("/family/").content.decode()
    titles = re.findall(r'<h3 class="session-title"[^>]*><a href="([^"]+)">', page)
    assert reverse("absence", args=[session.pk, family.child.pk]) in titles
    assert len([title for title in titles if "/absences/" in title]) == 1


def test_page_of_an_absence_leads_to_the_sibling_and_to_the_group(place):
    family, group, session = place
    sibling = make_family(family.household.centre).child
    sibling.guardians.update(guardian=family.guardian)
    make_enrolment(sibling, group)
    page = client_of(family.account).get(reverse("absence", args=[session.pk, family.child.pk])).content.decode()
    assert reverse("absence", args=[session.pk, sibling.pk]) in page
    assert group.get_absolute_url() in page
