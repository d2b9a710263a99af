"""Questions that the ORM puts together once and that are asked many times, with other keys and instants.

For a small query most of the time goes into putting it together. Its text is the same whenever as many values of the
same sort are given; so it is kept, and only the values are exchanged.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Value = uuid.UUID | datetime | Sequence[uuid.UUID] | None
EPOCH = datetime(1, 1, 2, tzinfo=UTC)


class PreparedQuery:
    """A question whose `build` returns a queryset of plain values from keys, lists of keys, instants or None.

    The rows come as the database gives them: select keys and instants `AsText`. No list may be empty.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._known: dict[tuple[Any, ...], tuple[str, list[Any]]] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """Return the rows for these values."""
        shape = (connection.vendor, *((name, _size(value)) for name, value in values.items()))
        if shape not in self._known:
            self._known[shape] = self._put_together(values)
        sql, places = self._known[shape]
        given = _adapted([each for value in values.values() for each in _each(value)])
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[place.number] if isinstance(place, _Place) else place for place in places])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _put_together(self, values: dict[str, Value]) -> tuple[str, list[Any]]:
        """Return the text, and its parameters with the places at which values are put in."""
        stand_ins: dict[str, Value] = {}
        single: list[uuid.UUID | datetime] = []
        for name, value in values.items():
            made = [_stand_in(each, len(single) + number) for number, each in enumerate(_each(value))]
            single += made
            stand_ins[name] = made if isinstance(value, Sequence) else (made[0] if made else None)  # type: ignore[assignment]  # of one sort
        sql, parameters = self._build(**stand_ins).query.sql_with_params()
        numbers = {_comparable(each): number for number, each in enumerate(_adapted(single))}
        places = [_Place(numbers[key]) if (key := _comparable(each)) in numbers else each for each in parameters]
        return sql, places


class _Place:
    """Where a value is put in."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


def _size(value: Value) -> int | None:
    if value is None:
        return None
    return len(value) if isinstance(value, Sequence) else -1


def _each(value: Value) -> list[uuid.UUID | datetime]:
    if value is None:
        return []
    return list(value) if isinstance(value, Sequence) else [value]


def _stand_in(value: uuid.UUID | datetime, number: int) -> uuid.UUID | datetime:
    """Return a value of the same sort that no row has."""
    return uuid.UUID(int=number + 1) if isinstance(value, uuid.UUID) else EPOCH + timedelta(seconds=number)


def _adapted(values: list[uuid.UUID | datetime]) -> list[Any]:
    """Return the values as the ORM passes them to this database."""
    native = connection.features.has_native_uuid_field
    adapt = connection.ops.adapt_datetimefield_value
    return [(each if native else each.hex) if isinstance(each, uuid.UUID) else adapt(each) for each in values]


def _comparable(parameter: object) -> tuple[type, str]:
    return type(parameter), str(parameter)
