"""What a reader of the public offer wants to see: age, days, kinds, villages, free places, words of a search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from booking.models import Activity, Group
from booking.models.group import ASKED_FOR
from booking.models.names import plain

ADULT = 18
YOUNGEST_ASKED = 3
OLDEST = 120
LONGEST_SEARCH = 100
WISHES = ("age", "weekday", "kind", "village", "open", "search")
NOT_WISHES = ("span", "day", "week", "from", "month", "term", "by", "view", "place", "room", "person", "group")


class Offer(NamedTuple):
    """What a filter asks of a group or of a session of it. Bounds of age and places may be missing."""

    kind: str
    age_from: int | None
    age_until: int | None
    has_places: bool
    weekdays: frozenset[int]
    villages: frozenset[str]
    words: str

    @classmethod
    def of_group(cls, group: Group, *, weekdays: Iterable[int], villages: Iterable[str], words: Iterable[str]) -> Offer:
        """Return what a filter asks of a group; `words` are the texts a search looks into."""
        return cls(
            kind=group.activity.kind,
            age_from=group.age_from,
            age_until=group.age_until,
            has_places=group.entry in ASKED_FOR and group.takes_at_once,
            weekdays=frozenset(weekdays),
            villages=frozenset(village for village in villages if village),
            words=plain(" ".join(words)),
        )

    @classmethod
    def of_service(cls, *, weekdays: Iterable[int], villages: Iterable[str], words: Iterable[str]) -> Offer:
        """Return what a filter asks of a specialist's service: it is for every age and has no list of places."""
        known = frozenset(village for village in villages if village)
        return cls("", None, None, False, frozenset(weekdays), known, plain(" ".join(words)))  # noqa: FBT003  named in the tuple


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """The reader's wishes; several of one sort mean "any of them". `ignored` are sentences about what was left out."""

    age: int | None = None
    weekdays: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()
    villages: frozenset[str] = frozenset()
    only_free: bool = False
    search: str = ""
    ignored: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether anything is asked for."""
        return bool(
            self.age is not None or self.weekdays or self.kinds or self.villages or self.only_free or self.search
        )

    @property
    def is_about_groups(self) -> bool:
        """Whether only groups can answer it: services have no age, kind or places."""
        return bool(self.age is not None or self.kinds or self.only_free)

    def admits(self, offer: Offer) -> bool:
        """Say whether the offer is what the reader wants."""
        return (
            self._admits_age(offer)
            and (not self.weekdays or bool(self.weekdays & offer.weekdays))
            and (not self.kinds or offer.kind in self.kinds)
            and (not self.villages or bool(self.villages & offer.villages))
            and (not self.only_free or offer.has_places)
            and all(word in offer.words for word in plain(self.search).split())
        )

    def _admits_age(self, offer: Offer) -> bool:
        if self.age is None:
            return True
        return (offer.age_from or 0) <= self.age and (offer.age_until is None or self.age <= offer.age_until)


def read_filter(query: QueryDict, *, villages: Iterable[str] = ()) -> OfferFilter:
    """Return the wishes in `?age=7&weekday=0&kind=robotics&village=…&open=1&search=…`.

    What makes no sense is left out and said so, never an error: such addresses are kept in notebooks and old links.
    """
    ignored: list[str] = []
    known_villages = set(villages)
    return OfferFilter(
        age=_read_age(query.get("age", "").strip(), ignored),
        weekdays=frozenset(int(day) for day in _known(query, "weekday", {str(day) for day in WEEKDAYS}, ignored)),
        kinds=_known(query, "kind", set(Activity.Kind.values), ignored),
        villages=_known(query, "village", known_villages, ignored),
        only_free=query.get("open", "") not in {"", "0", "false"},
        search=_read_search(query.get("search", ""), ignored),
        ignored=tuple(ignored),
    )


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the filter's form offers: only what the centre has. `wished` is what another form of the page keeps."""

    wishes: OfferFilter
    ages: list[int]
    kinds: list[tuple[str, str]]
    villages: list[str]
    weekdays: list[tuple[int, str, str]]
    keep: list[tuple[str, str]]
    wished: list[tuple[str, str]]
    clear_url: str
    adult: int = ADULT

    @property
    def is_adult(self) -> bool:
        """Whether the age asked for is an adult's."""
        return self.wishes.age is not None and self.wishes.age >= ADULT

    @property
    def is_more_set(self) -> bool:
        """Whether something is asked for that the form keeps folded away."""
        return bool(self.wishes.weekdays or self.wishes.kinds or self.wishes.villages)


def filter_choices(
    wishes: OfferFilter, *, query: QueryDict, groups: Iterable[Group], villages: Iterable[str]
) -> FilterChoices:
    """Return what the form of the filter offers for these groups and villages, and what is chosen already.

    The week and the view of `query` stay as they are.
    """
    offered = list(groups)
    kinds = {group.activity.kind for group in offered}
    keep = [(name, value) for name in NOT_WISHES if (value := query.get(name, ""))]
    youngest = min((group.age_from for group in offered if group.age_from is not None), default=YOUNGEST_ASKED)
    known = sorted({village for village in villages if village})
    return FilterChoices(
        wishes=wishes,
        ages=list(range(max(youngest, YOUNGEST_ASKED), ADULT)),
        kinds=[(value, str(label)) for value, label in Activity.Kind.choices if value in kinds],
        villages=known if len(known) > 1 else [],
        weekdays=[(day, str(name), str(WEEKDAYS_ABBR[day])) for day, name in WEEKDAYS.items()],
        keep=keep,
        wished=[(name, value) for name in WISHES for value in query.getlist(name) if value],
        clear_url=f"?{urlencode(keep)}",
    )


def _read_age(text: str, ignored: list[str]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdecimal() and len(text) <= len(str(OLDEST)) and int(text) <= OLDEST:
        return int(text)
    ignored.append(_("We did not understand the age “%(text)s”.") % {"text": _short(text)})
    return None


def _known(query: QueryDict, name: str, known: set[str], ignored: list[str]) -> frozenset[str]:
    asked = {text for text in query.getlist(name) if text}
    ignored += [_("We do not know “%(text)s”.") % {"text": _short(text)} for text in sorted(asked - known)[:3]]
    return frozenset(asked & known)


def _read_search(text: str, ignored: list[str]) -> str:
    words = " ".join(text.split())
    if len(words) > LONGEST_SEARCH:
        ignored.append(_("The search was too long, we used its beginning."))
    return words[:LONGEST_SEARCH]


def _short(text: str) -> str:
    return Truncator(text).chars(30)
