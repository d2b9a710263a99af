"""Whether and to which number somebody lets SMS be sent; without her word none is sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.domain.contact_ways import read_mobile
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Person, SmsConsent


@transaction.atomic
def allow_sms(*, person: Person, phone: str, by: Account, now: datetime) -> Person:
    """Send SMS to this number from now on; saying the same again changes nothing.

    `by` is who said it, or who wrote down what she said. Raises Refused (`phone_missing`, `mobile_wrong`).
    """
    number = read_mobile(phone)
    if not number:
        raise Refused(refusal("phone_missing"))
    return _answer(person, number, by, now)


@transaction.atomic
def end_sms(*, person: Person, by: Account, now: datetime) -> Person:
    """Send no SMS any more, those that wait already neither; saying it again changes nothing."""
    return _answer(person, "", by, now)


def _answer(person: Person, number: str, by: Account, now: datetime) -> Person:
    person = lock_person(person.pk)
    if person.sms_phone != number:
        person.sms_phone = number
        person.save(update_fields=["sms_phone", "updated_at"])
        SmsConsent.objects.create(person=person, phone=number, by=by, at=now)
    return person
