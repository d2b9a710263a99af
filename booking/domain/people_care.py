"""Keeping what the centre knows about people true: contact, names, rights, the privacy notice."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from booking.domain.registration import NewPerson
from booking.locks import lock_person
from booking.models import Household, Person


@transaction.atomic
def change_person(*, person: Person, new: NewPerson, keep_pesel: bool) -> Person:
    """Write down somebody's name and contact anew; with `keep_pesel` the personal number stays as it is."""
    person = lock_person(person.pk)
    person.given_name, person.family_name = new.given_name.strip(), new.family_name.strip()
    person.birth_date, person.language, person.other_id = new.birth_date, new.language, new.other_id
    person.reach, person.reach_note, person.phone, person.email = new.reach, new.reach_note, new.phone, new.email
    if not keep_pesel:
        person.keep_pesel(new.pesel)
    person.save()
    return person


def change_address(*, household: Household, village: str, address: str) -> None:
    """Write down where a household lives anew."""
    Household.objects.filter(pk=household.pk).update(village=village, address=address)


def mark_privacy_notice(*, person: Person, on: date) -> None:
    """Note on which day somebody was given the privacy notice; the first day stays."""
    Person.objects.filter(pk=person.pk, privacy_notice_on=None).update(privacy_notice_on=on)
