"""A prepared question answers as the ORM does, whatever values it is asked with."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Value

from scheduler.models import Reservation
from scheduler.models.columns import AsText, instant_of, key_of
from scheduler.models.prepared import PreparedInsert, PreparedQuery, PreparedUpdate
from tests.factories import make_room, make_timetable

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asked(*, resources, starts, ends, besides):
    found = Reservation.objects.filter(resource__in=resources, starts_at__lt=ends, ends_at__gt=starts)
    if besides is not None:
        found = found.exclude(visit=besides)
    return found.order_by("starts_at").values_list(AsText("resource_id"), AsText("starts_at"), Value("kept"))


def rows(prepared: PreparedQuery, **values) -> list[tuple[uuid.UUID, datetime]]:
    return [(key_of(key), instant_of(moment)) for key, moment, _kept in prepared.rows(**values)]


@pytest.fixture
def visits() -> list[Reservation]:
    timetable = make_timetable()
    rooms = [make_room(timetable) for _ in range(3)]
    return [
        Reservation.objects.create(
            resource=room,
            kind="visit",
            visit=uuid.uuid4(),
            starts_at=TEN + number * HOUR,
            ends_at=TEN + (number + 1) * HOUR,
        )
        for number, room in enumerate(rooms)
    ]


def test_answers_follow_the_values(visits):
    prepared = PreparedQuery(asked)
    whole = {"starts": TEN, "ends": TEN + 9 * HOUR, "besides": None}
    everything = [(each.resource_id, each.starts_at) for each in visits]
    for number in (1, 2, 3, 2):
        keys = [each.resource_id for each in visits[:number]]
        assert rows(prepared, resources=keys, **whole) == everything[:number]
    keys = [each.resource_id for each in visits]
    assert rows(prepared, resources=keys, **whole | {"starts": TEN + HOUR}) == everything[1:]
    assert rows(prepared, resources=keys, **whole | {"besides": visits[1].visit}) == [everything[0], everything[2]]


def test_the_question_is_put_together_once_for_each_shape(visits):
    built = []

    def counted(**values):
        built.append(values)
        return asked(**values)

    prepared = PreparedQuery(counted)
    for each in visits:
        prepared.rows(resources=[each.resource_id], starts=TEN, ends=TEN + HOUR, besides=None)
    assert len(built) == 1
    prepared.rows(resources=[visits[0].resource_id], starts=TEN, ends=TEN + HOUR, besides=visits[0].visit)
    assert len(built) == 2


def test_values_and_objects_are_those_of_the_orm(visits):
    def of_room(*, resource_id, kind):
        return Reservation.objects.filter(resource_id=resource_id, kind=kind).select_related("resource__place")

    objects = PreparedQuery(of_room)
    columns = PreparedQuery(lambda **asked: of_room(**asked).values_list("resource_id", "starts_at", "kind"))
    for each in visits:
        asked = {"resource_id": each.resource_id, "kind": "visit"}
        [found] = objects.objects(**asked)
        [expected] = of_room(**asked)
        assert vars(found).keys() == vars(expected).keys()
        assert found == expected
        assert found.starts_at == each.starts_at
        assert found.resource == each.resource
        assert found.resource.place == each.resource.place
        assert columns.values(**asked) == [(each.resource_id, each.starts_at, "visit")]
    assert objects.objects(resource_id=visits[0].resource_id, kind="duty") == []


def test_update_changes_only_what_fits_and_tells_of_it(visits):
    moved = PreparedUpdate(
        lambda *, visit, before: Reservation.objects.filter(visit=visit, starts_at__lt=before),
        to=lambda *, visit, before: {"ends_at": before},  # noqa: ARG005  as the rows are asked for
        returning=["kind"],
    )
    assert moved.rows(visit=visits[0].visit, before=TEN + 5 * HOUR) == [("visit",)]
    assert moved.rows(visit=visits[2].visit, before=TEN) == []
    ends = Reservation.objects.order_by("starts_at").values_list("ends_at", flat=True)
    assert list(ends) == [TEN + 5 * HOUR, TEN + 2 * HOUR, TEN + 3 * HOUR]


def test_insert_stores_what_the_orm_stores(visits):
    room = make_room(visits[0].resource.timetable)
    inserts = PreparedInsert(Reservation)
    for number in range(2):
        row = Reservation(
            resource=room,
            kind="visit",
            visit=uuid.uuid4(),
            starts_at=TEN + number * HOUR,
            ends_at=TEN + (1 + number) * HOUR,
        )
        row.pk = Reservation.objects.order_by("-pk")[0].pk + 1
        inserts.store(row)
        stored = Reservation.objects.get(pk=row.pk)
        assert {name: getattr(stored, name) for name in ("resource_id", "visit", "starts_at", "ends_at", "kind")} == {
            name: getattr(row, name) for name in ("resource_id", "visit", "starts_at", "ends_at", "kind")
        }
        row.ends_at -= HOUR / 2
        row.save()
    assert Reservation.objects.filter(resource=room).count() == 2
