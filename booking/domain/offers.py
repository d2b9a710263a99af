"""Answering an offer: accept, decline, or let its moment pass; the place then goes on to the next in line."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from booking.domain.consent_holds import hold_for_consents
from booking.domain.line_log import log_step
from booking.domain.places import change_status, granted_status
from booking.domain.refusals import refusal_for
from booking.domain.telling import tell_family, tell_place
from booking.domain.waitlist import Groups, close_offers, give_back, leave_line, offer_on, offered_together
from booking.errors import Refused, refusal
from booking.locks import lock_line, lock_people
from booking.models import Account, Enrolment, LineEvent, Offer


@transaction.atomic
def accept_offer(*, offer_id: uuid.UUID, by: Account | None, now: datetime) -> Offer:
    """Turn a held place into an enrolment, for the whole bundle of siblings; accepting again changes nothing.

    `by` is None for somebody without an account who came by the link of the message. The other groups of the same wish
    are left, and what they held is offered on. Raises Refused (`offer_over` for an offer declined or run out, or why
    the place cannot be taken any more, such as `clash`), and Offer.DoesNotExist; then nothing has changed.
    """
    lock_people(_children_of(offer_id))
    offer, groups = _lock_offer(offer_id)
    if offer.status == Offer.Status.ACCEPTED:
        return offer
    if offer.status != Offer.Status.OPEN or offer.expires_at <= now:
        raise Refused(refusal("offer_over"))
    entries = offered_together(offer.enrolment, groups)
    for entry in entries:
        reason = refusal_for(child=entry.child, group=entry.group, now=now, entry=entry)
        if reason is not None:
            raise Refused(reason)
    for entry in entries:
        close_offers(entry, Offer.Status.ACCEPTED, now=now)
        change_status(entry, granted_status(entry.group), now=now)
        log_step(entry, LineEvent.Kind.ACCEPTED, now=now, by=by)
        for other in _other_wishes(entry, groups):
            leave_line(other, now=now, by=by)
        if not hold_for_consents(entry, now=now):
            tell_place(entry, now=now)
    offer_on(groups, now=now)
    offer.refresh_from_db(fields=["status", "decided_at"])
    return offer


@transaction.atomic
def decline_offer(*, offer_id: uuid.UUID, by: Account | None, now: datetime) -> Offer:
    """Give a held place back, with those of the bundle; the next in line is offered it at once.

    Declining again changes nothing. Raises Refused (`offer_over`) for an accepted one, and Offer.DoesNotExist.
    """
    offer, groups = _lock_offer(offer_id)
    if offer.status == Offer.Status.ACCEPTED:
        raise Refused(refusal("offer_over"))
    if offer.status == Offer.Status.OPEN:
        give_back(offer.enrolment, groups, Offer.Status.DECLINED, LineEvent.Kind.DECLINED, now=now, by=by)
        offer_on(groups, now=now)
        offer.refresh_from_db(fields=["status", "decided_at"])
    return offer


@transaction.atomic
def expire_offer(*, offer_id: uuid.UUID, now: datetime) -> Offer:
    """End an offer whose moment has passed; the next in line is offered the place at once.

    Safe to repeat and to race with an answer: whoever comes second changes nothing.
    """
    offer, groups = _lock_offer(offer_id)
    if offer.status == Offer.Status.OPEN and offer.expires_at <= now:
        entries = offered_together(offer.enrolment, groups)
        give_back(offer.enrolment, groups, Offer.Status.EXPIRED, LineEvent.Kind.EXPIRED, now=now)
        for entry in entries:
            tell_family(entry, kind="offer_expired", now=now, cause=f"offer-expired:{entry.pk}")
        offer_on(groups, now=now)
        offer.refresh_from_db(fields=["status", "decided_at"])
    return offer


def expire_overdue_offers(*, now: datetime) -> int:
    """End every overdue offer, each in its own transaction; returns how many were looked at."""
    overdue = list(Offer.objects.overdue(now).order_by("expires_at").values_list("pk", flat=True))
    for offer_id in overdue:
        expire_offer(offer_id=offer_id, now=now)
    return len(overdue)


def _children_of(offer_id: uuid.UUID) -> list[uuid.UUID]:
    child, bundle = Offer.objects.values_list("enrolment__child", "enrolment__bundle").get(pk=offer_id)
    others = Enrolment.objects.in_line().filter(bundle=bundle) if bundle else Enrolment.objects.none()
    return [child, *others.values_list("child", flat=True)]


def _lock_offer(offer_id: uuid.UUID) -> tuple[Offer, Groups]:
    group_id = Offer.objects.values_list("enrolment__group_id", flat=True).get(pk=offer_id)
    groups = lock_line(group_id)
    locked = Offer.objects.select_for_update(of=("self",)).select_related("enrolment__child")
    offer = locked.get(pk=offer_id)
    offer.enrolment.group = groups[group_id]
    return offer, groups


def _other_wishes(entry: Enrolment, groups: Groups) -> list[Enrolment]:
    if entry.wish is None:
        return []
    others = Enrolment.objects.in_line().filter(wish=entry.wish).exclude(pk=entry.pk)
    found = list(others.select_related("child").order_by("group_id"))
    for each in found:
        each.group = groups[each.group_id]
    return found
