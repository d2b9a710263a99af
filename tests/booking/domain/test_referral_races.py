"""Caseloads, outcomes and referrals under many hands at once: each counted once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from booking.domain.appointment_outcomes import record_outcome
from booking.domain.caseload import assign_family
from booking.domain.referral_requests import take_in_referral
from booking.models import Account, FamilyCase, Policy, Referral, ReferralRequest, Role
from tests.factories import NOW, TODAY, make_centre, make_family, make_household, make_service, make_staff
from tests.factories_safety import make_referral_request
from tests.factories_visits import make_practice, make_visit
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def kind_of(answer: object) -> str:
    return answer if isinstance(answer, str) else type(answer).__name__


def test_limit_of_families_holds_for_everybody_who_assigns_at_once():
    centre = make_centre()
    facts = {"valid_from": TODAY, "source": "test"}
    Policy.objects.create(centre=centre, key=Policy.Key.FAMILIES_PER_ASSISTANT, value=2, **facts)
    assistant, by = make_staff(Role.FAMILY_ASSISTANT, centre=centre), make_staff(centre=centre).person.account
    homes = [make_household(centre) for _ in range(5)]
    facts = {"member": assistant, "starts_on": TODAY, "by": by, "now": NOW}
    answers = Counter(
        kind_of(each) for each in at_once([partial(assign_family, household=home, **facts) for home in homes])
    )
    assert answers == {"FamilyCase": 2, "caseload_full": 3}
    assert FamilyCase.objects.open().count() == 2


def test_family_that_two_desks_assign_at_once_has_one_assistant():
    centre = make_centre()
    household, by = make_household(centre), make_staff(centre=centre).person.account
    assistants = [make_staff(Role.FAMILY_ASSISTANT, centre=centre) for _ in range(3)]
    facts = {"household": household, "starts_on": TODAY, "by": by, "now": NOW}
    at_once([partial(assign_family, member=member, **facts) for member in assistants])
    assert FamilyCase.objects.open().filter(household=household).count() == 1


def test_what_was_sent_in_is_taken_in_once():
    centre = make_centre()
    sent, child = make_referral_request(make_service(centre)), make_family(centre).child
    by = make_staff(Role.COORDINATOR, centre=centre).person.account

    def take() -> str:
        try:
            take_in_referral(request_id=sent.pk, person=child, by=by, now=NOW)
        except ReferralRequest.DoesNotExist:
            return "gone"
        return "taken"

    assert sorted(at_once([take] * 4)) == ["gone", "gone", "gone", "taken"]
    assert (Referral.objects.count(), ReferralRequest.objects.count()) == (1, 0)


def test_of_desks_that_answer_at_once_all_but_one_read_that_it_is_answered():
    centre = make_centre()
    sent = make_referral_request(make_service(centre))
    url = reverse("desk-sent-referral", args=[sent.pk])

    def refuse(account: Account) -> int:
        client = Client()
        client.force_login(account)
        return client.post(url, {"refuse-reason": "Nie ta gmina."}).status_code

    desks = [make_staff(Role.COORDINATOR, centre=centre).person.account for _ in range(4)]
    answers = at_once([partial(refuse, account) for account in desks])
    assert set(answers) <= {302, 404}  # 404 for who came when it was answered already
    assert answers.count(302) >= 1
    assert ReferralRequest.objects.get(pk=sent.pk).refusal == "Nie ta gmina."


def test_outcome_noted_twice_at_once_is_one_line_of_the_log():
    practice = make_practice()
    visit = make_visit(practice, NOW - timedelta(days=5))
    note = partial(record_outcome, appointment_id=visit.pk, outcome="held", by=practice.member.person.account, now=NOW)
    at_once([note] * 4)
    assert visit.changes.count() == 1
