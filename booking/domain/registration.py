"""Writing down a family at the desk: an adult with one way to be reached, then children, and who may do what."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from booking.models import Centre, Guardianship, Household, HouseholdMember, Merge, Person

Kind = Guardianship.Kind
NUMBERS = 90_000
TRIES = 20
# What a guardian of each kind may do unless the desk says otherwise (Family and Guardianship Code, art. 92–112 and
# 145–155; court officers: Act of 27 July 2001, they look and do not decide).
USUAL_RIGHTS = {
    Kind.PARENT: {"can_view": True, "can_book": True, "can_collect": True, "can_consent": True},
    Kind.LEGAL_GUARDIAN: {"can_view": True, "can_book": True, "can_collect": True, "can_consent": True},
    Kind.TEMPORARY_GUARDIAN: {"can_view": True, "can_book": True, "can_collect": True, "can_consent": True},
    Kind.ACTUAL_CARER: {"can_view": True, "can_book": True, "can_collect": True, "can_consent": False},
    Kind.COURT_OFFICER: {"can_view": True, "can_book": False, "can_collect": False, "can_consent": False},
}


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be written down; `pesel` and `phone` have been read by `identity` and `contact_ways`."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    language: str = "pl"
    reach: str = Person.Reach.PHONE
    reach_note: str = ""
    email: str = ""
    phone: str = ""
    pesel: str = ""
    other_id: str = ""


@transaction.atomic
def register_household(*, centre: Centre, adult: NewPerson, village: str = "", address: str = "") -> Household:
    """Write down a new household with its first adult and a number of its own.

    The caller has looked for duplicates and checked that the adult can be reached.
    """
    household = _new_household(centre, name=adult.family_name, village=village, address=address)
    join_household(household=household, person=_store(adult))
    return household


@transaction.atomic
def add_child(*, household: Household, child: NewPerson | Person, guardian: Person, kind: str = Kind.PARENT) -> Person:
    """Write down a child of a household, or let one that is known join it, with one adult of it as guardian.

    The guardian gets the rights usual for the kind; a guardianship that is written down already stays as it is.
    """
    person = child if isinstance(child, Person) else _store(child)
    join_household(household=household, person=person)
    Guardianship.objects.get_or_create(
        guardian=guardian, child=person, defaults={"kind": kind, **USUAL_RIGHTS[Kind(kind)]}
    )
    return person


@transaction.atomic
def add_adult(*, household: Household, adult: NewPerson | Person) -> Person:
    """Write down another adult of a household, or let one that is known join it."""
    person = adult if isinstance(adult, Person) else _store(adult)
    join_household(household=household, person=person)
    return person


def join_household(*, household: Household, person: Person, weeks: str = HouseholdMember.Weeks.EVERY) -> None:
    """Let somebody belong to a household, for all weeks or for one of two in alternating care; safe to repeat."""
    HouseholdMember.objects.update_or_create(household=household, person=person, defaults={"weeks": weeks})


def _store(new: NewPerson) -> Person:
    person = Person(
        given_name=new.given_name.strip(),
        family_name=new.family_name.strip(),
        birth_date=new.birth_date,
        language=new.language,
        reach=new.reach,
        reach_note=new.reach_note,
        email=new.email,
        phone=new.phone,
        other_id=new.other_id,
    )
    person.keep_pesel(new.pesel)
    person.save()
    return person


def _new_household(centre: Centre, *, name: str, village: str, address: str) -> Household:
    """Store a household under a free number that is short enough to be said on the phone."""
    for _try in range(TRIES):
        code = f"R-{secrets.randbelow(NUMBERS) + 10_000}"
        if Merge.objects.homes_once_numbered(code):
            continue  # the number of a card that somebody may still hold
        try:
            with transaction.atomic():
                return Household.objects.create(
                    centre=centre, code=code, name=name.strip(), village=village, address=address
                )
        except IntegrityError:
            continue
    message = f"No free household number was found in {TRIES} tries."
    raise RuntimeError(message)
