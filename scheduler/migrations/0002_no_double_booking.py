"""No resource is in two places at once: an exclusion constraint on PostgreSQL, triggers on SQLite."""

from django.db import migrations

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE scheduler_reservation ADD CONSTRAINT resource_is_in_one_place_at_a_time
    EXCLUDE USING gist (resource_id WITH =, unit WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&);
"""

SQLITE_TRIGGER = """
CREATE TRIGGER resource_is_in_one_place_at_a_time_{event}
BEFORE {event} ON scheduler_reservation
WHEN EXISTS (
    SELECT 1 FROM scheduler_reservation AS other
    WHERE other.resource_id = NEW.resource_id AND other.unit = NEW.unit AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
)
BEGIN
    SELECT RAISE(ABORT, 'resource_is_in_one_place_at_a_time');
END;
"""


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(SQLITE_TRIGGER.format(event=event))


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE scheduler_reservation DROP CONSTRAINT resource_is_in_one_place_at_a_time")
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(f"DROP TRIGGER resource_is_in_one_place_at_a_time_{event}")


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0001_initial")]
    operations = [migrations.RunPython(forbid, allow)]
