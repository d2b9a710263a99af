"""Finding a family by whatever the person at the desk says: a name, a phone, a number, a birth date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from booking.domain.contact_ways import looks_like_phone
from booking.domain.identity import looks_like_pesel
from booking.models import Account, Household, HouseholdMember, Merge, Person

MOST_FOUND = 50
DATE_FORMATS = ("%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y")
LEAST_DIGITS = 4


@dataclass(slots=True)
class Found:
    """A household and those of its people who were meant."""

    household: Household
    people: list[Person] = field(default_factory=list)


def find_families(*, text: str, user: Account, on: date) -> list[Found]:
    """Return the households that `user` serves at her desk in which somebody fits `text`, in the order of names.

    Understood are names without regard to case and diacritics ("klobus" finds "Kłobuś"), a phone number in any
    writing, a household number, also one given up in a merge, a birth date, a PESEL number. At most fifty people are
    read.
    """
    meant = _meant_by(text)
    if meant is None:
        return []
    mine = HouseholdMember.objects.filter(household__in=Household.objects.of_desk(user, on)).filter(meant)
    rows = mine.select_related("household__centre", "person").order_by("person__sort_name", "person_id", "pk")
    return _by_household(rows[:MOST_FOUND])


def _meant_by(text: str) -> Q | None:
    words = " ".join(text.split())
    if not words:
        return None
    born = _birth_date(words)
    if born:
        return Q(person__birth_date=born)
    meant = Q(household__code__iexact=words)
    if any(letter.isdigit() for letter in words):
        meant |= Q(household__in=Merge.objects.homes_once_numbered(words))
    if looks_like_pesel(words):
        return meant | Q(person__in=Person.objects.with_pesel(re.sub(r"\D", "", words)))
    digits = re.sub(r"\D", "", words)
    if len(digits) >= LEAST_DIGITS and re.fullmatch(r"[\d\s+()/.\-]+", words):
        return meant | Q(person__phone__endswith=digits) | Q(person__phone=looks_like_phone(words) or "-")
    return meant | Q(person__in=Person.objects.named_like(words))


def _birth_date(text: str) -> date | None:
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day of the calendar, in no zone
        except ValueError:
            continue
    return None


def _by_household(rows: Iterable[HouseholdMember]) -> list[Found]:
    found: dict[object, Found] = {}
    for row in rows:
        found.setdefault(row.household_id, Found(row.household)).people.append(row.person)
    return list(found.values())
