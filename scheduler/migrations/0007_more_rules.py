"""Rules for several weekdays, the last such day of a month, dates of a month, years and Easter."""

from django.db import migrations

from scheduler.recurrence import seeded_rules


def seed(apps, schema_editor):
    Rule = apps.get_model("schedule", "Rule")
    known = set(Rule.objects.values_list("name", flat=True))
    Rule.objects.bulk_create(
        Rule(name=name, description=name, frequency=frequency, params=params)
        for name, frequency, params in seeded_rules()
        if name not in known
    )


class Migration(migrations.Migration):
    dependencies = [("scheduler", "0006_visits_overlap_duty_hours_only")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
