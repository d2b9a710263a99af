"""Referrals that referrers send in themselves: sent, taken in for a known person, or refused with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.contact_ways import read_phone
from booking.domain.duplicates import Sketch
from booking.domain.referrals import ReferralFacts, refer_person
from booking.errors import Refused, refusal
from booking.models import Account, Person, Referral, ReferralRequest, Service


@dataclass(frozen=True, slots=True)
class SentFacts:
    """Whom a referrer sends, to which service, how urgently, and whom to call about it. Why is not written here."""

    service: Service
    source: str
    referrer_name: str
    given_name: str
    family_name: str
    due_on: date
    priority: str = Referral.Priority.NORMAL
    birth_date: date | None = None
    contact_name: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def send_referral(*, facts: SentFacts, referrer: Person, now: datetime) -> ReferralRequest:
    """Keep that somebody was sent; the desk finds out who it is. Nobody is told yet.

    The caller has made sure that the referrer may refer to the service and that the person agreed to be called.
    Raises Refused (`referral_due_past`, `phone_wrong`, `contact_missing`); then nothing is kept.
    """
    if facts.due_on < timezone.localdate(now, facts.service.centre.timetable.tz):
        raise Refused(refusal("referral_due_past"))
    phone = read_phone(facts.phone)
    if not (phone or facts.email):
        raise Refused(refusal("contact_missing"))
    sent: ReferralRequest = ReferralRequest.objects.create(
        service=facts.service,
        referrer=referrer,
        source=facts.source,
        referrer_name=facts.referrer_name.strip(),
        given_name=facts.given_name.strip(),
        family_name=facts.family_name.strip(),
        birth_date=facts.birth_date,
        contact_name=facts.contact_name.strip(),
        phone=phone,
        email=facts.email,
        priority=facts.priority,
        due_on=facts.due_on,
        sent_at=now,
    )
    return sent


@transaction.atomic
def take_in_referral(*, request_id: uuid.UUID, person: Person, by: Account, now: datetime) -> Referral:
    """Make a referral of what was sent in, for the person whom the desk recognised; what was sent is deleted.

    An open referral of hers to the service stands in for it. A deadline that has passed meanwhile becomes today, so
    that it stands at the top. The caller has made sure that `by` serves both. Raises ReferralRequest.DoesNotExist,
    also for one that somebody else answered meanwhile.
    """
    sent = _lock(request_id)
    facts = ReferralFacts(
        service=sent.service,
        source=sent.source,
        referrer=sent.referrer,
        referrer_name=sent.referrer_name,
        priority=sent.priority,
        due_on=max(sent.due_on, timezone.localdate(now, sent.service.centre.timetable.tz)),
    )
    referral = refer_person(person=person, facts=facts, by=by, now=now)
    sent.delete()
    return referral


@transaction.atomic
def refuse_referral(*, request_id: uuid.UUID, reason: str, now: datetime) -> ReferralRequest:
    """Say no to what was sent in; its referrer reads why. Of the person only the given name is kept.

    Raises Refused (`refusal_reason_missing`) and ReferralRequest.DoesNotExist.
    """
    if not reason.strip():
        raise Refused(refusal("refusal_reason_missing"))
    sent = _lock(request_id)
    sent.refused_at, sent.refusal = now, reason.strip()
    sent.family_name = sent.contact_name = sent.phone = sent.email = ""
    sent.birth_date = None
    sent.save()
    return sent


def sketch_of_sent(sent: ReferralRequest) -> Sketch:
    """Return what is known about whom was sent, to look for her among the centre's people."""
    return Sketch(sent.given_name, sent.family_name, sent.birth_date, sent.phone)


def _lock(request_id: uuid.UUID) -> ReferralRequest:
    found = ReferralRequest.objects.waiting().select_for_update(of=("self",))
    return found.select_related("service__centre__timetable", "referrer").get(pk=request_id)
