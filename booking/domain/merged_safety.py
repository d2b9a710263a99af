"""Safe contacts, answers about SMS and referrals that two records of one person both have.

One of each is kept, never the looser one.
"""

from __future__ import annotations

from datetime import datetime

from booking.domain.merged_doubles import Pair
from booking.models import Referral, SafeContact, SmsConsent

URGENT_FIRST = (Referral.Priority.URGENT, Referral.Priority.SOON, Referral.Priority.NORMAL)


def join_safe_contacts(pair: Pair) -> int:
    """Keep the safe contact that was written down last, where both records have one; return how many were dropped.

    If either record says never to mention the centre, the kept one says so.
    """
    both = list(SafeContact.objects.select_for_update().filter(person__in=pair).order_by("recorded_at"))
    if len(both) < len(pair):
        return 0
    older, newer = both
    newer.discreet = newer.discreet or older.discreet
    older.delete()
    newer.save(update_fields=["discreet"])
    return 1


def join_sms_consents(pair: Pair) -> int:
    """Keep the answer about SMS that was given last in either record, a yes or a no; return how many were dropped."""
    last = SmsConsent.objects.filter(person__in=pair).order_by("-at").first()
    dropped = int(all(person.sms_consents.exists() for person in pair))
    pair.keep.sms_phone = last.phone if last else ""
    return dropped


def join_referrals(pair: Pair, *, now: datetime) -> int:
    """End one of two open referrals to the same service; the kept one has the earlier day and the greater urgency."""
    doubled = 0
    found = Referral.objects.select_for_update(of=("self",)).open()
    for other in list(found.filter(person=pair.give_up)):
        same = found.filter(person=pair.keep, service=other.service_id).first()
        if same is None:
            continue
        same.due_on = min(same.due_on, other.due_on)
        same.priority = min(
            (same.priority, other.priority), key=lambda each: URGENT_FIRST.index(Referral.Priority(each))
        )
        same.appointment_id = same.appointment_id or other.appointment_id
        same.save(update_fields=["due_on", "priority", "appointment"])
        other.ended_at, other.outcome = now, Referral.Outcome.UNNEEDED
        other.save(update_fields=["ended_at", "outcome"])
        doubled += 1
    return doubled
