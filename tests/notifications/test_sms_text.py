"""How long an SMS is: the alphabets and their parts."""

from __future__ import annotations

import pytest

from notifications.channels.sms_text import parts, plainly, shortened

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two places each
        ("€" * 81, 2),
        ("ą" * 70, 1),
        ("ą" * 71, 2),
        ("є" * 134, 2),
        ("є" * 135, 3),
        ("a" * 159 + "є", 3),
        ("😀" * 35, 1),  # two places each, in sixteen bits
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_by_the_alphabet(text, count):
    assert parts(text) == count


def test_polish_is_written_without_its_marks():
    assert plainly("Zażółć gęślą jaźń – „śr.” 16:00…") == 'Zazolc gesla jazn - "sr." 16:00...'
    assert parts(plainly("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ" * 8)) == 1


def test_cyrillic_is_left_as_it_is():
    assert plainly("Візит: Łucja – п'ятниця") == "Візит: Łucja – п'ятниця"


def test_extras_are_left_out_from_the_last_until_it_fits():
    assert shortened(["a" * 150], ["b" * 100, "c" * 100]) == "a" * 150 + " " + "b" * 100
    assert shortened(["a" * 10], ["b"]) == "a" * 10 + " b"
    assert shortened(["є" * 130], ["є" * 10]) == "є" * 130


def test_nothing_is_better_than_half_of_it():
    assert shortened(["є" * 135]) == ""
