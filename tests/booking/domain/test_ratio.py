"""Too few educators are found at every minute and at no other: the sweep says what counting minute by minute says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from booking.domain.ratio import Care, Crowding, find_crowding
from scheduler.period import Period

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def minutes(start: int, end: int) -> Period:
    return Period(NOON + timedelta(minutes=start), NOON + timedelta(minutes=end))


@st.composite
def care(draw) -> Care:
    start = draw(st.integers(0, 20))
    period = minutes(start, start + draw(st.integers(1, 12)))
    unit = draw(st.sampled_from(["sala A", "sala B"]))
    if draw(st.booleans()):
        return Care(unit, period, children=draw(st.integers(0, 20)))
    return Care(unit, period, educators=1)


@settings(max_examples=60)
@given(st.lists(care(), max_size=8), st.integers(1, 15))
def test_sweep_finds_what_counting_each_minute_finds(presences, limit):
    found = find_crowding(presences, limit=limit)
    for minute in range(40):
        moment = NOON + timedelta(minutes=minute)
        for unit in ("sala A", "sala B"):
            there = [each for each in presences if each.unit == unit and each.period.contains(moment)]
            children, educators = sum(each.children for each in there), sum(each.educators for each in there)
            said = [each for each in found if each.unit == unit and each.period.contains(moment)]
            counts = [(each.children, each.educators) for each in said]
            assert counts == ([(children, educators)] if children > limit * educators else [])


@settings(max_examples=40)
@given(st.lists(care(), max_size=8))
def test_stretches_with_the_same_counts_are_one(presences):
    found = find_crowding(presences, limit=5)
    for one in found:
        for other in found:
            touches = one.unit == other.unit and one.period.end == other.period.start
            assert not (touches and (one.children, one.educators) == (other.children, other.educators))


def test_fifteen_children_are_enough_for_one_educator_and_sixteen_are_not():
    hour = minutes(0, 60)
    one = Care("R1", hour, educators=1)
    assert find_crowding([Care("R1", hour, children=15), one], limit=15) == []
    assert find_crowding([Care("R1", hour, children=16), one], limit=15) == [Crowding("R1", hour, 16, 1)]


def test_educator_who_leaves_early_leaves_the_children_alone_from_that_minute():
    presences = [Care("R1", minutes(0, 60), children=3), Care("R1", minutes(0, 45), educators=1)]
    assert find_crowding(presences, limit=15) == [Crowding("R1", minutes(45, 60), 3, 0)]


def test_educator_of_another_room_does_not_count():
    hour = minutes(0, 60)
    presences = [Care("R1", hour, children=3), Care("R2", hour, educators=2)]
    assert find_crowding(presences, limit=15) == [Crowding("R1", hour, 3, 0)]
