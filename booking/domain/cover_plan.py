"""Who could take over what somebody who is away would have led, and when it could be held instead. Pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from scheduler.period import Period

Ways = Mapping[frozenset[uuid.UUID], int]
DATES_OFFERED = 3


class Action(StrEnum):
    """What can be done with a date that lost its person."""

    SUBSTITUTE = "substitute"
    MOVE = "move"
    CANCEL = "cancel"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Stay:
    """Where somebody is expected and when; `place` is None where no building is known."""

    period: Period
    place: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """A date without its person.

    `skills` are all asked of whoever takes over. `wishes` are other times at which it could be held, the best first,
    and `blocked` what keeps it from some of them: the returning person, the room and the groups have something else.
    """

    session: uuid.UUID
    sequence: int
    stay: Stay
    skills: frozenset[str] = frozenset()
    with_children: bool = False
    needs_educator: bool = False
    wishes: tuple[Period, ...] = ()
    blocked: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might take over: what she can do, where she has to be, when she is away herself."""

    resource: uuid.UUID
    name: str = ""
    skills: frozenset[str] = frozenset()
    is_verified: bool = True
    is_educator: bool = False
    stays: tuple[Stay, ...] = ()
    away: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one date, and what else could be chosen."""

    session: uuid.UUID
    action: Action
    substitute: uuid.UUID | None = None
    period: Period | None = None
    substitutes: tuple[uuid.UUID, ...] = ()
    dates: tuple[Period, ...] = ()


def plan_cover(affected: Iterable[Affected], candidates: Iterable[Candidate], ways: Ways) -> list[Proposal]:
    """Propose for each date, in order of time: somebody who takes over, else another date, else that it stays open.

    A candidate has every skill, is verified where children come, is an educator where one is needed, is not away, and
    can be there from her other meetings and get to them in time. Among several the one is proposed who takes over most
    already, so that few people change, then the one with less to do, then by name. Never proposes to cancel: that is
    for a person to decide.
    """
    people = list(candidates)
    given: dict[uuid.UUID, list[Stay]] = {person.resource: [] for person in people}
    moved: list[Period] = []
    proposals = []
    for date in sorted(affected, key=lambda each: (each.stay.period, each.session.hex)):
        able = [person for person in people if can_take(person, date)]
        free = [person for person in able if is_free(person, date.stay, ways)]
        dates = free_dates(date, moved)[:DATES_OFFERED]
        chosen = [person for person in free if _fits(date.stay, given[person.resource], ways)]
        chosen.sort(
            key=lambda person: (-len(given[person.resource]), len(person.stays), person.name, person.resource.hex)
        )
        options = tuple(person.resource for person in (chosen or free))
        if chosen:
            given[chosen[0].resource].append(date.stay)
            proposal = Proposal(date.session, Action.SUBSTITUTE, chosen[0].resource, None, options, dates)
        elif dates:
            moved.append(dates[0])
            proposal = Proposal(date.session, Action.MOVE, None, dates[0], options, dates)
        else:
            proposal = Proposal(date.session, Action.LEAVE, None, None, options, dates)
        proposals.append(proposal)
    return proposals


def can_take(person: Candidate, date: Affected) -> bool:
    """Say whether somebody may take a date over, her time aside."""
    may = date.skills <= person.skills and (person.is_verified or not date.with_children)
    return may and (person.is_educator or not date.needs_educator)


def is_free(person: Candidate, stay: Stay, ways: Ways) -> bool:
    """Say whether somebody is not away then and can come from, and get to, what she has before and after."""
    return not any(away.overlaps(stay.period) for away in person.away) and _fits(stay, person.stays, ways)


def free_dates(date: Affected, moved: Iterable[Period] = ()) -> tuple[Period, ...]:
    """Return the other times at which a date can be held, in their order."""
    taken = [*date.blocked, *moved]
    return tuple(wish for wish in date.wishes if not any(wish.overlaps(period) for period in taken))


def way_between(one: Stay, other: Stay, ways: Ways) -> timedelta:
    """Return how long the way between two stays takes; none where a place or the way is not known."""
    if one.place is None or other.place is None or one.place == other.place:
        return timedelta(0)
    return timedelta(minutes=ways.get(frozenset((one.place, other.place)), 0))


def _fits(stay: Stay, others: Iterable[Stay], ways: Ways) -> bool:
    for other in others:
        way = way_between(stay, other, ways)
        if stay.period.start < other.period.end + way and other.period.start < stay.period.end + way:
            return False
    return True


def fingerprint_of(affected: Iterable[Affected], proposals: Iterable[Proposal], *marks: str) -> str:
    """Return what two plans share only if they are about the same dates and offer the same; `marks` are more facts."""
    told = [f"{each.session} {each.sequence} {each.stay.period}" for each in affected]
    offered = [f"{each.session} {each.action} {each.substitutes} {each.dates}" for each in proposals]
    return hashlib.sha256("\n".join([*sorted(told), *sorted(offered), *sorted(marks)]).encode()).hexdigest()[:32]
