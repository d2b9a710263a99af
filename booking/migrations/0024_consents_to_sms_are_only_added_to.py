"""What somebody said about SMS, and when, is written once; merging two records leads it to the one that is kept."""

from django.db import migrations

TABLE = "booking_smsconsent"
FACTS = ("phone", "at")


def forbid(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        changes = " OR ".join(f"NEW.{each} IS DISTINCT FROM OLD.{each}" for each in FACTS)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_is_only_added_to BEFORE UPDATE OF {', '.join(FACTS)} ON {TABLE} FOR EACH ROW "
            f"WHEN ({changes}) EXECUTE FUNCTION booking_log_is_only_added_to()"
        )
    else:
        changes = " OR ".join(f"NEW.{each} IS NOT OLD.{each}" for each in FACTS)
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_is_only_added_to BEFORE UPDATE ON {TABLE} "
            f"WHEN {changes} BEGIN SELECT RAISE(ABORT, 'log_is_only_added_to'); END"
        )


def allow(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {TABLE}_is_only_added_to{on}")


class Migration(migrations.Migration):
    dependencies = [("booking", "0023_consents_to_sms_and_short_links")]
    operations = [migrations.RunPython(forbid, allow)]
