"""Duty hours that were there before become opening windows, as they were: in a room, without quotas."""

from django.db import migrations


def open_windows(apps, schema_editor):
    duties = apps.get_model("scheduler", "Series").objects.filter(kind="duty")
    window = apps.get_model("booking", "OpeningWindow")
    window.objects.bulk_create([window(series_id=key) for key in duties.values_list("pk", flat=True)])


class Migration(migrations.Migration):
    dependencies = [("booking", "0009_visits_and_opening_windows")]
    operations = [migrations.RunPython(open_windows, migrations.RunPython.noop)]
