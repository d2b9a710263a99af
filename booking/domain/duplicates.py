"""Who among a centre's people may be the one about to be written down again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models import Account, Centre, Household, Person
from booking.models.names import plain

MOST_SHOWN = 8
ALIKE = 0.75  # of two names that differ by a slip of the pen


class Likeness(models.TextChoices):
    """Why two records may be of one person, the surest first."""

    SAME_PESEL = "same_pesel", _("the same PESEL number")
    SAME_NAME_AND_DATE = "same_name_and_date", _("the same name and birth date")
    SIMILAR_NAME_SAME_DATE = "similar_name_same_date", _("a similar name and the same birth date")
    SAME_NAME_AND_PHONE = "same_name_and_phone", _("the same first name and phone")
    SAME_NAME = "same_name", _("the same name, one birth date is not known")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is known about somebody before she is looked for."""

    given_name: str
    family_name: str
    birth_date: date | None = None
    phone: str = ""
    pesel: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Somebody the centre knows already, and why she may be the one."""

    person: Person
    likeness: Likeness
    households: tuple[Household, ...]


def find_duplicates(
    *, sketch: Sketch, centre: Centre, user: Account, on: date, leave_out: Iterable[Person] = ()
) -> list[Duplicate]:
    """Return the centre's people served by `user` who may be the one of the sketch, the surest first; reads only."""
    own = (
        Person.objects.of_desk(user, on)
        .filter(households__centre=centre)
        .exclude(pk__in=[person.pk for person in leave_out])
    )
    candidates = own.filter(_may_be(sketch)).in_order().distinct().prefetch_related("households")
    found = []
    for person in candidates:
        likeness = _likeness(sketch, person)
        if likeness:
            homes = tuple(home for home in person.households.all() if home.centre_id == centre.pk)
            found.append(Duplicate(person, likeness, homes))
    order = list(Likeness)
    return sorted(found, key=lambda each: order.index(each.likeness))[:MOST_SHOWN]


def sketch_of(person: Person) -> Sketch:
    """Return what is known about somebody who is written down."""
    return Sketch(person.given_name, person.family_name, person.birth_date, person.phone, person.open_pesel())


def _may_be(sketch: Sketch) -> Q:
    meant = Q(search_name=plain(f"{sketch.family_name} {sketch.given_name}"))
    if sketch.birth_date:
        meant |= Q(birth_date=sketch.birth_date)
    if sketch.phone:
        meant |= Q(phone=sketch.phone)
    if sketch.pesel:
        meant |= Q(pk__in=Person.objects.with_pesel(sketch.pesel))
    return meant


def _likeness(sketch: Sketch, person: Person) -> Likeness | None:
    if sketch.pesel and person.pesel_digest:
        same = Person.objects.with_pesel(sketch.pesel).filter(pk=person.pk).exists()
        return Likeness.SAME_PESEL if same else None
    name, other = _names(sketch), _names(person)
    if sketch.birth_date and person.birth_date == sketch.birth_date:
        if name == other:
            return Likeness.SAME_NAME_AND_DATE
        return Likeness.SIMILAR_NAME_SAME_DATE if _are_alike(name, other) else None
    if name[1] == other[1] and sketch.phone and sketch.phone == person.phone:
        return Likeness.SAME_NAME_AND_PHONE
    if name == other and not (sketch.birth_date and person.birth_date):
        return Likeness.SAME_NAME
    return None


def _names(who: Sketch | Person) -> tuple[str, str]:
    return plain(who.family_name), plain(who.given_name)


def _are_alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether the names differ by a slip, by their order, or by one of two family names."""
    if set(one) == set(other):
        return True
    families = set(one[0].replace("-", " ").split()) & set(other[0].replace("-", " ").split())
    return (bool(families) or _close(one[0], other[0])) and _close(one[1], other[1])


def _close(one: str, other: str) -> bool:
    return SequenceMatcher(a=one, b=other).ratio() >= ALIKE
