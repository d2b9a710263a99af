"""Openings equal what one finds by walking through the hours minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.availability import BusyTime, Hours, Lengths, Opening, openings

NINE = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LONG_AGO, FAR_AHEAD = NINE - timedelta(days=9), NINE + timedelta(days=9)
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return NINE + minutes * MINUTE


def lengths(visit: int, step: int, before: int = 0, after: int = 0) -> Lengths:
    return Lengths(visit * MINUTE, step * MINUTE, before * MINUTE, after * MINUTE)


def hours(until: int, *busy: tuple[int, int], rooms: list[list[tuple[int, int]]] | None = None, kept: int = 0) -> Hours:
    taken = [[(at(start), at(end)) for start, end in room] for room in rooms or []]
    return Hours(
        (NINE, at(until)),
        BusyTime((at(start), at(end)) for start, end in busy),
        None if rooms is None else [BusyTime(room) for room in taken],
        kept,
    )


def starts(found: list[Opening]) -> list[int]:
    return [(each.start - NINE) // MINUTE for each in found]


def offered(given_hours: Hours, given_lengths: Lengths, earliest: datetime = LONG_AGO, latest: datetime = FAR_AHEAD):
    return starts(openings(given_hours, given_lengths, earliest=earliest, latest=latest))


def test_fifty_and_ten_fill_four_hours_four_times():
    assert offered(hours(240), lengths(50, 60, after=10)) == [0, 60, 120, 180]


def test_the_last_pause_may_reach_over_the_end():
    assert offered(hours(230), lengths(50, 60, after=10)) == [0, 60, 120, 180]


def test_what_lies_around_a_visit_must_be_free():
    assert offered(hours(240, (105, 110)), lengths(50, 60, before=15, after=10)) == [0, 180]


def test_touching_busy_times_take_nothing():
    assert offered(hours(120, (-60, 0), (60, 120)), lengths(60, 60)) == [0]


def test_earliest_start_is_rounded_up_to_a_step():
    assert offered(hours(240), lengths(30, 30), earliest=at(31), latest=at(120)) == [60, 90]


def test_a_free_room_is_taken_in_order_of_preference():
    found = openings(
        hours(90, rooms=[[(0, 30), (60, 90)], [(60, 90)]]), lengths(30, 30), earliest=LONG_AGO, latest=FAR_AHEAD
    )
    assert found == [Opening(at(0), 1), Opening(at(30), 0)]


def test_places_kept_for_urgent_matters_are_the_last_free_ones():
    assert offered(hours(240, (180, 240), kept=1), lengths(60, 60)) == [0, 60]


def test_no_start_takes_time_from_a_kept_place():
    assert offered(hours(120, kept=1), lengths(60, 15)) == [0]


def test_more_kept_places_than_free_ones_leave_nothing():
    assert offered(hours(60, kept=3), lengths(60, 60)) == []


def brute_force(until, busy, rooms, shape, limits) -> list[tuple[int, int | None]]:
    (visit, step, before, after), (earliest, latest, kept) = shape, limits

    def is_free(taken, start, end):
        return not any(first <= minute < last for minute in range(start, end) for first, last in taken)

    found: list[tuple[int, int | None]] = []
    for minute in range(until):
        inside = minute % step == 0 and minute + visit <= until and earliest <= minute < latest
        if not inside or not is_free(busy, minute - before, minute + visit + after):
            continue
        if rooms is None:
            found.append((minute, None))
            continue
        free = [number for number, room in enumerate(rooms) if is_free(room, minute, minute + visit)]
        if free:
            found.append((minute, free[0]))
    for _each in range(kept):
        if found:
            edge = found[-1][0] - before
            found = [each for each in found if each[0] + visit + after <= edge]
    return found


stretches = st.lists(
    st.tuples(st.integers(-30, 150), st.integers(1, 60)).map(lambda each: (each[0], sum(each))), max_size=4
)


@given(
    until=st.integers(1, 160),
    busy=stretches,
    rooms=st.none() | st.lists(stretches, min_size=1, max_size=2),
    shape=st.tuples(st.integers(5, 60), st.integers(5, 60), st.integers(0, 20), st.integers(0, 20)),
    limits=st.tuples(st.integers(-20, 60), st.integers(60, 200), st.integers(0, 2)),
)
def test_openings_equal_a_walk_minute_by_minute(until, busy, rooms, shape, limits):
    earliest, latest, kept = limits
    found = openings(
        hours(until, *busy, rooms=rooms, kept=kept), lengths(*shape), earliest=at(earliest), latest=at(latest)
    )
    walked = brute_force(until, busy, rooms, shape, limits)
    assert [((each.start - NINE) // MINUTE, each.room) for each in found] == walked
