"""The database itself keeps a resource from being in two places at once, whatever the code above it does."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from scheduler.models import Reservation, Resource, Session
from tests.factories import make_equipment, make_room, make_series

TEN = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session() -> Session:
    return make_series().sessions.earliest("starts_at")


@pytest.fixture
def room(session: Session) -> Resource:
    return make_room(session.timetable)


@pytest.fixture
def held(room: Resource, session: Session) -> Reservation:
    """The room from 10 to 11."""
    return insert(room, session, TEN, TEN + HOUR)


def insert(resource: Resource, session: Session, starts_at: datetime, ends_at: datetime, unit: int = 1) -> Reservation:
    return Reservation.objects.create(
        resource=resource, session=session, unit=unit, starts_at=starts_at, ends_at=ends_at
    )


OVERLAPPING = [
    pytest.param(TEN, TEN + HOUR, id="the same"),
    pytest.param(TEN - HOUR, TEN + SECOND, id="its first second"),
    pytest.param(TEN + HOUR - SECOND, TEN + 2 * HOUR, id="its last second"),
    pytest.param(TEN + HOUR - timedelta(microseconds=1), TEN + 2 * HOUR, id="its last microsecond"),
    pytest.param(TEN + 5 * SECOND, TEN + 9 * SECOND, id="inside"),
    pytest.param(TEN - HOUR, TEN + 2 * HOUR, id="around"),
]
TOUCHING = [
    pytest.param(TEN - HOUR, TEN, id="before"),
    pytest.param(TEN + HOUR, TEN + 2 * HOUR, id="after"),
    pytest.param(TEN - HOUR, TEN - timedelta(microseconds=1), id="a microsecond before"),
]


@pytest.mark.parametrize(("starts_at", "ends_at"), OVERLAPPING)
def test_overlapping_insert_is_forbidden(held, starts_at, ends_at):
    with pytest.raises(IntegrityError, match="resource_is_in_one_place_at_a_time"), transaction.atomic():
        insert(held.resource, held.session, starts_at, ends_at)
    assert held.resource.reservations.count() == 1


@pytest.mark.parametrize(("starts_at", "ends_at"), OVERLAPPING)
def test_overlapping_insert_in_plain_sql_is_forbidden(held, starts_at, ends_at):
    fields = [field for field in Reservation._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(str(field.column) for field in fields)
    wish = Reservation(resource=held.resource, session=held.session, starts_at=starts_at, ends_at=ends_at)
    values = [field.get_db_prep_save(getattr(wish, field.attname), connection) for field in fields]
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO scheduler_reservation ({columns}) VALUES ({places})"  # noqa: S608  names are the model's
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(("starts_at", "ends_at"), OVERLAPPING)
def test_update_into_an_overlap_is_forbidden(held, starts_at, ends_at):
    free = insert(held.resource, held.session, TEN + 5 * HOUR, TEN + 6 * HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=free.pk).update(starts_at=starts_at, ends_at=ends_at)
    free.refresh_from_db()
    assert free.starts_at == TEN + 5 * HOUR


def test_update_of_the_resource_into_an_overlap_is_forbidden(held):
    elsewhere = insert(make_room(held.resource.timetable), held.session, TEN, TEN + HOUR)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=elsewhere.pk).update(resource=held.resource)


@pytest.mark.parametrize(("starts_at", "ends_at"), OVERLAPPING)
def test_many_inserted_at_once_are_checked_against_each_other(room, session, starts_at, ends_at):
    facts = {"resource": room, "session": session}
    rows = [
        Reservation(starts_at=TEN, ends_at=TEN + HOUR, **facts),
        Reservation(starts_at=starts_at, ends_at=ends_at, **facts),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.bulk_create(rows)
    assert not room.reservations.exists()


@pytest.mark.parametrize(("starts_at", "ends_at"), TOUCHING)
def test_touching_reservations_stand_side_by_side(held, starts_at, ends_at):
    insert(held.resource, held.session, starts_at, ends_at)
    assert held.resource.reservations.count() == 2


def test_reservation_may_be_shifted_over_its_own_time(held):
    Reservation.objects.filter(pk=held.pk).update(ends_at=TEN + 2 * HOUR)
    held.refresh_from_db()
    assert held.ends_at == TEN + 2 * HOUR


def test_units_of_equipment_are_taken_one_by_one(session):
    kits = make_equipment(session.timetable, units=2)
    insert(kits, session, TEN, TEN + HOUR, unit=1)
    insert(kits, session, TEN, TEN + HOUR, unit=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(kits, session, TEN, TEN + HOUR, unit=2)


@pytest.mark.parametrize("length", [timedelta(0), -HOUR])
def test_reservation_that_does_not_end_after_it_starts_is_forbidden(room, session, length):
    # PostgreSQL finds the empty range of the exclusion constraint before it comes to the check.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        insert(room, session, TEN, TEN + length)


# -- visits inside duty hours -----------------------------------------------------------------------------------------


def take(resource: Resource, session: Session, kind: str) -> Reservation:
    holder = {"visit": uuid.uuid4()} if kind == "visit" else {"session": session}
    return Reservation.objects.create(resource=resource, kind=kind, starts_at=TEN, ends_at=TEN + HOUR, **holder)


@pytest.mark.parametrize(("first", "second"), [("duty", "visit"), ("visit", "duty")])
def test_a_visit_fits_into_duty_hours(room, session, first, second):
    take(room, session, first)
    take(room, session, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [("visit", "visit"), ("duty", "duty"), ("meeting", "visit"), ("visit", "meeting"), ("meeting", "duty")],
)
def test_a_visit_fits_into_nothing_else(room, session, first, second):
    take(room, session, first)
    with pytest.raises(IntegrityError, match="resource_is_in_one_place_at_a_time"), transaction.atomic():
        take(room, session, second)


def test_a_second_visit_cannot_be_slipped_in_by_changing_its_kind(room, session):
    take(room, session, "visit")
    duty = take(room, session, "duty")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reservation.objects.filter(pk=duty.pk).update(kind="visit", session=None, visit=uuid.uuid4())


@pytest.mark.parametrize("facts", [{"kind": "visit"}, {"kind": "meeting", "visit": uuid.UUID(int=1)}])
def test_a_reservation_names_who_holds_it(room, session, facts):
    with pytest.raises(IntegrityError, match="reservation_is_held_by_a_session_or_by_a_visit"), transaction.atomic():
        Reservation.objects.create(resource=room, session=session, starts_at=TEN, ends_at=TEN + HOUR, **facts)
