"""Units are given out exactly as long as there are enough of them, which is checked by counting at every moment."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.clashes import Clash, Need, assign_units
from scheduler.period import Period

MIDNIGHT = datetime(2026, 11, 16, tzinfo=UTC)
KITS, ROOM = uuid.UUID(int=1), uuid.UUID(int=2)


def hours(start: int, end: int) -> Period:
    return Period(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end))


def need(start: int, end: int, *, holder: int = 0, resource: uuid.UUID = KITS, unit: int = 0) -> Need:
    return Need(resource, hours(start, end), uuid.UUID(int=holder), unit)


@st.composite
def needs(draw) -> list[Need]:
    """Return needs of two resources, some of which have a unit that no overlapping one has."""
    found: list[Need] = []
    for holder in range(draw(st.integers(0, 10))):
        start = draw(st.integers(0, 12))
        period = hours(start, start + draw(st.integers(1, 5)))
        resource = draw(st.sampled_from([KITS, ROOM]))
        unit = draw(st.integers(0, 3))
        if any(each.unit == unit and each.resource_id == resource and each.period.overlaps(period) for each in found):
            unit = 0
        found.append(Need(resource, period, uuid.UUID(int=holder), unit))
    return found


def most_at_once(found: list[Need], resource: uuid.UUID) -> int:
    """Count, hour by hour, how many needs of a resource there are at the same moment."""
    moments = [MIDNIGHT + timedelta(hours=hour) for hour in range(20)]
    return max(
        sum(each.resource_id == resource and each.period.contains(moment) for each in found) for moment in moments
    )


@given(needs(), st.integers(1, 3))
def test_there_is_a_clash_exactly_when_units_do_not_suffice_at_some_moment(found, kits):
    units = {KITS: kits, ROOM: 1}
    assigned, clashes = assign_units(found, units)
    short = {resource for resource in units if most_at_once(found, resource) > units[resource]}
    assert {clash.resource_id for clash in clashes} == short
    assert len(assigned) + len(clashes) == len(found)


@given(needs(), st.integers(1, 3))
def test_no_unit_is_given_to_two_at_once(found, kits):
    assigned, _ = assign_units(found, {KITS: kits, ROOM: 1})
    for number, one in enumerate(assigned):
        assert 1 <= one.unit <= (kits if one.resource_id == KITS else 1)
        for other in assigned[:number]:
            same = one.resource_id == other.resource_id and one.unit == other.unit
            assert not (same and one.period.overlaps(other.period))


@given(needs())
def test_clash_names_two_that_really_meet(found):
    _, clashes = assign_units(found, {})
    for clash in clashes:
        assert clash.first.holder != clash.second.holder
        assert clash.first.resource_id == clash.second.resource_id == clash.resource_id
        assert clash.first.period.overlaps(clash.second.period)


@given(needs())
def test_units_are_kept_when_nothing_new_is_needed(found):
    settled = [each for each in found if each.unit]
    assigned, clashes = assign_units(settled, {KITS: 3, ROOM: 3})
    assert Counter(assigned) == Counter(settled)
    assert clashes == []


def test_touching_needs_share_a_unit():
    first, second = need(9, 10, holder=1), need(10, 11, holder=2)
    assigned, clashes = assign_units([second, first], {})
    assert [each.unit for each in assigned] == [1, 1]
    assert clashes == []


def test_overlapping_needs_of_one_unit_clash():
    first, second = need(9, 11, holder=1), need(10, 12, holder=2)
    assigned, clashes = assign_units([first, second], {KITS: 1})
    assert assigned == [need(9, 11, holder=1, unit=1)]
    assert clashes == [Clash(KITS, need(9, 11, holder=1, unit=1), second)]


def test_standing_need_passes_to_another_unit_where_that_makes_room():
    standing = [need(10, 11, holder=1, unit=1), need(11, 12, holder=2, unit=2)]
    assigned, clashes = assign_units([*standing, need(10, 12, holder=3)], {KITS: 2})
    assert clashes == []
    assert {each.holder.int: each.unit for each in assigned} == {1: 1, 2: 1, 3: 2}
