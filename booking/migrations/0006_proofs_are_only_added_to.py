"""What proves something is written once: the database refuses to change it.

Steps in line, changes of dates and calls of the desk keep every fact; a consent keeps what was agreed to, and once
withdrawn stays so; the words of a consent stay as they were once somebody agreed to them; a number in line is never
another one. What may still change is said here: who wrote it may be forgotten with her account, and merging two
records of one person leads consents to the one that is kept.
"""

from django.db import migrations

NAME = "log_is_only_added_to"
LOGS = ("booking_cardreading", "booking_merge")  # SQLite loses a trigger when a migration rebuilds its table
FACTS = {
    "booking_lineevent": ("enrolment_id", "kind", "reason", "at"),
    "booking_sessionchange": ("session_id", "kind", "at", "note", "was"),
    "booking_deskcall": ("message_id", "outcome", "note", "called_at", "by_id"),
    "booking_consent": (
        "purpose_id",
        "text_id",
        "text_digest",
        "language",
        "way",
        "given_on",
        "paper_place",
        "recorded_at",
    ),
    "booking_consenttext": ("purpose_id", "version", "valid_from", "body", "body_pl", "body_en", "body_uk"),
}
WRITERS = {"booking_lineevent": ("by_id",), "booking_sessionchange": ("by_id",), "booking_consent": ("recorded_by_id",)}
SET_ONCE = {"booking_consent": ("withdrawn_at",), "booking_enrolment": ("line_number",)}
ONLY_IF = {"booking_consenttext": "EXISTS (SELECT 1 FROM booking_consent WHERE text_id = OLD.id)"}
TABLES = sorted({*FACTS, *SET_ONCE})


def forbid(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "sqlite":
        for table in LOGS:
            _on_sqlite(schema_editor, table, "1")
    for table in TABLES:
        if vendor == "sqlite":
            condition = f"({_changes(table, 'IS NOT')}) AND {ONLY_IF.get(table, '1')}"
            _on_sqlite(schema_editor, table, condition)
        else:
            _on_postgresql(schema_editor, table)


def _on_sqlite(schema_editor, table, condition):
    schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_only_added_to")
    schema_editor.execute(
        f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE ON {table} "
        f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
    )


def _on_postgresql(schema_editor, table):
    """Guard one table; a condition about another table cannot stand in WHEN, so it gets a function of its own."""
    function = "booking_log_is_only_added_to"
    if table in ONLY_IF:
        function = f"{table}_is_only_added_to"
        schema_editor.execute(
            f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {ONLY_IF[table]} THEN RAISE EXCEPTION '{NAME}' USING ERRCODE = '23000'; END IF; "
            "RETURN NEW; END $$"
        )
    columns = ", ".join((*FACTS.get(table, ()), *WRITERS.get(table, ()), *SET_ONCE.get(table, ())))
    schema_editor.execute(
        f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE OF {columns} ON {table} FOR EACH ROW "
        f"WHEN ({_changes(table, 'IS DISTINCT FROM')}) EXECUTE FUNCTION {function}()"
    )


def _changes(table, differs):
    said = [f"NEW.{each} {differs} OLD.{each}" for each in FACTS.get(table, ())]
    said += [f"(NEW.{each} IS NOT NULL AND NEW.{each} {differs} OLD.{each})" for each in WRITERS.get(table, ())]
    said += [f"(OLD.{each} IS NOT NULL AND NEW.{each} {differs} OLD.{each})" for each in SET_ONCE.get(table, ())]
    return " OR ".join(said)


def allow(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {table}_is_only_added_to{on}")
    if vendor == "postgresql":
        for table in ONLY_IF:
            schema_editor.execute(f"DROP FUNCTION {table}_is_only_added_to()")


class Migration(migrations.Migration):
    dependencies = [("booking", "0005_numbers_of_merged_households")]
    operations = [migrations.RunPython(forbid, allow)]
