from __future__ import annotations

import random

import pytest

from booking.models import Person
from booking.models.names import plain, sort_key
from tests.factories import make_person

IN_ORDER = [
    ("Abacka", "Zofia"),
    ("Ącka", "Anna"),
    ("Celna", "Ewa"),
    ("Ćma", "Ewa"),
    ("Lis", "Żaneta"),
    ("Lisek", "Adam"),
    ("Łach", "Adam"),
    ("Mak", "Łucja"),
    ("Mak", "Maria"),
    ("Makowa", "Anna"),
    ("Nowakza", "Ola"),
    ("Nowak-Zeta", "Ola"),
    ("Ósma", "Ola"),
    ("Śliwa", "Ola"),
    ("Tur", "Ola"),
    ("Zięba", "Ola"),
    ("Źrebiec", "Ola"),
    ("Żak", "Ola"),
    ("Андрієнко", "Оля"),
    ("Іваненко", "Оля"),
    ("Їжак", "Оля"),
]


@pytest.mark.django_db
def test_people_stand_in_the_order_of_a_polish_register_on_every_engine():
    mixed = IN_ORDER.copy()
    random.Random(7).shuffle(mixed)
    for family_name, given_name in mixed:
        make_person(given_name=given_name, family_name=family_name)

    assert list(Person.objects.in_order().values_list("family_name", "given_name")) == IN_ORDER


def test_sort_key_holds_two_plain_digits_a_letter_whatever_the_alphabet():
    assert sort_key("Ąb", "Ł") == "0c0d001a"
    assert sort_key("Müller 中", "é'-") == sort_key("muller 中", "e")
    assert set(sort_key("Żółć-Їжак 中", "Ю")) <= set("0123456789abcdef")


def test_sort_key_does_not_depend_on_how_letters_are_composed():
    assert sort_key("Ża\u0328k", "O\u0301la") == sort_key("Żąk", "Óla")


def test_plain_text_has_neither_case_nor_diacritics():
    assert plain("Świetlica „Kłobuś”") == "swietlica „klobus”"
