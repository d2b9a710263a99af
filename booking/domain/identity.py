"""Personal numbers: checking what was typed, and sealing what is kept anew after a key was changed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.formats import date_format
from stdnum.exceptions import ValidationError
from stdnum.pl import pesel

from booking.errors import Refused, refusal
from booking.models import Person


def read_pesel(text: str, *, birth_date: date | None) -> tuple[str, date]:
    """Return the digits of a PESEL number and the birth date it tells.

    The digits, the checksum and the century in the month are checked (Act of 24 September 2010 on population records,
    art. 15). Raises Refused: `pesel_wrong`, or `pesel_other_birth_date` where it is not that of `birth_date`.
    """
    try:
        digits = pesel.validate(text)
        born = pesel.get_birth_date(digits)
    except ValidationError as failure:
        raise Refused(refusal("pesel_wrong")) from failure
    if birth_date not in {None, born}:
        raise Refused(refusal("pesel_other_birth_date", birth_date=date_format(born, "j E Y")))
    return digits, born


def looks_like_pesel(text: str) -> bool:
    """Say whether these are the digits of a PESEL number."""
    return bool(pesel.is_valid(text))


def seal_identities() -> int:
    """Seal every personal number with the first key of the settings and return how many there are.

    Safe to repeat and to break off. Afterwards older keys can be taken away.
    """
    people = Person.objects.exclude(pesel_sealed="").order_by("pk").values_list("pk", flat=True)
    for person_id in list(people):
        with transaction.atomic():
            person = Person.objects.select_for_update().get(pk=person_id)
            person.keep_pesel(person.open_pesel())
            Person.objects.filter(pk=person_id).update(
                pesel_sealed=person.pesel_sealed, pesel_digest=person.pesel_digest
            )
    return len(people)
