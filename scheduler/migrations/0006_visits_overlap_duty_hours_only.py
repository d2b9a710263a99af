"""Two reservations of one unit never overlap, except a visit inside duty hours.

Each kind takes one or both of two layers: duty hours the first, visits the second, meetings both. What shares a layer
must not overlap.
"""

from django.db import migrations

NAME = "resource_is_in_one_place_at_a_time"

POSTGRESQL = f"""
ALTER TABLE scheduler_reservation DROP CONSTRAINT {NAME};
ALTER TABLE scheduler_reservation ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    resource_id WITH =,
    unit WITH =,
    (CASE kind WHEN 'duty' THEN int4range(1, 2) WHEN 'visit' THEN int4range(2, 3) ELSE int4range(1, 3) END) WITH &&,
    tstzrange(starts_at, ends_at, '[)') WITH &&
);
"""

POSTGRESQL_BACK = f"""
ALTER TABLE scheduler_reservation DROP CONSTRAINT {NAME};
ALTER TABLE scheduler_reservation ADD CONSTRAINT {NAME}
    EXCLUDE USING gist (resource_id WITH =, unit WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&);
"""

SQLITE_TRIGGER = """
CREATE TRIGGER {name}_{event}
BEFORE {event} ON scheduler_reservation
WHEN EXISTS (
    SELECT 1 FROM scheduler_reservation AS other
    WHERE other.resource_id = NEW.resource_id AND other.unit = NEW.unit AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at {exception}
)
BEGIN
    SELECT RAISE(ABORT, '{name}');
END;
"""

VISIT_IN_DUTY = """
      AND NOT (NEW.kind = 'visit' AND other.kind = 'duty') AND NOT (NEW.kind = 'duty' AND other.kind = 'visit')
"""


def forbid(apps, schema_editor):
    duty = apps.get_model("scheduler", "Reservation").objects.filter(session__series__kind="duty")
    duty.update(kind="duty")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        _make_triggers(schema_editor, VISIT_IN_DUTY)


def forbid_more(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK)
    else:
        _make_triggers(schema_editor, "")


def _make_triggers(schema_editor, exception):
    # The table was rebuilt by the migration before, and a rebuilt table has lost its triggers.
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}_{event}")
        schema_editor.execute(SQLITE_TRIGGER.format(name=NAME, event=event, exception=exception))


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0005_visits_are_received_in_duty_hours")]
    operations = [migrations.RunPython(forbid, forbid_more)]
