"""What migrations put into the database, given back after a test with real transactions has left its own rows there.

Django's flush would truncate every table, make all content types and permissions anew, and know nothing of the rest.
"""

from __future__ import annotations

from django.db import connection, transaction


def keep_seeds() -> None:
    """Keep a copy of every table that migrations have put rows into."""
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")')  # noqa: S608  a table of ours
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE "{table}_seed" AS SELECT * FROM "{table}"')  # noqa: S608  a table of ours


def give_seeds_back() -> None:
    """Empty all tables, whatever stands in them, and fill them from their copies."""
    existing = set(connection.introspection.table_names())
    tables = _tables()
    with transaction.atomic(), connection.cursor() as cursor:  # references are looked at when everything is in place
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  a table of ours
        for table in tables:
            if f"{table}_seed" in existing:
                cursor.execute(f'INSERT INTO "{table}" SELECT * FROM "{table}_seed"')  # noqa: S608  a table of ours


def _tables() -> list[str]:
    return connection.introspection.django_table_names(only_existing=True, include_views=False)
