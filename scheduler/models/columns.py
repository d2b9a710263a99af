"""Keys and instants as texts of the database, for questions whose time goes into making UUIDs and datetimes.

Most of the time of a bare query goes there, and into the same ones over and over: a month has few different hours,
series, rooms and people, and many look at the same week. So they leave the database as texts, and each different one
is made once.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import lru_cache

from django.db import models
from django.db.models.functions import Cast


class AsText(Cast):
    """A column as the text the database keeps or writes it as."""

    def __init__(self, name: str) -> None:
        super().__init__(name, models.CharField())


@lru_cache(maxsize=2**14)
def key_of(text: str) -> uuid.UUID:
    """Return the key that such a text is."""
    return uuid.UUID(text)


@lru_cache(maxsize=2**13)
def instant_of(text: str) -> datetime:
    """Return the instant that such a text is, in UTC."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps UTC without saying so
