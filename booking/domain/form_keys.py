"""One form, one effect: what a page's form did is kept with its key, so that sending it again does nothing again."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from booking.domain.enrolment import enrol_child
from booking.locks import lock_person
from booking.models import Account, Enrolment, Group, IdempotencyKey, Person

CREATED = 201


@transaction.atomic
def enrol_by_form(*, child: Person, group: Group, by: Account, form_key: uuid.UUID, now: datetime) -> Enrolment:
    """Enrol as `enrol_child` does, once a form: the same form sent again returns the first enrolment as it now stands.

    The caller has made sure that `by` may book for the child. Raises Refused with the reason; then nothing has changed.
    """
    lock_person(child.pk)
    key = f"enrol-form:{form_key}:{group.pk}:{child.pk}"
    enrolment_id = answer_to(by=by, key=key)
    if enrolment_id is not None:
        return Enrolment.objects.get(pk=enrolment_id)
    enrolment = enrol_child(child=child, group=group, by=by, now=now)
    keep_answer(by=by, key=key, made=enrolment.pk, now=now)
    return enrolment


def answer_to(*, by: Account, key: str) -> uuid.UUID | None:
    """Return the id of what this key made before, or None."""
    known = IdempotencyKey.objects.filter(account=by, key=key).values_list("answer", flat=True).first()
    return uuid.UUID(known["made"]) if known else None


def keep_answer(*, by: Account, key: str, made: uuid.UUID, now: datetime) -> None:
    """Keep what a key made. Raises IntegrityError for a key that made something before: the transaction is undone."""
    IdempotencyKey.objects.create(
        account=by, key=key, fingerprint="", status=CREATED, answer={"made": str(made)}, created_at=now
    )
