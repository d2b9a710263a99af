"""Who is proposed to take over is able, checked and free, and somebody is proposed whenever anybody is."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.cover_plan import (
    Action,
    Affected,
    Candidate,
    Stay,
    fingerprint_of,
    plan_cover,
)
from scheduler.period import Period

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HERE, THERE = uuid.UUID(int=101), uuid.UUID(int=102)
WAYS = {frozenset((HERE, THERE)): 90}


def hours(start: int, end: int) -> Period:
    return Period(MONDAY + timedelta(hours=start), MONDAY + timedelta(hours=end))


def number(value: int) -> uuid.UUID:
    return uuid.UUID(int=value)


def a_date(key: int, start: int, end: int, *, place: uuid.UUID | None = HERE, **facts) -> Affected:
    return Affected(number(key), 0, Stay(hours(start, end), place), **facts)


def a_candidate(key: int, *stays: Stay, **facts) -> Candidate:
    return Candidate(number(key), name=f"K{key}", stays=stays, **facts)


@st.composite
def dates(draw) -> list[Affected]:
    """Return dates of one person: they follow each other and never overlap."""
    found, start = [], 0
    for key in range(draw(st.integers(0, 5))):
        start += draw(st.integers(0, 2))
        end = start + draw(st.integers(1, 2))
        facts = {
            "skills": draw(st.sampled_from([frozenset(), frozenset({"kind:dance"})])),
            "with_children": draw(st.booleans()),
            "needs_educator": draw(st.booleans()),
        }
        found.append(a_date(key, start, end, place=draw(st.sampled_from([HERE, THERE, None])), **facts))
        start = end
    return found


@st.composite
def candidates(draw) -> list[Candidate]:
    people = []
    for key in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, 10))
        stays = [Stay(hours(start, start + 2), draw(st.sampled_from([HERE, THERE])))] if draw(st.booleans()) else []
        away = (hours(6, 9),) if draw(st.booleans()) else ()
        people.append(
            a_candidate(
                10 + key,
                *stays,
                skills=frozenset({"kind:dance"}) if draw(st.booleans()) else frozenset(),
                is_verified=draw(st.booleans()),
                is_educator=draw(st.booleans()),
                away=away,
            )
        )
    return people


def can_be(stay: Stay, other: Stay) -> bool:
    """Say, minute by minute as it were, whether one can be at both."""
    way = timedelta(minutes=90) if {stay.place, other.place} == {HERE, THERE} else timedelta(0)
    return stay.period.end + way <= other.period.start or other.period.end + way <= stay.period.start


def may(person: Candidate, date: Affected) -> bool:
    able = date.skills <= person.skills and (person.is_verified or not date.with_children)
    educates = person.is_educator or not date.needs_educator
    there = all(can_be(date.stay, stay) for stay in person.stays)
    return able and educates and there and not any(away.overlaps(date.stay.period) for away in person.away)


@settings(max_examples=80)
@given(dates(), candidates())
def test_whoever_is_proposed_may_and_can(found, people):
    proposals = plan_cover(found, people, WAYS)
    by_key = {person.resource: person for person in people}
    stays = {date.session: date.stay for date in found}
    given_to: dict[uuid.UUID, list[Stay]] = {}
    for proposal in proposals:
        if proposal.action == Action.SUBSTITUTE:
            date = next(each for each in found if each.session == proposal.session)
            assert may(by_key[proposal.substitute], date)
            own = given_to.setdefault(proposal.substitute, [])
            assert all(can_be(stays[proposal.session], other) for other in own)
            own.append(stays[proposal.session])
    assert [each.session for each in proposals] == [each.session for each in sorted(found, key=lambda e: e.stay.period)]


def of_one_building(person: Candidate) -> Candidate:
    return replace(person, stays=tuple(Stay(stay.period) for stay in person.stays))


@settings(max_examples=80)
@given(dates(), candidates())
def test_in_one_building_a_date_is_covered_exactly_when_anybody_may_take_it(found, people):
    here = [replace(date, stay=Stay(date.stay.period)) for date in found]
    locals_ = [of_one_building(person) for person in people]
    for date, proposal in zip(here, plan_cover(here, locals_, {}), strict=True):
        somebody = any(may(person, date) for person in locals_)
        assert (proposal.action == Action.SUBSTITUTE) == somebody


@settings(max_examples=40)
@given(dates(), candidates())
def test_order_of_dates_and_people_does_not_matter(found, people):
    plan = plan_cover(found, people, WAYS)
    assert plan == plan_cover(list(reversed(found)), list(reversed(people)), WAYS)
    assert fingerprint_of(found, plan) == fingerprint_of(list(reversed(found)), list(reversed(plan)))


def test_who_takes_over_one_date_is_proposed_for_the_next_too():
    people = [a_candidate(1, skills=frozenset({"kind:dance"})), a_candidate(2)]
    plan = plan_cover([a_date(8, 0, 1, skills=frozenset({"kind:dance"})), a_date(9, 2, 3)], people, {})
    assert [each.substitute for each in plan] == [number(1), number(1)]


def test_without_anybody_the_first_free_date_is_proposed():
    wishes = (hours(24, 25), hours(48, 49), hours(72, 73), hours(96, 97), hours(120, 121))
    date = a_date(9, 0, 1, wishes=wishes, blocked=(hours(24, 26),))
    (proposal,) = plan_cover([date], [], {})
    assert (proposal.action, proposal.period) == (Action.MOVE, wishes[1])
    assert proposal.dates == wishes[1:4]


def test_two_dates_are_not_moved_to_the_same_hours():
    wishes = (hours(24, 25), hours(48, 49))
    plan = plan_cover([a_date(8, 0, 1, wishes=wishes), a_date(9, 2, 3, wishes=wishes)], [], {})
    assert [each.period for each in plan] == [hours(24, 25), hours(48, 49)]


def test_what_nobody_can_take_and_has_no_date_is_left_to_a_person():
    (proposal,) = plan_cover([a_date(9, 0, 1)], [a_candidate(1, Stay(hours(0, 1), HERE))], {})
    assert proposal.action == Action.LEAVE


def test_unchecked_person_takes_over_grown_ups_only():
    people = [a_candidate(1, is_verified=False)]
    children, adults = plan_cover([a_date(8, 0, 1, with_children=True), a_date(9, 2, 3)], people, {})
    assert (children.action, adults.action) == (Action.LEAVE, Action.SUBSTITUTE)


def test_new_revision_of_a_date_is_another_plan():
    before, after = a_date(9, 0, 1), Affected(number(9), 1, Stay(hours(0, 1), HERE))
    plan = plan_cover([before], [], {})
    assert fingerprint_of([before], plan) != fingerprint_of([after], plan)
