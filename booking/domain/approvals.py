"""Places that the centre approves one by one."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from booking.domain.consent_holds import hold_for_consents
from booking.domain.line_log import log_step
from booking.domain.places import change_status
from booking.domain.telling import tell_family, tell_place
from booking.domain.waitlist import Groups, offer_on
from booking.errors import Refused, refusal
from booking.locks import lock_enrolment, lock_line
from booking.models import Account, ConsentHold, Enrolment, LineEvent

Status = Enrolment.Status


@transaction.atomic
def approve_enrolment(*, enrolment_id: uuid.UUID, by: Account, now: datetime) -> Enrolment:
    """Let somebody in for whom a place is held until the centre decides; repeating it changes nothing.

    Where consents are still missing, the place is hers as soon as they are given. Raises Refused (`not_pending`) for
    one that is over, and Enrolment.DoesNotExist.
    """
    entry, _groups = _lock(enrolment_id)
    if entry.status == Status.ENROLLED:
        return entry
    if entry.status != Status.PENDING:
        raise Refused(refusal("not_pending"))
    if ConsentHold.objects.open().filter(enrolment=entry).exists():
        if ConsentHold.objects.open().filter(enrolment=entry, becomes=Status.PENDING).update(becomes=Status.ENROLLED):
            log_step(entry, LineEvent.Kind.APPROVED, now=now, by=by)
        return entry
    change_status(entry, Status.ENROLLED, now=now)
    log_step(entry, LineEvent.Kind.APPROVED, now=now, by=by)
    if not hold_for_consents(entry, now=now):
        tell_place(entry, now=now)
    return entry


@transaction.atomic
def reject_enrolment(*, enrolment_id: uuid.UUID, reason: str, by: Account, now: datetime) -> Enrolment:
    """Say no to somebody for whom a place is held; the reason is told to the family and the place is offered on.

    Raises Refused (`not_pending`, also for one let in before, and `answer_needs_reason`), and Enrolment.DoesNotExist;
    then nothing has changed.
    """
    entry, groups = _lock(enrolment_id)
    if entry.status != Status.PENDING:
        raise Refused(refusal("not_pending"))
    if not reason.strip():
        raise Refused(refusal("answer_needs_reason"))
    change_status(entry, Status.WITHDRAWN, now=now)
    log_step(entry, LineEvent.Kind.REJECTED, now=now, by=by, reason=reason)
    tell_family(entry, kind="rejected", now=now, cause=f"rejected:{entry.pk}", facts={"reason": reason})
    offer_on(groups, now=now)
    return entry


def _lock(enrolment_id: uuid.UUID) -> tuple[Enrolment, Groups]:
    group_id = Enrolment.objects.values_list("group_id", flat=True).get(pk=enrolment_id)
    groups = lock_line(group_id)
    entry = lock_enrolment(enrolment_id)
    entry.group = groups[group_id]
    return entry, groups
