"""The first letters of a family name as people write them: with or without diacritics, in Latin or Cyrillic letters."""

from __future__ import annotations

from booking.models.names import plain

# What Ukrainian letters are in passports (resolution 55 of the Cabinet of Ministers, 2010) and in Polish spelling.
SINGLE = dict(zip("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "abvhgdeєжzyiijklmnoprstufхцчшщ'юя", strict=True))
PASSPORT = {"є": "ie", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia"}
PASSPORT_AT_START = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
POLISH = {"в": "w", "є": "je", "ж": "z", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz", "ю": "ju", "я": "ja"}
LETTERS = 3


def begins_with(name: str, typed: str) -> bool:
    """Say whether the letters typed are the first three or more of a name, or all of a shorter one.

    Case, diacritics, spaces, hyphens and apostrophes do not count; Ukrainian letters stand for the Latin ones of a
    passport or of Polish spelling, and the other way round.
    """
    most = min(LETTERS, len(_bare(name)))
    return any(
        len(_bare(typed)) >= most and letters and spelled.startswith(letters)
        for spelled in _spellings(name)
        for letters in _spellings(typed)
    )


def _spellings(text: str) -> set[str]:
    lowered = text.strip().lower()
    latin = [
        "".join(table.get(letter, SINGLE.get(letter, letter)) for letter in lowered) for table in (PASSPORT, POLISH)
    ]
    start = PASSPORT_AT_START.get(lowered[:1])
    started = [start + latin[0][len(PASSPORT.get(lowered[0], SINGLE[lowered[0]])) :]] if start else []
    return {_bare(each) for each in (lowered, *latin, *started)}


def _bare(text: str) -> str:
    return "".join(letter for letter in plain(text) if letter.isalnum())
