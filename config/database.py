"""How Grafik opens its database, so that SQLite and PostgreSQL give the same answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

SQLITE_OPTIONS = {
    # Measured with 24 threads: Django's defaults lose most requests to "database is locked"; these three lose none.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
POSTGRESQL_OPTIONS = {
    # What a connection asks for the fifth time is planned once and kept: planning took longer than answering.
    "server_side_binding": True,
    "prepare_threshold": 5,
}


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's database settings for a `sqlite:///…` or `postgres://…` address.

    A missing folder for an SQLite file is made, so that a first start needs no step by hand. A pooler that hands one
    connection to many and cannot keep prepared statements needs `?server_side_binding=0` at the end of the address.
    """
    database: dict[str, Any] = environ.Env.db_url_config(url)
    given = database.get("OPTIONS", {})
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {**SQLITE_OPTIONS, **given}
        if database["NAME"] not in {":memory:", ""}:
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    else:
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {**POSTGRESQL_OPTIONS, **given} if given.get("server_side_binding", True) else given
    return database
