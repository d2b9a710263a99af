"""Inventing the many families beside those of the story, by numbers that a centre would report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from booking.management.demo import names
from booking.management.demo.crowd import Crowd
from booking.models import Person

SIBLINGS_APART = 2  # years


@dataclass(frozen=True, slots=True)
class Mix:
    """How many households of which make; `sizes` is how many families have one, two, three children.

    `ages` counts children by age; their sum is the number of children. `without_email` and `by_letter` count families
    of a single parent, who is then the guardian that has neither.
    """

    couples: int
    singles: int
    sizes: tuple[int, ...]
    ages: dict[int, int]
    childless_couples: int
    childless_singles: int
    childless_ages: tuple[int, int]
    without_email: int
    by_letter: int
    ukrainian: int


@dataclass(slots=True)
class _Family:
    """A family while it is being made up."""

    adults: int
    children: int = 0
    language: str = "pl"
    reach: Person.Reach = Person.Reach.EMAIL
    has_email: bool = True
    ages: list[int] = field(default_factory=list)


def populate(crowd: Crowd, mix: Mix, *, random: Random) -> None:
    """Add the households of `mix` to the crowd; the same `random` gives the same people."""
    families = [*_families(mix, random), *_childless(mix)]
    _speak_ukrainian(families, mix.ukrainian)
    for number, family in enumerate(families, start=1):
        _settle(crowd, family, number, mix, random)


def _families(mix: Mix, random: Random) -> list[_Family]:
    singles = [_Family(adults=1) for _ in range(mix.singles)]
    for place, family in enumerate(singles[: mix.without_email]):
        family.has_email = False
        family.reach = Person.Reach.LETTER if place < mix.by_letter else Person.Reach.PHONE
    families = [*singles, *(_Family(adults=2) for _ in range(mix.couples))]
    random.shuffle(families)
    sizes = [size for size, count in enumerate(mix.sizes, start=1) for _ in range(count)]
    pool = [age for age, count in mix.ages.items() for _ in range(count)]
    random.shuffle(pool)
    # Large families choose first, while there are still ages that lie apart.
    for family, size in zip(families, reversed(sizes), strict=True):
        for _ in range(size):
            family.ages.append(_take_age(pool, family.ages))
    random.shuffle(families)
    return families


def _take_age(pool: list[int], siblings: list[int]) -> int:
    for place, age in enumerate(pool):
        if all(abs(age - other) >= SIBLINGS_APART for other in siblings):
            return pool.pop(place)
    raise ValueError("the ages of the mix leave no siblings apart")


def _childless(mix: Mix) -> Iterator[_Family]:
    for adults, count in ((2, mix.childless_couples), (1, mix.childless_singles)):
        for _ in range(count):
            yield _Family(adults=adults, reach=Person.Reach.PHONE, has_email=False)


def _speak_ukrainian(families: list[_Family], count: int) -> None:
    """Give Ukrainian as the language to some of the families that have e-mail."""
    chosen = [family for family in families if family.has_email][::5][:count]
    for family in chosen:
        family.language = "uk"


def _settle(crowd: Crowd, family: _Family, number: int, mix: Mix, random: Random) -> None:
    ukrainian = family.language == "uk"
    families = names.UKRAINIAN_FAMILIES if ukrainian else names.POLISH_FAMILIES
    women, men = (names.UKRAINIAN_WOMEN, names.UKRAINIAN_MEN) if ukrainian else (names.POLISH_WOMEN, names.POLISH_MEN)
    surname = families[number % len(families)]
    age = max(family.ages) + random.randint(22, 34) if family.ages else random.randint(*mix.childless_ages)
    adults = tuple(
        crowd.adult(
            f"adult-{number}-{place}",
            random.choice(women if is_woman else men),
            surname[is_woman],
            age=age + place * 2,
            language=family.language,
            reach=family.reach,
            has_email=family.has_email,
            days_ago=random.randint(1, 360),
        )
        for place, is_woman in enumerate((family.adults == 1 or number % 2 == 0, number % 2 == 1)[: family.adults])
    )
    children = _children(crowd, family, surname, number, random)
    crowd.family(adults, children)


def _children(crowd: Crowd, family: _Family, surname: tuple[str, str], number: int, random: Random) -> tuple[str, ...]:
    girls, boys = (
        (names.UKRAINIAN_GIRLS, names.UKRAINIAN_BOYS)
        if family.language == "uk"
        else (names.POLISH_GIRLS, names.POLISH_BOYS)
    )
    added = []
    for place, age in enumerate(family.ages):
        is_girl = random.random() < 0.5  # noqa: PLR2004  as many girls as boys
        given_name = random.choice(girls if is_girl else boys)
        added.append(
            crowd.child(
                f"child-{number}-{place}",
                given_name,
                surname[is_girl],
                age=age,
                language=family.language,
                days_ago=random.randint(1, 360),
            )
        )
    return tuple(added)
