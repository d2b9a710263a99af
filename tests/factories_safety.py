"""Plain functions that make what keeps people safe, and who sent them: safe contacts, decisions, referrals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from booking.models import CareDecision, Person, Referral, ReferralRequest, SafeContact, Service
from tests.factories import NOW, TODAY, make_person, make_service


def make_safe_contact(person: Person, **facts: Any) -> SafeContact:
    """Make a safe contact that nobody may use, unless told otherwise."""
    facts = {"channel": "nobody", "recorded_at": NOW} | facts
    return SafeContact.objects.create(person=person, **facts)


def make_decision(person: Person, *, guardian: Person | None = None, **facts: Any) -> CareDecision:
    """Make a decision that hides visits to every service from a guardian."""
    facts = {"kind": "hidden", "reference": "III Nsm 12/26", "starts_on": TODAY, "recorded_at": NOW} | facts
    guardian = None if facts["kind"] == "consent" else guardian or make_person()
    return CareDecision.objects.create(person=person, guardian=guardian, **facts)


def make_referral(person: Person, **facts: Any) -> Referral:
    """Make a referral of a school, due in two weeks."""
    facts = {"source": "school", "referrer_name": "SP 2", "due_on": TODAY + timedelta(days=14), "made_at": NOW} | facts
    facts["service"] = facts.get("service") or make_service()
    return Referral.objects.create(person=person, **facts)


def make_referral_request(service: Service | None = None, **facts: Any) -> ReferralRequest:
    """Let a school have sent in somebody whom the desk does not know yet."""
    facts = {
        "source": "school",
        "referrer_name": "SP 2",
        "given_name": "Jagoda",
        "family_name": "Wymyślona",
        "phone": "+48601234567",
        "due_on": TODAY + timedelta(days=14),
        "sent_at": NOW,
    } | facts
    facts["referrer"] = facts.get("referrer") or make_person()
    return ReferralRequest.objects.create(service=service or make_service(), **facts)
