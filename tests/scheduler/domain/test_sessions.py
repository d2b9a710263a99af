"""One date changes on its own: its identity stays, its sequence grows, and a refusal changes nothing."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.domain.sessions import cancel_session, move_session, restore_session
from scheduler.errors import Refused
from scheduler.models import Reservation, Resource, Session
from scheduler.period import Period
from tests.factories import NOW, make_equipment, make_room, make_series, make_specialist, make_term, make_timetable

DAY = date(2026, 11, 25)
LATER = NOW + timedelta(minutes=5)

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Resource:
    return make_room(make_timetable(), name="Sala A")


@pytest.fixture
def other_room(room: Resource) -> Resource:
    return make_room(room.timetable, name="Sala B")


@pytest.fixture
def session(room: Resource) -> Session:
    """A Wednesday at 16:00 in Sala A."""
    leader = make_specialist(room.timetable, name="Ewa Zmyślona")
    return make_series(make_term(room.timetable), room=room, leader=leader).sessions.get(planned_date=DAY)


@pytest.fixture
def neighbour(session: Session, other_room: Resource) -> Session:
    """The same Wednesday, 16:30 to 17:15 in Sala B."""
    series = make_series(session.series.term, room=other_room, starts=time(16, 30), ends=time(17, 15))
    return series.sessions.get(planned_date=DAY)


def shifted(session: Session, *, minutes: int = 0, days: int = 0) -> Period:
    by = timedelta(days=days, minutes=minutes)
    return Period(session.starts_at + by, session.ends_at + by)


def cancel(session: Session, now: datetime = NOW) -> Session:
    return cancel_session(session_id=session.pk, note="Prowadząca jest chora.", now=now)


def move(session: Session, period: Period, room: Resource | None, now: datetime = NOW) -> Session:
    return move_session(
        session_id=session.pk, period=period, room_id=room.pk if room else None, note="Wyjątkowo.", now=now
    )


def restore(session: Session, now: datetime = NOW) -> Session:
    return restore_session(session_id=session.pk, note="", now=now)


def taken(resource: Resource, day: date = DAY) -> list[tuple[time, time]]:
    """Return when a resource is taken on that day, in UTC."""
    found = resource.reservations.filter(starts_at__date=day).order_by("starts_at")
    return [(each.starts_at.astimezone(UTC).time(), each.ends_at.astimezone(UTC).time()) for each in found]


def everything() -> list[tuple]:
    return [*Session.objects.order_by("pk").values_list(), *Reservation.objects.order_by("pk").values_list()]


# -- cancelling -------------------------------------------------------------------------------------------------------


def test_cancelled_date_keeps_its_identity_and_gives_everything_back(session, room):
    changed = cancel(session)
    session.refresh_from_db()
    assert (changed.pk, session.status, session.sequence) == (session.pk, "cancelled", 1)
    assert (session.note, session.changed_at, session.changed_by_hand) == ("Prowadząca jest chora.", NOW, True)
    assert taken(room) == taken(session.leader) == []


def test_cancelling_one_date_leaves_the_rest_of_the_series(session):
    others = Session.objects.exclude(pk=session.pk).order_by("pk")
    before = list(others.values())
    cancel(session)
    assert list(others.values()) == before


def test_cancelling_twice_is_cancelling_once(session):
    cancel(session)
    before = everything()
    cancel(session, now=LATER)
    assert everything() == before


# -- moving -----------------------------------------------------------------------------------------------------------


def test_moved_date_keeps_its_identity_and_takes_the_new_room_and_hour(session, room, other_room):
    move(session, shifted(session, minutes=60), other_room)
    after = Session.objects.get(pk=session.pk)
    assert (after.status, after.sequence, after.planned_date) == ("moved", 1, DAY)
    assert after.period == shifted(session, minutes=60)
    assert after.room == other_room
    assert taken(room) == []
    assert taken(other_room) == taken(session.leader) == [(time(16, 0), time(16, 45))]


def test_date_may_move_into_an_hour_that_it_partly_holds_itself(session, room):
    move(session, shifted(session, minutes=15), room)
    assert taken(room) == [(time(15, 15), time(16, 0))]


def test_repeating_a_move_changes_nothing(session, other_room):
    move(session, shifted(session, minutes=60), other_room)
    before = everything()
    move(session, shifted(session, minutes=60), other_room, now=LATER)
    assert everything() == before


def test_each_change_raises_the_sequence(session, room):
    move(session, shifted(session, minutes=60), room)
    move(session, shifted(session, days=1), None)
    cancel(session)
    restore(session)
    session.refresh_from_db()
    assert session.sequence == 4


def test_move_without_a_room_frees_the_room_and_keeps_the_leader(session, room):
    move(session, session.period, None)
    assert taken(room) == []
    assert taken(session.leader) == [(time(15, 0), time(15, 45))]


def test_cancelled_date_takes_place_again_by_being_moved(session, room):
    cancel(session)
    assert move(session, shifted(session, days=1), room).status == "moved"
    assert taken(room, DAY + timedelta(days=1)) == [(time(15, 0), time(15, 45))]


def test_move_onto_a_taken_room_is_refused(session, neighbour, other_room):
    before = everything()
    with pytest.raises(Refused) as caught:
        move(session, session.period, other_room)
    assert caught.value.refusal.code == "clash"
    assert "Sala B" in str(caught.value.refusal)
    assert everything() == before


def test_move_onto_a_taken_leader_is_refused(session, room):
    make_series(session.series.term, leader=session.leader, starts=time(18), ends=time(19))
    before = everything()
    with pytest.raises(Refused) as caught:
        move(session, shifted(session, minutes=120), room)
    assert "Ewa Zmyślona" in str(caught.value.refusal)
    assert everything() == before


def test_move_to_where_another_one_ends_is_possible(session, neighbour, other_room):
    touching = Period(neighbour.ends_at, neighbour.ends_at + timedelta(minutes=45))
    assert move(session, touching, other_room).room_id == other_room.pk


def test_move_needs_a_free_unit_of_equipment_at_every_moment_only(session):
    kits = make_equipment(session.timetable, units=2)
    session.series.resources.add(kits)
    term = session.series.term
    make_series(term, resources=[kits], starts=time(10), ends=time(11))
    make_series(term, resources=[kits], starts=time(11), ends=time(12))
    Reservation.objects.filter(resource=kits, starts_at__hour=10).update(unit=2)
    start = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)  # 10:30 in Warsaw
    assert move(session, Period(start, start + timedelta(hours=1)), None).status == "moved"
    assert kits.reservations.filter(starts_at__date=DAY).count() == 3


@pytest.mark.parametrize("kind", ["unknown", "foreign", "specialist"])
def test_move_to_what_is_no_room_of_this_timetable_is_refused(session, kind):
    place = {
        "unknown": lambda: Resource(pk=uuid.uuid4()),
        "foreign": lambda: make_room(make_timetable()),
        "specialist": lambda: make_specialist(session.timetable),
    }[kind]()
    before = everything()
    with pytest.raises(Refused) as caught:
        move(session, session.period, place)
    assert caught.value.refusal.code == "unknown_room"
    assert everything() == before


def test_move_to_more_than_a_whole_day_is_refused(session, room):
    before = everything()
    start = session.starts_at + timedelta(days=1)
    with pytest.raises(Refused) as caught:
        move(session, Period(start, start + timedelta(hours=25, seconds=1)), room)
    assert caught.value.refusal.code == "too_long"
    assert everything() == before
    move(session, Period(start, start + timedelta(hours=25)), room)


def test_move_into_the_past_is_refused(session, room):
    before = everything()
    with pytest.raises(Refused) as caught:
        move(session, Period(NOW, NOW + timedelta(hours=1)), room)
    assert caught.value.refusal.code == "in_the_past"
    assert everything() == before


# -- restoring --------------------------------------------------------------------------------------------------------


def test_restored_date_takes_place_as_planned(session, room):
    cancel(session)
    assert restore(session).status == "scheduled"
    assert taken(room) == [(time(15, 0), time(15, 45))]


@pytest.mark.parametrize("minutes", [60, 24 * 60])
def test_date_moved_before_it_was_cancelled_is_restored_as_moved(session, room, minutes):
    move(session, shifted(session, minutes=minutes), room)
    cancel(session)
    after = restore(session)
    assert after.status == "moved"
    assert after.period == shifted(session, minutes=minutes)


def test_restoring_a_date_that_stands_changes_nothing(session):
    before = everything()
    restore(session)
    assert everything() == before


def test_restoring_is_refused_when_the_room_was_given_away(session, room):
    cancel(session)
    make_series(
        make_term(room.timetable, starts_on=DAY, ends_on=DAY),
        day=DAY,
        room=room,
        recurrence="once",
        starts=time(16, 30),
        ends=time(17),
    )  # fmt: skip  a date and its hours
    before = everything()
    with pytest.raises(Refused) as caught:
        restore(session)
    assert caught.value.refusal.code == "clash"
    assert everything() == before


# -- the past and the unknown -----------------------------------------------------------------------------------------


def test_date_that_is_over_is_not_changed(session, room):
    after = session.ends_at
    before = everything()
    for change in (lambda: cancel(session, after), lambda: move(session, shifted(session, days=9), room, after)):
        with pytest.raises(Refused) as caught:
            change()
        assert caught.value.refusal.code == "already_over"
    assert everything() == before


def test_cancelled_date_that_is_over_is_not_restored(session):
    cancel(session)
    with pytest.raises(Refused) as caught:
        restore(session, session.ends_at)
    assert caught.value.refusal.code == "already_over"


def test_date_that_goes_on_may_still_be_cancelled(session):
    assert cancel(session, session.starts_at + timedelta(minutes=5)).is_cancelled


def test_unknown_session_is_not_found():
    for change in (cancel, restore):
        with pytest.raises(Session.DoesNotExist):
            change(Session(pk=uuid.uuid4()))
