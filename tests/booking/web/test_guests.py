"""Places at one meeting on the family's pages: offered dates, and making up for a missed one."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.absences import report_absence
from booking.domain.enrolment import enrol_child
from booking.models import AbsenceRules, GuestPlace, MakeUpCredit
from scheduler.models import Session
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_enrolment,
    make_family,
    make_weekly_group,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def offered():
    """Somebody is absent from a full group, and the first in its line is offered the date."""
    activity = make_activity(make_centre(), name="Robotyka")
    AbsenceRules.objects.create(activity=activity, guests=True, credit_days=30)
    group = make_weekly_group(activity, capacity=1, waitlist=True)
    absent, waiting = make_family(activity.centre), make_family(activity.centre)
    make_enrolment(absent.child, group)
    enrol_child(child=waiting.child, group=group, by=waiting.account, now=NOW)
    session = Session.objects.filter(series__groups=group, starts_at__gt=NOW).order_by("starts_at")[0]
    report_absence(child=absent.child, session=session, by=absent.account, now=NOW)
    return absent, waiting, group, GuestPlace.objects.get()


def test_offered_date_needs_an_answer_is_taken_and_stands_in_the_week(offered):
    _absent, waiting, _group, place = offered
    client = client_of(waiting.account)
    address = reverse("guest-place", args=[place.pk])
    week = client.get("/family/").content.decode()
    assert "Wymaga odpowiedzi" in week
    assert address in week
    assert "Trzymamy to miejsce do" in client.get(address).content.decode()
    assert client.post(address, {"answer": "nonsense"}).status_code == 200
    client.post(address, {"answer": "accept"})
    place.refresh_from_db()
    assert place.status == "coming"
    assert "tylko ten jeden raz" in client.get("/family/").content.decode()
    client.post(address, {"answer": "decline"})
    place.refresh_from_db()
    assert place.status == "declined"


def test_offered_date_of_others_is_not_there(offered):
    absent, waiting, _group, place = offered
    address = reverse("guest-place", args=[place.pk])
    for account in (absent.account, make_co_guardian(waiting, contact_ban=True)):
        assert client_of(account).post(address, {"answer": "accept"}).status_code == 404
    viewer = client_of(make_co_guardian(waiting, can_book=False))
    assert viewer.post(address, {"answer": "accept"}).status_code == 403
    place.refresh_from_db()
    assert place.status == "offered"


def test_missed_meeting_is_made_up_for_on_a_chosen_date(offered):
    absent, waiting, group, _place = offered
    credit = MakeUpCredit.objects.get()
    other = make_weekly_group(group.activity, day=date(2026, 9, 3))
    client = client_of(absent.account)
    address = reverse("make-up", args=[credit.pk])
    assert address in client.get(reverse("absence", args=[credit.absence.session_id, absent.child.pk])).content.decode()
    assert "czwartek 19 listopada" in client.get(address).content.decode()
    session = Session.objects.filter(series__groups=other, starts_at__gt=NOW).order_by("starts_at")[0]
    assert client.post(address, {"session": "nonsense"}).status_code == 409
    answer = client.post(address, {"session": str(session.pk)})
    place = GuestPlace.objects.get(credit=credit)
    assert (answer.status_code, place.session, place.status) == (302, session, "coming")
    assert client_of(waiting.account).get(address).status_code == 404
