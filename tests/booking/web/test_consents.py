"""Consents on the family's pages and at the desk."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.domain.enrolment import enrol_child
from booking.models import Consent, Enrolment
from tests.factories import (
    NOW,
    TODAY,
    make_activity,
    make_centre,
    make_co_guardian,
    make_consent_text,
    make_family,
    make_group,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def held():
    group = make_group(make_activity(make_centre()))
    text = make_consent_text(group)
    family = make_family(group.activity.centre)
    enrol_child(child=family.child, group=group, by=family.account, now=NOW)
    return family, text


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def address_of(family, text, name: str = "family-consent") -> str:
    return reverse(name, args=[family.child.pk, text.purpose_id])


def test_week_leads_to_the_consent_and_giving_it_gives_the_place(held):
    family, text = held
    client = client_of(family.account)
    assert address_of(family, text) in client.get("/family/").content.decode()
    assert address_of(family, text) in client.get("/family/consents/").content.decode()
    page = client.get(address_of(family, text)).content.decode()
    assert "Zgadzam się." in page
    client.post(address_of(family, text), {"text": str(text.pk), "agree": "yes"})
    assert Enrolment.objects.get().status == "enrolled"
    assert address_of(family, text) not in client.get("/family/").content.decode()
    client.post(address_of(family, text, "family-consent-withdraw"))
    assert Consent.objects.get().withdrawn_at == NOW


def test_consent_needs_the_tick_and_the_words_that_were_shown(held):
    family, text = held
    client = client_of(family.account)
    assert client.post(address_of(family, text), {"text": str(text.pk)}).status_code == 422
    assert client.post(address_of(family, text), {"text": "", "agree": "yes"}).status_code == 409
    assert not Consent.objects.exists()


def test_consent_is_read_in_the_reader_s_language_and_in_polish(held):
    family, text = held
    client = client_of(family.account)
    client.cookies["django_language"] = "uk"
    words = client.get(address_of(family, text)).content.decode()
    assert "Я згоден." in words
    assert "Zgadzam się." in words


def test_consent_of_a_stranger_s_child_is_not_there(held):
    family, text = held
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        client = client_of(account)
        assert client.get(address_of(family, text)).status_code == 404
        answer = client.post(address_of(family, text), {"text": str(text.pk), "agree": "yes"})
        assert answer.status_code == 404
        assert client.post(address_of(family, text, "family-consent-withdraw")).status_code == 404
    viewer = client_of(make_co_guardian(family, can_consent=False))
    assert viewer.post(address_of(family, text), {"text": str(text.pk), "agree": "yes"}).status_code == 403
    assert not Consent.objects.exists()


def test_desk_records_a_signed_paper_and_a_withdrawal(held):
    family, text = held
    desk = client_of(make_staff(centre=family.household.centre).person.account)
    address = reverse("desk-consents", args=[family.child.pk])
    assert "Wizerunek" in desk.get(address).content.decode()
    paper = {
        "purpose": str(text.pk),
        "given_by": str(family.guardian.pk),
        "signed_on": TODAY.isoformat(),
        "language": "uk",
        "paper_place": "segregator 4, karta 12",
    }
    assert desk.post(address, paper | {"paper_place": ""}).status_code == 422
    assert desk.post(address, paper).status_code == 302
    consent = Consent.objects.get()
    assert (consent.way, consent.given_by, consent.paper_place) == ("paper", family.guardian, paper["paper_place"])
    assert Enrolment.objects.get().status == "enrolled"
    stranger = client_of(make_staff().person.account)
    for each in (address, reverse("desk-consent-withdraw", args=[consent.pk])):
        assert stranger.post(each, paper).status_code == 404
    desk.post(reverse("desk-consent-withdraw", args=[consent.pk]))
    consent.refresh_from_db()
    assert consent.withdrawn_at == NOW
