"""Papers to sign: the consent in two languages, and the registration with the whole privacy notice."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import CardReading
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_co_guardian,
    make_consent_text,
    make_enrolment,
    make_family,
    make_group,
    make_staff,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def family():
    return make_family(make_centre(name="Centrum Zmyślone"))


@pytest.fixture
def desk(family):
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_staff(centre=family.household.centre).person.account)
    return client


@pytest.fixture
def form(family):
    group = make_group(make_activity(family.household.centre))
    text = make_consent_text(group, all_guardians=True)
    make_enrolment(family.child, group)
    return reverse("desk-consent-form", args=[family.child.pk, text.purpose_id])


def test_consent_form_holds_polish_and_the_language_of_the_family_and_a_line_for_each_guardian(desk, family, form):
    family.guardian.language = "uk"
    family.guardian.save()
    father = make_co_guardian(family).person
    page = desk.get(form).content.decode()
    wanted = ("Zgadzam się.", "Я згоден.", str(family.guardian), str(father), str(family.child), "Centrum Zmyślone")
    assert [words for words in wanted if words not in page] == []
    assert "I agree." not in page
    assert CardReading.objects.filter(subject_id=family.child.pk, page="print").count() == 1
    assert "I agree." in desk.get(form, {"lang": "en"}).content.decode()
    assert form in desk.get(reverse("desk-consents", args=[family.child.pk])).content.decode()


def test_polish_family_gets_the_form_in_polish_once(desk, form):
    assert desk.get(form, {"lang": "pl"}).content.decode().count("Zgadzam się.") == 1


def test_registration_is_printed_with_the_whole_privacy_notice(desk, family):
    family.child.keep_pesel("44051401359")
    family.child.save()
    where = reverse("desk-registration", args=[family.household.pk])
    assert where in desk.get(reverse("desk-family", args=[family.household.pk])).content.decode()
    page = desk.get(where, {"lang": "en"}).content.decode()
    wanted = (family.household.code, str(family.guardian), str(family.child), "•••••••••59", "controller of your data")
    assert [words for words in (*wanted, "uodo.gov.pl") if words not in page] == []
    assert "44051401359" not in page
    assert "Administratorem" in desk.get(where, {"lang": "pl"}).content.decode()


def test_papers_do_not_exist_for_families_and_other_centres(family, form):
    for account in (family.account, make_staff().person.account, make_staff("instructor").person.account):
        client = Client()
        client.force_login(account)
        assert client.get(form).status_code == 404
        assert client.get(reverse("desk-registration", args=[family.household.pk])).status_code == 404
    assert not CardReading.objects.exists()
