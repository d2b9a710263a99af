"""The first letters of a name are known again however people write them, and others are not."""

from __future__ import annotations

import pytest

from booking.web.name_letters import begins_with


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Kłobuś", "klo"),
        ("Łęcka", "łęc"),
        ("Kovalenko", "Ков"),
        ("Kowalenko", "Ков"),
        ("Коваленко", "kov"),
        ("Коваленко", "Kow"),
        ("Коваленко", "КОВАЛ"),
        ("Shevchenko", "Шев"),
        ("Szewczenko", "Шев"),
        ("Yurchenko", "Юрч"),
        ("Їжак", "yiz"),
        ("Йосипенко", "Йос"),
        ("D'Angelo", "dan"),
        ("Nowak-Kowalska", "Nowak K"),
        ("Ek", "ek"),
        ("Li", "Лі"),
    ],
)
def test_letters_are_known_again(name: str, typed: str):
    assert begins_with(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Kłobuś", "kl"),
        ("Kłobuś", "kla"),
        ("Kłobuś", "---"),
        ("Kłobuś", ""),
        ("Kovalenko", "Мов"),
        ("Ek", "e"),
        ("Шевченко", "ше"),
        ("Nowak-Kowalska", "Kow"),
    ],
)
def test_other_letters_and_too_few_are_not(name: str, typed: str):
    assert not begins_with(name, typed)
