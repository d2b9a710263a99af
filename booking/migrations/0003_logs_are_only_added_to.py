"""Rows of the logs of readings and merges are added and never changed: the database refuses every UPDATE."""

from django.db import migrations

TABLES = ("booking_cardreading", "booking_merge")


def forbid(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION booking_log_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION 'log_is_only_added_to' USING ERRCODE = '23000'; END $$"
        )
    for table in TABLES:
        if vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION booking_log_is_only_added_to()"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_is_only_added_to BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'log_is_only_added_to'); END"
            )


def allow(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        on = f" ON {table}" if vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER {table}_is_only_added_to{on}")
    if vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION booking_log_is_only_added_to()")


class Migration(migrations.Migration):
    dependencies = [("booking", "0002_people_and_offers")]
    operations = [migrations.RunPython(forbid, allow)]
