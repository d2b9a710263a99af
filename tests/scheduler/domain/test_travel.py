"""Nobody is planned in two places with less time between them than the way takes, by pairs compared one by one."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.sessions import move_session
from scheduler.domain.substitutions import substitute_person
from scheduler.domain.travel import Stop, find_too_far
from scheduler.errors import Refused
from scheduler.models import PlaceDistance, Session
from scheduler.period import Period
from tests.factories import NOW, make_place, make_room, make_series, make_specialist, make_term

MORNING = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
PLACES = [uuid.UUID(int=number) for number in (1, 2, 3)]
WAYS = {frozenset(PLACES[:2]): 20, frozenset(PLACES[1:]): 45}
PEOPLE = [uuid.UUID(int=number) for number in (11, 12)]


@st.composite
def stops(draw) -> list[Stop]:
    found = []
    for number in range(draw(st.integers(0, 7))):
        start = MORNING + timedelta(minutes=5 * draw(st.integers(0, 40)))
        period = Period(start, start + timedelta(minutes=5 * draw(st.integers(1, 8))))
        person, place = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(PLACES))
        found.append(Stop(person, period, place, uuid.UUID(int=100 + number)))
    return found


@settings(max_examples=80)
@given(stops())
def test_sweep_finds_what_comparing_every_pair_finds(found):
    expected = set()
    for first in found:
        for second in found:
            follows = first.period.end <= second.period.start and first.resource_id == second.resource_id
            minutes = WAYS.get(frozenset((first.place_id, second.place_id)), 0)
            if follows and first.period.end + timedelta(minutes=minutes) > second.period.start:
                expected.add((first.holder, second.holder, minutes))
    said = {(each.first.holder, each.second.holder, each.minutes) for each in find_too_far(found, WAYS)}
    assert said == expected


@pytest.fixture
def far():
    """Somebody who leads in one village until 16:45, and a room in another, half an hour away."""
    term = make_term()
    here, there = (make_place(term.timetable) for _ in range(2))
    PlaceDistance.objects.record(here, there, 30)
    leader = make_specialist(term.timetable)
    make_series(term, room=make_room(term.timetable, place=here), leader=leader)
    return leader, make_room(term.timetable, place=there), term


def next_date(series) -> Session:
    return Session.objects.filter(series=series, starts_at__gt=NOW).earliest("starts_at")


@pytest.mark.django_db
@pytest.mark.parametrize(("minute", "code"), [(0, "travel"), (10, "travel"), (15, "")])
def test_date_is_moved_only_where_its_people_can_be_in_time(far, minute, code):
    leader, room, term = far
    session = next_date(make_series(term, room=room, leader=leader, starts=time(19), ends=time(20)))
    local = session.starts_at.astimezone(session.timetable.tz)
    starts = local.replace(hour=17, minute=minute)
    period = Period(starts, starts + timedelta(minutes=30))
    if code:
        with pytest.raises(Refused, match=code):
            move_session(session_id=session.pk, period=period, room_id=room.pk, note="", now=NOW)
    else:
        move_session(session_id=session.pk, period=period, room_id=room.pk, note="", now=NOW)
    moved = Session.objects.get(pk=session.pk)
    assert (moved.period == period) == (not code)


@pytest.mark.django_db
def test_substitute_must_be_able_to_come_in_time(far):
    busy, room, term = far
    other = make_specialist(term.timetable)
    session = next_date(make_series(term, room=room, leader=other, starts=time(17), ends=time(18)))
    with pytest.raises(Refused, match="travel"):
        substitute_person(session_id=session.pk, absent_id=other.pk, substitute_id=busy.pk, now=NOW)
    session.refresh_from_db()
    assert session.leader == other
    assert session.reservations.filter(resource=other).exists()


@pytest.mark.django_db
def test_helper_is_replaced_on_one_date_and_again(far):
    _busy, room, term = far
    helper, second, third = (make_specialist(term.timetable) for _ in range(3))
    series = make_series(term, room=room, resources=[helper], day=date(2026, 9, 4))
    session = next_date(series)
    substitute_person(session_id=session.pk, absent_id=helper.pk, substitute_id=second.pk, now=NOW)
    substitute_person(session_id=session.pk, absent_id=second.pk, substitute_id=third.pk, now=NOW)
    held = set(session.reservations.values_list("resource", flat=True))
    assert held == {room.pk, third.pk}
    session.refresh_from_db()
    assert (session.sequence, session.changed_by_hand) == (0, True)
    substitute_person(session_id=session.pk, absent_id=third.pk, substitute_id=None, now=NOW)
    assert set(session.reservations.values_list("resource", flat=True)) == {room.pk}
    with pytest.raises(Refused, match="not_there"):
        substitute_person(session_id=session.pk, absent_id=helper.pk, substitute_id=third.pk, now=NOW)
