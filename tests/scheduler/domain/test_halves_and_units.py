"""A hall and its halves, and several units of equipment, are taken together or not at all; the database says so too."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from scheduler.domain.planning import draft_series
from scheduler.domain.publishing import publish_series
from scheduler.domain.rooms import put_inside
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.errors import Refused
from scheduler.models import Recurrence, Reservation, Resource, Series, Session, Term
from tests.factories import NOW, make_equipment, make_room, make_series, make_term, make_timetable
from tests.racing import at_once

DAY = date(2026, 12, 2)


@pytest.fixture
def term() -> Term:
    return make_term(make_timetable())


def halved(term: Term) -> tuple[Resource, Resource, Resource]:
    """A hall with two halves."""
    hall = make_room(term.timetable, name="Hala")
    halves = [make_room(term.timetable, name=f"Hala {letter}") for letter in "AB"]
    Resource.objects.filter(pk__in=[half.pk for half in halves]).update(part_of=hall)
    return hall, halves[0], halves[1]


def once(term: Term, *, published: bool = True, units: dict | None = None, **facts) -> Series:
    """One date, 2 December at 16:00."""
    facts = {"starts": time(16), "ends": time(17), "recurrence": Recurrence.ONCE} | facts
    series = draft_series(term=term, title="Zajęcia", day=facts.pop("day", DAY), **facts)
    if units:
        Series.objects.filter(pk=series.pk).update(units_taken={str(key.pk): count for key, count in units.items()})
    if published:
        publish_series(series_ids=[series.pk], now=NOW)
    return series


def date_of(series: Series) -> Session:
    return series.sessions.get()


@pytest.mark.django_db
def test_hall_is_taken_with_both_halves_and_given_back_with_them(term):
    hall, left, right = halved(term)
    session = date_of(once(term, room=hall))
    assert {each.resource for each in session.reservations.all()} == {hall, left, right}
    cancel_session(session_id=session.pk, note="", now=NOW)
    assert not Reservation.objects.exists()


@pytest.mark.django_db
def test_two_halves_stand_side_by_side(term):
    _hall, left, right = halved(term)
    for room in (left, right):
        once(term, room=room)
    assert Reservation.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["hall", "half"])
def test_hall_and_a_half_of_it_are_never_taken_at_once(term, first):
    hall, left, _right = halved(term)
    rooms = [hall, left] if first == "hall" else [left, hall]
    once(term, room=rooms[0])
    before = Reservation.objects.count()
    with pytest.raises(Refused, match="clash"):
        once(term, room=rooms[1])
    assert Reservation.objects.count() == before


@pytest.mark.django_db
def test_date_is_not_moved_into_a_hall_half_of_which_is_taken(term):
    hall, left, _right = halved(term)
    once(term, room=left)
    session = date_of(once(term, room=hall, starts=time(18), ends=time(19)))
    with pytest.raises(Refused, match="clash"):
        move_session(session_id=session.pk, period=date_of_half(left).period, room_id=hall.pk, note="", now=NOW)
    assert {each.resource for each in session.reservations.all()} >= {hall}


def date_of_half(room: Resource) -> Session:
    return Session.objects.get(room=room)


@pytest.mark.django_db
def test_quarter_is_taken_with_the_hall_too(term):
    hall, left, _right = halved(term)
    quarter = make_room(term.timetable, name="Kącik")
    Resource.objects.filter(pk=quarter.pk).update(part_of=left)
    once(term, room=hall)
    assert quarter.reservations.count() == 1
    with pytest.raises(Refused, match="clash"):
        once(term, room=quarter)


@pytest.mark.django_db
def test_database_itself_keeps_a_half_of_a_taken_hall(term):
    hall, left, _right = halved(term)
    session = date_of(once(term, room=hall))
    other = date_of(once(term, room=None))
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.create(resource=left, session=other, starts_at=session.starts_at, ends_at=session.ends_at)


@pytest.mark.django_db
def test_publishing_a_hall_again_writes_nothing(term):
    hall, *_halves = halved(term)
    series = once(term, room=hall)
    assert publish_series(series_ids=[series.pk], now=NOW).is_empty


@pytest.mark.django_db
def test_session_takes_as_many_units_as_it_needs(term):
    kits = make_equipment(term.timetable, units=6)
    first = once(term, resources=[kits], units={kits: 4})
    assert sorted(date_of(first).reservations.values_list("unit", flat=True)) == [1, 2, 3, 4]
    with pytest.raises(Refused, match="clash"):
        once(term, resources=[kits], units={kits: 3})
    once(term, resources=[kits], units={kits: 2})
    assert kits.reservations.count() == 6
    assert publish_series(series_ids=[first.pk], now=NOW).is_empty


@pytest.mark.django_db
def test_date_keeps_its_units_when_it_is_moved(term):
    kits = make_equipment(term.timetable, units=6)
    session = date_of(once(term, resources=[kits], units={kits: 4}))
    later = session.period.__class__(session.starts_at + timedelta(hours=3), session.ends_at + timedelta(hours=3))
    move_session(session_id=session.pk, period=later, room_id=None, note="", now=NOW)
    assert session.reservations.count() == 4


def move(session_id, room_id):
    session = Session.objects.get(pk=session_id)
    period = session.period.__class__(session.starts_at.replace(hour=10), session.starts_at.replace(hour=11))
    move_session(session_id=session_id, period=period, room_id=room_id, note="", now=NOW)
    return "moved"


@pytest.mark.django_db(transaction=True)
def test_hall_and_both_halves_asked_for_at_once_give_the_hall_or_the_halves(term):
    hall, left, right = halved(term)
    sessions = [date_of(once(term, room=None, starts=time(14), ends=time(15))).pk for _number in range(3)]
    answers = at_once([partial(move, key, room.pk) for key, room in zip(sessions, (hall, left, right), strict=True)])
    assert Counter(answers) in (Counter(moved=1, clash=2), Counter(moved=2, clash=1))
    taken = Counter(Reservation.objects.values_list("resource__name", flat=True))
    assert taken in ({"Hala": 1, "Hala A": 1, "Hala B": 1}, {"Hala A": 1, "Hala B": 1})
    assert (answers[0] == "moved") == ("Hala" in taken)


@pytest.mark.django_db(transaction=True)
def test_lines_published_at_once_in_a_hall_and_its_half_give_it_to_one(term):
    hall, left, _right = halved(term)
    lines = [make_series(term, room=room, published=False) for room in (hall, left)]
    publish = [partial(publish_series, series_ids=[line.pk], now=NOW) for line in lines]
    answers = [each if isinstance(each, str) else "published" for each in at_once(publish)]
    assert sorted(answers) == ["clash", "published"]


@pytest.mark.django_db
def test_room_put_inside_a_hall_is_taken_along_by_what_is_booked_there(term):
    hall, half = make_room(term.timetable), make_room(term.timetable)
    session = date_of(once(term, room=hall))
    put_inside(part_id=half.pk, whole_id=hall.pk, now=NOW)
    assert {each.resource for each in session.reservations.all()} == {hall, half}
    put_inside(part_id=half.pk, whole_id=None, now=NOW)
    assert {each.resource for each in session.reservations.all()} == {hall}


@pytest.mark.django_db
def test_room_that_is_taken_while_the_hall_is_does_not_become_its_half(term):
    hall, half = make_room(term.timetable), make_room(term.timetable)
    for room in (hall, half):
        once(term, room=room)
    with pytest.raises(Refused, match="clash"):
        put_inside(part_id=half.pk, whole_id=hall.pk, now=NOW)
    half.refresh_from_db()
    assert (half.part_of, Reservation.objects.count()) == (None, 2)


@pytest.mark.django_db
def test_room_does_not_lie_inside_its_own_half(term):
    hall, left, _right = halved(term)
    with pytest.raises(ValidationError):
        put_inside(part_id=hall.pk, whole_id=left.pk, now=NOW)
