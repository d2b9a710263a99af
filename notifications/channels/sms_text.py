"""How many parts an SMS takes, and how it is written so that it takes few: pure, by the alphabet of GSM 03.38."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes two places
# One part alone, and each of several, which lose some places to their numbering (3GPP TS 23.040).
GSM_ALONE, GSM_EACH = 160, 153
UNICODE_ALONE, UNICODE_EACH = 70, 67
MOST_PARTS = 2
SPOKEN_ALIKE = str.maketrans(
    {"ł": "l", "Ł": "L", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "’": "'", "‘": "'"}
    | dict.fromkeys("„”“«»", '"')
)


def parts(text: str) -> int:
    """Return how many parts this text takes; a single Cyrillic letter makes all of it dear."""
    if is_gsm(text):
        places = sum(2 if letter in EXTENDED else 1 for letter in text)
        alone, each = GSM_ALONE, GSM_EACH
    else:
        places = len(text.encode("utf-16-le")) // 2
        alone, each = UNICODE_ALONE, UNICODE_EACH
    return 1 if places <= alone else -(-places // each)


def is_gsm(text: str) -> bool:
    """Say whether every letter is in the alphabet that fits 160 of them in a part."""
    return all(letter in BASIC or letter in EXTENDED for letter in text)


def plainly(text: str) -> str:
    """Return the text without the marks that would more than halve its room, as SMS is written in Poland.

    Where even then letters remain that the small alphabet lacks, such as Cyrillic ones, it is returned as it was.
    """
    bare = "".join(letter if letter in BASIC else _bare(letter) for letter in text.translate(SPOKEN_ALIKE))
    return bare if is_gsm(bare) else text


def shortened(sentences: Sequence[str], extras: Sequence[str] = ()) -> str:
    """Return the sentences with as many of the extras, the first ones first, as fit into two parts.

    Returns nothing where the sentences alone do not fit: half a message would mislead.
    """
    for count in range(len(extras), -1, -1):
        text = plainly(" ".join(filter(None, [*sentences, *extras[:count]])))
        if parts(text) <= MOST_PARTS:
            return text
    return ""


def _bare(letter: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(each))
