"""Names as they are searched (without diacritics) and as they are put in order (the Polish and Ukrainian alphabets)."""

from __future__ import annotations

import unicodedata

LETTERS_WITHOUT_MARKS = str.maketrans("łŁ", "lL")  # ł has no Unicode decomposition
# Polish letters and those borrowed between them, then the Ukrainian alphabet; the place in line is the sort weight.
ALPHABET = "0123456789aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż" + "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
WEIGHTS = {letter: f"{place:02x}" for place, letter in enumerate(ALPHABET, start=1)}
GAP, UNKNOWN = "00", "ff"


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


def _weights(name: str) -> list[str]:
    weights = []
    for letter in unicodedata.normalize("NFC", name).lower():
        if letter.isspace():
            weights.append(GAP)
        elif letter.isalnum():
            weights.append(WEIGHTS.get(letter) or WEIGHTS.get(plain(letter)[:1], UNKNOWN))
    return weights
