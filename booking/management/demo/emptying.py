"""Emptying the database of a demo, except for what migrations put there."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

KEPT = frozenset({"contenttypes.contenttype", "auth.permission", "schedule.rule", "scheduler.schoolbreak"})

SEEDED_NUMBERS = ("0008_children_per_educator", "0022_families_per_assistant")


def empty_database() -> None:
    """Delete every row of every table but the seeded ones, in the caller's transaction. There is no way back."""
    tables = [
        model._meta.db_table  # noqa: SLF001  the documented name of the model's options
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in KEPT  # noqa: SLF001
    ]
    connection.check_constraints()  # settles what is deferred, or PostgreSQL refuses to truncate
    statements = connection.ops.sql_flush(no_style(), tables, reset_sequences=True)
    connection.ops.execute_sql_flush(statements)
    # The table of policies holds numbers of the centres too: those of the country are put back.
    for seeding in SEEDED_NUMBERS:
        import_module(f"booking.migrations.{seeding}").seed(apps, None)
