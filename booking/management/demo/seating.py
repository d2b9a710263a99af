"""Who of the crowd has a place in which group. Pure: the same rules as enrolling, over plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from itertools import islice
from random import Random

from booking.management.demo.crowd import Member
from booking.management.demo.shapes import ActivityFacts, GroupFacts, Line
from booking.models import Activity

GROWN_UP = 18
Hours = tuple[int, time, time]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What must be true of the places: who has one for certain, who is left alone, whose members come first.

    `fixed` names members a group has; those of the story (`apart`) get no other place. `first` names the group whose
    members are asked first, `outside` the group whose members are not asked. `earlier` counts places given back.
    `waiting` names who stands first in a line.
    """

    fixed: Mapping[str, tuple[str, ...]]
    apart: frozenset[str]
    first: Mapping[str, str] = field(default_factory=dict)
    outside: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[str, int] = field(default_factory=dict)
    waiting: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seats:
    """The members of each group by key, those who were in it before, and those in its line in their order."""

    now: dict[str, list[str]]
    earlier: dict[str, list[str]]
    waiting: dict[str, list[str]]


def seat(
    activities: Iterable[ActivityFacts], week: Iterable[Line], members: Mapping[str, Member], wishes: Wishes, seed: str
) -> Seats:
    """Fill every group with as many people as its facts say. Raises ValueError if the crowd is too small."""
    groups = [(group, activity.kind) for activity in activities for group in activity.groups]
    groups.sort(key=lambda each: each[0].key in wishes.outside)  # those who take the rest choose last
    hours = _hours(week)
    random = Random(seed)  # noqa: S311  for invented places
    seats = Seats(now={}, earlier={}, waiting={})
    busy: dict[str, list[Hours]] = {}
    for group, kind in groups:
        own = [] if kind == Activity.Kind.DAY_CARE else hours.get(group.key, [])
        chosen = [*wishes.fixed.get(group.key, ())]
        free = [
            key
            for key in _candidates(group, members, wishes, seats, random)
            if key not in chosen and not _overlap(own, busy.get(key, []))
        ]
        chosen += free[: group.taken - len(chosen)]
        if len(chosen) != group.taken:
            raise ValueError(f"{group.name} has {len(chosen)} of {group.taken} people")
        for key in chosen:
            busy.setdefault(key, []).extend(own)
        seats.now[group.key] = chosen
        past = (key for key in free if key not in chosen)
        seats.earlier[group.key] = list(islice(past, wishes.earlier.get(group.key, 0)))
        seats.waiting[group.key] = [*wishes.waiting.get(group.key, ()), *past][: group.waiting or 0]
    return seats


def _candidates(
    group: GroupFacts, members: Mapping[str, Member], wishes: Wishes, seats: Seats, random: Random
) -> list[str]:
    fits = [
        member.key
        for member in members.values()
        if (group.age_from or GROWN_UP) <= member.age <= (group.age_until or 200) and member.key not in wishes.apart
    ]
    random.shuffle(fits)
    first = set(seats.now.get(wishes.first.get(group.key, ""), ()))
    never = set(seats.now.get(wishes.outside.get(group.key, ""), ()))
    return sorted((key for key in fits if key not in never), key=lambda key: key not in first)


def _hours(week: Iterable[Line]) -> dict[str, list[Hours]]:
    found: dict[str, list[Hours]] = {}
    for line in week:
        for key in line.offers.split():
            found.setdefault(key, []).extend((day, line.starts, line.ends) for day in line.weekdays)
    return found


def _overlap(one: Iterable[Hours], other: Iterable[Hours]) -> bool:
    mine = list(other)
    return any(
        day == there and starts < until and since < ends for day, starts, ends in one for there, since, until in mine
    )
