"""A session as a timetable shows it, and how hundreds of them are read at the cost of a bare query."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.db import models
from django.db.models.functions import Cast


class TimetableRow(NamedTuple):
    """A session as a timetable shows it: light, read in one query, in place of model instances."""

    id: uuid.UUID
    series_id: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    note: str
    title: str
    kind: str
    room_id: uuid.UUID | None
    room: str | None
    leader_id: uuid.UUID | None
    leader: str | None


class _Text(Cast):
    """A column as the text the database keeps or writes it as."""

    def __init__(self, name: str) -> None:
        super().__init__(name, models.CharField())


# Most of the time of a bare query goes into making datetimes and UUIDs, and the same ones over and over: a month has
# few different hours, series, rooms and people, and many look at the same week. So they leave the database as texts,
# and each different one is made once.
ROW_COLUMNS = (
    _Text("id"),
    _Text("series_id"),
    _Text("starts_at"),
    _Text("ends_at"),
    "status",
    "note",
    "series__title",
    "series__kind",
    _Text("room_id"),
    "room__name",
    _Text("leader_id"),
    "leader__name",
)


@lru_cache(maxsize=2**14)
def _key(text: str) -> uuid.UUID:
    return uuid.UUID(text)


@lru_cache(maxsize=2**13)
def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so


_row = partial(tuple.__new__, TimetableRow)  # what TimetableRow(…) does, without passing twelve arguments


def timetable_rows(found: Iterable[tuple[Any, ...]]) -> list[TimetableRow]:
    """Return rows from tuples of ROW_COLUMNS."""
    # fmt: off  the columns in their order
    return [
        _row(
            (
                _key(key),
                _key(series),
                _instant(starts),
                _instant(ends),
                status,
                note,
                title,
                kind,
                room_id and _key(room_id),
                room,
                leader_id and _key(leader_id),
                leader,
            )
        )
        for key, series, starts, ends, status, note, title, kind, room_id, room, leader_id, leader in found
    ]
    # fmt: on
