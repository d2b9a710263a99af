"""Names as they are searched (without diacritics) and as they are put in order (the Polish and Ukrainian alphabets)."""

from __future__ import annotations

import unicodedata

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace

LETTERS_WITHOUT_MARKS = str.maketrans("łŁ", "lL")  # ł has no Unicode decomposition
# Polish letters and those borrowed between them, then the Ukrainian alphabet; the place in line is the sort weight.
ALPHABET = "0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż" + "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
WEIGHTS = {letter: f"{place:02x}" for place, letter in enumerate(ALPHABET, start=1)}
GAP, UNKNOWN = "00", "ff"
# Letters of the base alphabet that stand where the Polish letter belongs, in every collation.
POLISH_LETTERS = {
    "ą": "azz",
    "ć": "czz",
    "ę": "ezz",
    "ł": "lzz",
    "ń": "nzz",
    "ó": "ozz",
    "ś": "szz",
    "ź": "zzy",
    "ż": "zzz",
}


def plain(text: str) -> str:
    """Return text in small letters without diacritics, as searching compares it: " Ewa  Kłobuś" is "ewa klobus"."""
    split = unicodedata.normalize("NFKD", text.translate(LETTERS_WITHOUT_MARKS))
    letters = "".join(letter for letter in split if not unicodedata.combining(letter)).casefold()
    return " ".join(letters.split())


def sort_key(family_name: str, given_name: str) -> str:
    """Return what puts people in the order of a Polish register: ą after a, ł after l, family names first.

    Two hexadecimal digits a letter, so that every database orders the keys alike, whatever its collation. Hyphens and
    apostrophes do not count; a letter of another alphabet is put where its plain one belongs, or last.
    """
    return GAP.join("".join(_weights(name)) for name in (family_name, given_name))


def title_key(title: str) -> str:
    """Return what puts titles (of groups, services, rooms) in the order of the alphabet, as `sort_key` does people."""
    return "".join(_weights(title))


def in_alphabet(field: str) -> Combinable:
    """Return what a database orders rows by to put a field in the order of the Polish alphabet: ł after l, any case.

    For the rows of forms and of the administration; lists that pages show are put in order by `title_key`.
    """
    found: Combinable = F(field)
    for letter, written in POLISH_LETTERS.items():
        for each in (letter, letter.upper()):
            found = Replace(found, Value(each), Value(written))
    return Lower(found)


def _weights(name: str) -> list[str]:
    weights = []
    for letter in unicodedata.normalize("NFC", name).lower():
        if letter.isspace():
            weights.append(GAP)
        elif letter.isalnum():
            weights.append(WEIGHTS.get(letter) or WEIGHTS.get(plain(letter)[:1], UNKNOWN))
    return weights
