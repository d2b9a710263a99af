"""Whether and to which number somebody lets SMS be sent; without her word none is sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.domain.contact_ways import read_mobile
from booking.locks import lock_person
from booking.models import Account, Person, SmsConsent


@transaction.atomic
def answer_sms(*, person: Person, phone: str, by: Account, now: datetime) -> Person:
    """Send SMS to this number from now on, or none for "", those that wait already neither.

    Saying the same again changes nothing; every other answer is kept with its day. `by` is who said it, or who wrote
    down what she said. Raises Refused (`mobile_wrong`).
    """
    number = read_mobile(phone)
    person = lock_person(person.pk)
    if person.sms_phone != number:
        person.sms_phone = number
        person.save(update_fields=["sms_phone", "updated_at"])
        SmsConsent.objects.create(person=person, phone=number, by=by, at=now)
    return person
