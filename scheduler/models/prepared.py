"""Questions that the ORM puts together once and that are asked many times, with other keys and instants.

For a small query most of the time goes into putting it together. Its text is the same whenever as many values of the
same sort are given; so it is kept, and only the values are exchanged. It must depend on nothing but the values: no
order by a name in the reader's language, no moment that was read from the clock while it was put together.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

Single = uuid.UUID | datetime | str
Value = Single | Sequence[uuid.UUID] | None
EPOCH = datetime(1, 1, 2, tzinfo=UTC)


class PreparedQuery:
    """A question whose `build` returns a queryset from keys, lists of keys, instants, texts or None.

    No list may be empty. A question that locks is asked in a transaction, as always.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]]) -> None:
        self._build = build
        self._known: dict[tuple[Any, ...], _Question] = {}

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """Return the rows as the database gives them: select keys and instants `AsText`."""
        return self._ask(values)[1]

    def values(self, **values: Value) -> list[tuple[Any, ...]]:
        """Return the rows with keys and instants as the ORM gives them."""
        question, rows = self._ask(values)
        return [tuple(row) for row in question.converted(rows)]

    def objects(self, **values: Value) -> list[Any]:
        """Return model objects, with those that the queryset selects as related."""
        question, rows = self._ask(values)
        return list(question.objects(rows))

    def _ask(self, values: dict[str, Value]) -> tuple[_Question, list[tuple[Any, ...]]]:
        shape = (connection.vendor, *[(name, _size(value)) for name, value in values.items()])
        question = self._known.get(shape)
        if question is None:
            question = self._known[shape] = self._put_together(values)
        given = _adapted([each for value in values.values() for each in _each(value)])
        with connection.cursor() as cursor:
            cursor.execute(
                question.sql,
                [given[place.number] if isinstance(place, _Place) else place for place in question.places],
            )
            return question, cursor.fetchall()

    def _put_together(self, values: dict[str, Value]) -> _Question:
        """Return the text, and its parameters with the places at which values are put in."""
        stand_ins: dict[str, Value] = {}
        single: list[Single] = []
        for name, value in values.items():
            made = [_stand_in(each, len(single) + number) for number, each in enumerate(_each(value))]
            single += made
            stand_ins[name] = made if _is_list(value) else (made[0] if made else None)  # type: ignore[assignment]  # of one sort
        compiler = self._compiler(stand_ins)
        sql, parameters = compiler.as_sql()
        numbers = {_comparable(each): number for number, each in enumerate(_adapted(single))}
        places = [_Place(numbers[key]) if (key := _comparable(each)) in numbers else each for each in parameters]
        return _Question(sql + self._returning(), places, compiler)

    def _compiler(self, stand_ins: dict[str, Value]) -> SQLCompiler:
        compiler: SQLCompiler = self._build(**stand_ins).query.get_compiler(DEFAULT_DB_ALIAS)
        return compiler

    def _returning(self) -> str:
        return ""


class PreparedUpdate(PreparedQuery):
    """A change of rows: `build` returns which ones, `to` what becomes of them. Answers with columns of the changed."""

    def __init__(
        self, build: Callable[..., QuerySet[Any, Any]], *, to: Callable[..., dict[str, Any]], returning: Sequence[str]
    ) -> None:
        super().__init__(build)
        self._to, self._columns = to, returning

    def _compiler(self, stand_ins: dict[str, Value]) -> SQLCompiler:
        query: Any = self._build(**stand_ins).query.chain(UpdateQuery)
        query.add_update_values(self._to(**stand_ins))
        compiler: SQLCompiler = query.get_compiler(DEFAULT_DB_ALIAS)
        return compiler

    def _returning(self) -> str:
        return f" RETURNING {', '.join(connection.ops.quote_name(name) for name in self._columns)}"


class PreparedInsert:
    """Stores new rows of a model as `bulk_create` does; `ignore_conflicts` leaves out what is there already."""

    def __init__(self, model: type[Model], *, ignore_conflicts: bool = False) -> None:
        self._model = model
        self._conflict = OnConflict.IGNORE if ignore_conflicts else None
        self._known: dict[str, str] = {}

    def store(self, row: Model) -> None:
        """Store one row, whose key is made by us."""
        fields = self._model._meta.local_concrete_fields  # noqa: SLF001  how Django tells the fields of a model
        if connection.vendor not in self._known:
            query = InsertQuery(self._model, on_conflict=self._conflict)
            query.insert_values(fields, [row])
            [(self._known[connection.vendor], _parameters)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(self._known[connection.vendor], values)
        stored = row._state  # noqa: SLF001  as the ORM marks what is stored
        stored.adding, stored.db = False, DEFAULT_DB_ALIAS


class _Question:
    """A text with the places of its values, and what the ORM found out about its columns."""

    def __init__(self, sql: str, places: list[Any], compiler: SQLCompiler) -> None:
        self.sql, self.places, self._compiler = sql, places, compiler
        self._converters = compiler.get_converters([column[0] for column in compiler.select or ()])
        about: dict[str, Any] | None = compiler.klass_info
        if about is not None:  # of objects, not of values
            self._columns = slice(about["select_fields"][0], about["select_fields"][-1] + 1)
            self._names = [column[0].target.attname for column in compiler.select[self._columns]]
            self._model = about["model"]
            self._related = get_related_populators(about, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # the stubs are of the next Django

    def converted(self, rows: list[tuple[Any, ...]]) -> Iterable[Sequence[Any]]:
        """Turn what this database stores into what Python works with."""
        if not self._converters:
            return rows
        converted: Iterable[Sequence[Any]] = self._compiler.apply_converters(rows, self._converters)
        return converted

    def objects(self, rows: list[tuple[Any, ...]]) -> Iterator[Any]:
        """Make objects of rows, as the ORM does for a queryset."""
        for row in self.converted(rows):
            made = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._columns])
            for populator in self._related:
                populator.populate(row, made)
            yield made


class _Place:
    """Where a value is put in."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number


def _is_list(value: Value) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _size(value: Value) -> int | None:
    if value is None:
        return None
    return len(value) if _is_list(value) else -1  # type: ignore[arg-type]  # a list has a length


def _each(value: Value) -> list[Single]:
    if value is None:
        return []
    return list(value) if _is_list(value) else [value]  # type: ignore[arg-type,list-item]  # one, or a list of them


def _stand_in(value: Single, number: int) -> Single:
    """Return a value of the same sort that no row has."""
    if isinstance(value, str):
        return f"\N{REPLACEMENT CHARACTER}{number}"
    return uuid.UUID(int=number + 1) if isinstance(value, uuid.UUID) else EPOCH + timedelta(seconds=number)


def _adapted(values: Iterable[Single]) -> list[Any]:
    """Return the values as the ORM passes them to this database."""
    native = connection.features.has_native_uuid_field
    adapt = connection.ops.adapt_datetimefield_value
    return [
        (each if native else each.hex)
        if isinstance(each, uuid.UUID)
        else (each if isinstance(each, str) else adapt(each))
        for each in values
    ]


def _comparable(parameter: object) -> tuple[type, str]:
    return type(parameter), str(parameter)
