"""The address of a database becomes settings in which SQLite loses no write and PostgreSQL plans a statement once."""

from __future__ import annotations

import pytest
from django.db import connection

from config.database import database_from_url


def test_a_missing_folder_of_an_sqlite_file_is_made(tmp_path):
    database = database_from_url(f"sqlite:///{tmp_path}/new/grafik.sqlite3")

    assert (tmp_path / "new").is_dir()
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_options_of_the_address_stand_above_our_own():
    database = database_from_url("sqlite:///:memory:?timeout=5")

    assert database["OPTIONS"]["timeout"] == 5
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_keeps_connections_and_the_plans_of_repeated_statements():
    database = database_from_url("postgres://grafik@localhost/grafik?sslmode=require")

    assert database["CONN_MAX_AGE"] == 60
    assert database["CONN_HEALTH_CHECKS"]
    assert database["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": 5, "sslmode": "require"}


def test_a_pooler_without_prepared_statements_is_told_so_in_the_address():
    database = database_from_url("postgres://grafik@localhost/grafik?server_side_binding=0")

    assert database["OPTIONS"] == {"server_side_binding": 0}


@pytest.mark.django_db
def test_a_statement_asked_again_and_again_is_prepared_where_the_database_plans_slowly():
    with connection.cursor() as cursor:
        for number in range(8):
            cursor.execute("SELECT %s + 1", [number])
            assert cursor.fetchone() == (number + 1,)
        if connection.vendor == "postgresql":  # SQLite's driver keeps the statements of a connection by itself
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1 + 1'")
            assert cursor.fetchone() == (1,)
