"""The address of a visit at home: read by who gave it, who goes there and who plans it, and by nobody else."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.domain.subscriptions import create_subscription
from booking.messages.appointments import link_secret
from booking.models import Account, Appointment
from notifications.delivery import deliver_due
from notifications.models import Message
from tests.booking.api.callers import V1, caller
from tests.factories import NOW, Family, make_co_guardian, make_family, make_staff
from tests.factories_visits import Practice, make_practice, wall

pytestmark = pytest.mark.django_db
ADDRESS = "ul. Leśna 3"


@dataclass(frozen=True)
class World:
    """A visit at home that a mother booked for her child, and the child's father, who may live elsewhere."""

    practice: Practice
    family: Family
    father: Account
    organiser: Account
    visit: Appointment


@pytest.fixture
def world():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        practice = make_practice(facts={"home": True}, home=True)
        family = make_family(practice.service.centre)
        father = make_co_guardian(family)
        facts = VisitFacts(practice.service, wall(10), mode="home", specialist_id=None, address=ADDRESS)
        visit = book_appointment(facts=facts, person=family.child, by=family.account, now=NOW, source=Source.PAGE)
        organiser = make_staff("organiser", centre=practice.service.centre).person.account
        yield World(practice, family, father, organiser, visit)


def page(account: Account, address: str) -> str:
    client = Client()
    client.force_login(account)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_gave_it_goes_there_or_plans_it_reads_the_address(world):
    own = reverse("family-appointment", args=[world.visit.pk])
    assert ADDRESS in page(world.family.account, own)
    assert ADDRESS in page(world.practice.member.person.account, reverse("diary-visit", args=[world.visit.pk]))
    assert ADDRESS in page(world.organiser, reverse("desk-visit", args=[world.visit.pk]))


def test_desk_that_did_not_enter_the_address_sees_the_visit_without_it(world):
    clerk = make_staff("coordinator", centre=world.practice.service.centre).person.account
    desk_page = reverse("desk-visit", args=[world.visit.pk])
    assert ADDRESS not in page(clerk, desk_page)
    assert ADDRESS not in page(clerk, reverse("desk-visits", args=[world.family.child.pk]))
    Appointment.objects.filter(pk=world.visit.pk).update(booked_by=clerk)
    assert ADDRESS in page(clerk, desk_page)


@pytest.mark.parametrize("name", ["family-appointment", "family-appointments", "family", "family-child"])
def test_other_guardian_sees_the_visit_without_the_address(world, name):
    args = {"family-appointment": [world.visit.pk], "family-child": [world.family.child.pk]}.get(name, [])
    shown = page(world.father, reverse(name, args=args))
    assert world.practice.service.name in shown
    assert ADDRESS not in shown


@pytest.mark.parametrize("who", ["mother", "father"])
def test_link_shows_the_address_to_who_gave_it_only(world, who):
    reader = world.family.guardian if who == "mother" else world.father.person
    client, address = Client(), reverse("visit-by-link", args=[link_secret(world.visit.pk, reader.pk)])
    client.post(address, {"letters": world.family.child.family_name[:3]})
    shown = client.get(address).content.decode()
    assert "10:00" in shown
    assert (ADDRESS in shown) == (who == "mother")


def test_no_letter_calendar_print_or_rest_answer_holds_the_address(world):
    deliver_due(clock=lambda: NOW)
    letters = [f"{each.subject} {each.text} {each.calendar}" for each in Message.objects.all()]
    staff = {each.recipient_id: each.text for each in Message.objects.all()}[world.practice.member.person_id]
    assert "adres jest w terminarzu" in staff
    feeds = [
        Client().get(f"/calendars/{create_subscription(owner=owner, now=NOW, **facts)[1]}.ics").content.decode()
        for owner, facts in (
            (world.family.account, {"scope": "household", "privacy": "full"}),
            (world.practice.member.person.account, {"scope": "specialist", "privacy": "full"}),
        )
    ]
    paper = page(world.organiser, reverse("desk-visit-confirmation", args=[world.visit.pk]))
    answers = [
        caller(account).get(address).content.decode()
        for account in (world.family.account, world.father, world.organiser)
        for address in (f"{V1}/appointments/", f"{V1}/appointments/{world.visit.pk}/")
    ]
    assert len(letters) == 3
    assert all("BEGIN:VEVENT" in feed for feed in feeds)
    assert [text for text in (*letters, *feeds, paper, *answers) if ADDRESS in text or "Leśna" in text] == []
