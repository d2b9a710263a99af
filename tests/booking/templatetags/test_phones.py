"""A phone number on a page stands in groups, so that it can be read out and dialled."""

from __future__ import annotations

import pytest

from booking.templatetags.phones import phone


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("+48601234567", "+48 601 234 567"),
        ("+48343172200", "+48 34 317 22 00"),
        ("+380501234567", "+380 50 123 4567"),
        ("przez szkołę", "przez szkołę"),
        ("", ""),
    ],
)
def test_a_number_is_read_in_groups_and_other_words_stay(stored, read):
    assert phone(stored).replace("\N{NO-BREAK SPACE}", " ") == read
    assert " " not in phone("+48601234567")
