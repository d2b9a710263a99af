from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.visit_consents import consent_refusal
from booking.models import CareDecision, ConsentPurpose, ConsentText
from booking.models.activity import Sensitivity
from tests.factories import NOW, TODAY, make_centre, make_co_guardian, make_family, make_person, make_service
from tests.factories_care import make_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    family = make_family(make_centre(), children=(10,))
    make_co_guardian(family)
    return family


@pytest.fixture
def therapy(family):
    return make_service(family.household.centre, name="Psychoterapia", sensitivity=Sensitivity.SENSITIVE)


@pytest.fixture
def text(therapy) -> ConsentText:
    purpose = ConsentPurpose.objects.create(centre=therapy.centre, name="Pomoc psychologa")
    purpose.services.add(therapy)
    return ConsentText.objects.create(purpose=purpose, version=1, valid_from=TODAY, body_pl="Zgadzam się.")


def refused(person, service) -> str:
    reason = consent_refusal(person=person, service=service, on=TODAY)
    return reason.code if reason else ""


def guardians(family):
    return [right.guardian for right in family.child.guardians.order_by("pk")]


def decide(family, **facts) -> CareDecision:
    facts = {"kind": "consent", "reference": "III Nsm 12/26", "starts_on": TODAY, "recorded_at": NOW} | facts
    return CareDecision.objects.create(person=family.child, **facts)


def test_everybody_with_authority_agrees_though_the_purpose_asks_only_one(family, therapy, text):
    assert refused(family.child, therapy) == "missing_consent"
    anna, piotr = guardians(family)
    make_consent(family.child, text, anna)
    reason = consent_refusal(person=family.child, service=therapy, on=TODAY)
    assert reason is not None
    assert (reason.code, reason.facts["names"]) == ("missing_consent", piotr.given_name)
    make_consent(family.child, text, piotr)
    assert refused(family.child, therapy) == ""


def test_guardian_without_the_right_is_not_asked(family, therapy, text):
    anna, piotr = guardians(family)
    family.child.guardians.filter(guardian=piotr).update(can_consent=False)
    make_consent(family.child, text, anna)
    assert refused(family.child, therapy) == ""


def test_withdrawn_consent_counts_no_more(family, therapy, text):
    for guardian in guardians(family):
        make_consent(family.child, text, guardian)
    family.child.consents.filter(given_by=guardians(family)[1]).update(withdrawn_at=NOW)
    assert refused(family.child, therapy) == "missing_consent"


@pytest.mark.parametrize("of_this_service", [True, False])
def test_court_decides_in_place_of_guardians(family, therapy, text, of_this_service):
    decide(family, service=therapy if of_this_service else None)
    assert refused(family.child, therapy) == ""


def test_decision_for_another_service_or_one_that_ended_does_not_count(family, therapy, text):
    decide(family, service=make_service(therapy.centre))
    decide(family, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    assert refused(family.child, therapy) == "missing_consent"


def test_guardian_from_whom_the_visits_are_hidden_is_not_named(family, therapy, text):
    _anna, piotr = guardians(family)
    decide(family, kind="hidden", guardian=piotr)
    reason = consent_refusal(person=family.child, service=therapy, on=TODAY)
    assert reason is not None
    assert reason.code == "consent_at_desk"
    assert piotr.given_name not in str(reason)


def test_sensitive_service_without_words_to_agree_to_leads_to_the_desk(family, therapy):
    assert refused(family.child, therapy) == "consent_at_desk"


def test_adult_decides_for_herself(family, therapy):
    assert refused(family.guardian, therapy) == ""
    assert refused(make_person(age=18), therapy) == ""
    assert refused(make_person(age=17), therapy) == "consent_at_desk"


def test_service_that_is_not_sensitive_asks_what_its_purpose_asks(family):
    lawyer = make_service(family.household.centre, name="Prawnik")
    assert refused(family.child, lawyer) == ""
    purpose = ConsentPurpose.objects.create(centre=lawyer.centre, name="Porada")
    purpose.services.add(lawyer)
    words = ConsentText.objects.create(purpose=purpose, version=1, valid_from=TODAY, body_pl="Zgadzam się.")
    assert refused(family.child, lawyer) == "missing_consent"
    make_consent(family.child, words, guardians(family)[0])
    assert refused(family.child, lawyer) == ""
