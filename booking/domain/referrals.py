"""Referrals: entering one, inviting whom it is about, booking by its link, and settling it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from booking.domain.appointment_booking import VisitFacts, book_appointment
from booking.domain.recipients import recipients_about
from booking.domain.referral_visits import answer_referrals
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Appointment, CareDecision, Person, Policy, Referral, Service
from booking.models.appointment import ATTENDED
from booking.models.modes import Mode
from booking.models.referral import LINK_NUMBERS
from notifications.outbox import enqueue

Priority = Referral.Priority
Outcome = Referral.Outcome


@dataclass(frozen=True, slots=True)
class ReferralFacts:
    """Who sends, how urgently and until when. Why is not written here."""

    service: Service
    source: str
    referrer_name: str
    due_on: date
    priority: str = Priority.NORMAL
    referrer: Person | None = None


@transaction.atomic
def refer_person(*, person: Person, facts: ReferralFacts, by: Account, now: datetime) -> Referral:
    """Enter that somebody was sent; an open referral to the same service is returned as it stands.

    The caller has made sure that `by` serves the person. Raises Refused (`referral_due_past`).
    """
    person = lock_person(person.pk)
    if facts.due_on < timezone.localdate(now, facts.service.centre.timetable.tz):
        raise Refused(refusal("referral_due_past"))
    known = Referral.objects.open().filter(person=person, service=facts.service).first()
    if known is not None:
        return known
    referral = Referral.objects.create(
        person=person,
        service=facts.service,
        source=facts.source,
        referrer=facts.referrer,
        referrer_name=facts.referrer_name.strip(),
        priority=facts.priority,
        due_on=facts.due_on,
        made_by=by,
        made_at=now,
    )
    answer_referrals(service_id=facts.service.pk, person_ids=[person.pk])  # a visit may be booked already
    return referral


@transaction.atomic
def invite_referred(*, referral_id: uuid.UUID, now: datetime) -> Referral:
    """Send the link with which the person, or who may book for her, chooses a time; sent again, it opens for longer.

    It opens until the day the visit is due, and for the days of the centre's policy at least. Whoever must not know of
    visits to this service is not told. Raises Refused (`referral_over`) and Referral.DoesNotExist.
    """
    referral = _lock(referral_id)
    if referral.ended_at is not None or referral.is_booked:
        raise Refused(refusal("referral_over"))
    on = timezone.localdate(now, referral.service.centre.timetable.tz)
    hidden = CareDecision.objects.in_force(on).about(referral.service_id).filter(person=referral.person_id)
    not_told = set(hidden.filter(kind=CareDecision.Kind.HIDDEN).values_list("guardian_id", flat=True))
    enqueue(
        recipients=[each for each in recipients_about(referral.person, on=on) if each.id not in not_told],
        kind="referral_invited",
        facts={"referral": str(referral.pk)},
        cause=f"referral-invited:{referral.pk}:{now.isoformat()}",
        now=now,
    )
    days = Policy.objects.numbers(referral.service.centre_id, on)[Policy.Key.REFERRAL_LINK_DAYS]
    referral.invited_at = now
    referral.link_until = max(referral.due_on, on + timedelta(days=days))
    referral.save(update_fields=["invited_at", "link_until"])
    return referral


@transaction.atomic
def take_links_back(*, referral_id: uuid.UUID) -> Referral:
    """Let no link that was sent open any more; an invitation sent later brings a new one. Repeating it is safe.

    Raises Referral.DoesNotExist.
    """
    referral = _lock(referral_id)
    if referral.link_until is not None:
        referral.link_until = None
        referral.link_number = min(referral.link_number + 1, LINK_NUMBERS - 1)
        referral.save(update_fields=["link_until", "link_number"])
    return referral


@transaction.atomic
def book_by_referral(
    *,
    referral_id: uuid.UUID,
    starts_at: datetime,
    specialist_id: uuid.UUID,
    mode: str = Mode.OFFICE,
    by: Account | None,
    now: datetime,
) -> Appointment:
    """Book the visit that a referral asks for; an urgent one may take what is kept free for urgent matters.

    Raises Refused: `referral_over`, and all that booking raises; then nothing has changed.
    """
    lock_person(Referral.objects.values_list("person_id", flat=True).get(pk=referral_id))
    referral = _lock(referral_id)
    if referral.ended_at is not None or referral.is_booked:
        raise Refused(refusal("referral_over"))
    facts = VisitFacts(
        service=referral.service,
        starts_at=starts_at,
        mode=mode,
        specialist_id=specialist_id,
        is_urgent=referral.priority == Priority.URGENT,
    )
    return book_appointment(facts=facts, person=referral.person, by=by, now=now, source=Appointment.Source.LINK)


@transaction.atomic
def settle_referral(*, referral_id: uuid.UUID, outcome: str, now: datetime) -> Referral:
    """End a referral; repeating it changes nothing. Raises Referral.DoesNotExist."""
    referral = _lock(referral_id)
    if referral.ended_at is None:
        referral.ended_at, referral.outcome = now, Outcome(outcome)
        referral.save(update_fields=["ended_at", "outcome"])
    return referral


def settle_kept_referrals(*, now: datetime) -> int:
    """End the referrals whose visit has taken place and return how many."""
    kept = Referral.objects.open().filter(appointment__status__in=ATTENDED)
    return kept.update(ended_at=now, outcome=Outcome.CAME)


def _lock(referral_id: uuid.UUID) -> Referral:
    found = Referral.objects.select_for_update(of=("self",))
    return found.select_related("person", "service__centre__timetable", "appointment").get(pk=referral_id)
