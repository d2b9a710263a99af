"""Giving a place in a group and giving it back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from booking.domain.recipients import recipients_about
from booking.domain.refusals import refusal_for
from booking.errors import Refused
from booking.locks import lock_enrolment, lock_group, lock_person
from booking.models import Account, Enrolment, Group, Person
from booking.models.enrolment import HOLDING
from notifications.outbox import enqueue


@transaction.atomic
def enrol_child(
    *, child: Person, group: Group, by: Account, now: datetime, note: str = "", by_desk: bool = False
) -> Enrolment:
    """Enrol `child` in `group` for the whole course and queue the confirmation to her guardians.

    Decided under the locks of the child and of the group, so that parallel requests never pass the capacity. The
    caller has made sure that `by` may book for the child. Raises Refused with the reason; then nothing has changed.
    """
    child = lock_person(child.pk)
    group = lock_group(group.pk)
    reason = refusal_for(child=child, group=group, now=now, by_desk=by_desk)
    if reason is not None:
        raise Refused(reason)
    Group.objects.filter(pk=group.pk).update(places_taken=F("places_taken") + 1, updated_at=now)
    enrolment = Enrolment.objects.create(
        group=group,
        child=child,
        status=Enrolment.Status.ENROLLED,
        note=note,
        enrolled_by=by,
        created_at=now,
        updated_at=now,
    )
    _tell(enrolment, kind="enrolled", now=now)
    return enrolment


@transaction.atomic
def withdraw_child(*, enrolment_id: uuid.UUID, now: datetime) -> Enrolment:
    """End an enrolment and free its place; a withdrawn one is left as it is, so that repeating is safe.

    The caller has made sure that the enrolment is one the person may end. Raises Enrolment.DoesNotExist.
    """
    group_id = Enrolment.objects.values_list("group_id", flat=True).get(pk=enrolment_id)
    group = lock_group(group_id)
    enrolment = lock_enrolment(enrolment_id)
    enrolment.group = group
    if not enrolment.is_live:
        return enrolment
    if enrolment.status in HOLDING:
        Group.objects.filter(pk=group.pk).update(places_taken=F("places_taken") - 1, updated_at=now)
    enrolment.status = Enrolment.Status.WITHDRAWN
    enrolment.updated_at = now
    enrolment.save()
    _tell(enrolment, kind="withdrawn", now=now)
    return enrolment


def _tell(enrolment: Enrolment, *, kind: str, now: datetime) -> None:
    enqueue(
        recipients=recipients_about(enrolment.child, on=timezone.localdate(now, enrolment.group.term.timetable.tz)),
        kind=kind,
        facts={"enrolment": str(enrolment.pk)},
        cause=f"{kind}:{enrolment.pk}",
        now=now,
    )
