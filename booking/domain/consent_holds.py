"""Places that are held while consents are missing, until a deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from booking.domain.consents_asked import missing_consents
from booking.domain.places import change_status
from booking.domain.telling import tell_family, tell_place
from booking.domain.waitlist import offer_on
from booking.locks import lock_enrolment, lock_group, lock_line, lock_person
from booking.models import ConsentHold, Enrolment, Person, Policy

Status = Enrolment.Status


def hold_for_consents(entry: Enrolment, *, now: datetime) -> bool:
    """Turn a place just given into one that is held, if consents are missing, and tell the family; say whether it was.

    The caller holds the group's lock; `entry.group` is the locked row.
    """
    if entry.status not in {Status.ENROLLED, Status.PENDING}:
        return False
    group = entry.group
    on = timezone.localdate(now, group.term.timetable.tz)
    if not missing_consents(child=entry.child, group=group, on=on):
        return False
    hours = Policy.objects.numbers(group.activity.centre_id, on)[Policy.Key.CONSENT_HOURS]
    facts = {"becomes": entry.status, "until": now + timedelta(hours=hours), "settled_at": None}
    ConsentHold.objects.update_or_create(enrolment=entry, defaults=facts)
    if entry.status != Status.PENDING:
        change_status(entry, Status.PENDING, now=now)
    tell_family(entry, kind="consent_needed", now=now, cause=f"consent-needed:{entry.pk}:{facts['until']}")
    return True


@transaction.atomic
def settle_pending(*, child: Person, now: datetime) -> list[Enrolment]:
    """Give `child` the places that were held for consents which are not missing any more; returns them."""
    child = lock_person(child.pk)
    settled = []
    for hold in _open_holds().filter(enrolment__child=child).order_by("enrolment__group_id"):
        group = lock_group(hold.enrolment.group_id)
        entry = lock_enrolment(hold.enrolment_id)
        entry.group = group
        on = timezone.localdate(now, group.term.timetable.tz)
        if entry.status != Status.PENDING or missing_consents(child=child, group=group, on=on):
            continue
        _settle(hold, now)
        if hold.becomes == Status.ENROLLED:
            change_status(entry, Status.ENROLLED, now=now)
        tell_place(entry, now=now)
        settled.append(entry)
    return settled


def release_overdue_holds(*, now: datetime) -> int:
    """Free the places whose consents did not come in time, each in its own transaction; returns how many were freed."""
    overdue = _open_holds().filter(until__lte=now).order_by("until")
    return sum(_release(hold, now) for hold in list(overdue))


@transaction.atomic
def _release(hold: ConsentHold, now: datetime) -> bool:
    lock_person(hold.enrolment.child_id)
    groups = lock_line(hold.enrolment.group_id)
    entry = lock_enrolment(hold.enrolment_id)
    entry.group = groups[entry.group_id]
    if entry.status != Status.PENDING or not _open_holds().filter(pk=hold.pk, until__lte=now).exists():
        return False
    _settle(hold, now)
    change_status(entry, Status.WITHDRAWN, now=now)
    tell_family(entry, kind="consent_expired", now=now, cause=f"consent-expired:{entry.pk}")
    offer_on(groups, now=now)
    return True


def _open_holds() -> QuerySet[ConsentHold]:
    return ConsentHold.objects.open().select_related("enrolment")


def _settle(hold: ConsentHold, now: datetime) -> None:
    hold.settled_at = now
    hold.save(update_fields=["settled_at"])
