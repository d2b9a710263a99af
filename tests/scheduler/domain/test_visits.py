"""A visit takes people and rooms all or nothing, and gives back what it had."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.visits import release_visit, reserve_for_visit
from scheduler.errors import Refused
from scheduler.models import Reservation
from scheduler.period import Period
from tests.factories import make_room, make_specialist, make_timetable

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def held() -> set[tuple[uuid.UUID, uuid.UUID, datetime]]:
    return set(Reservation.objects.values_list("visit", "resource", "starts_at"))


def test_a_visit_takes_all_it_needs_and_moves_with_it():
    timetable = make_timetable()
    person, room, visit = make_specialist(timetable), make_room(timetable), uuid.uuid4()
    early, late = Period(TEN, TEN + HOUR), Period(TEN + HOUR / 2, TEN + 2 * HOUR)
    reserve_for_visit(visit_id=visit, periods={person.pk: early, room.pk: early})
    assert held() == {(visit, person.pk, TEN), (visit, room.pk, TEN)}
    reserve_for_visit(visit_id=visit, periods={person.pk: late})
    assert held() == {(visit, person.pk, TEN + HOUR / 2)}
    release_visit(visit_id=visit)
    release_visit(visit_id=visit)
    assert held() == set()


def test_what_is_taken_refuses_the_whole_and_changes_nothing():
    timetable = make_timetable()
    person, other, room = make_specialist(timetable), make_specialist(timetable), make_room(timetable)
    first, second = uuid.uuid4(), uuid.uuid4()
    reserve_for_visit(visit_id=first, periods={room.pk: Period(TEN, TEN + HOUR)})
    reserve_for_visit(visit_id=second, periods={other.pk: Period(TEN, TEN + HOUR)})
    before = held()
    with pytest.raises(Refused) as refused:
        reserve_for_visit(
            visit_id=second,
            periods={person.pk: Period(TEN, TEN + HOUR), room.pk: Period(TEN + HOUR / 2, TEN + 2 * HOUR)},
        )
    assert refused.value.refusal.code == "slot_taken"
    assert held() == before
