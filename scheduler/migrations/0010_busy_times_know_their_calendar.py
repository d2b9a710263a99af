import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """Busy times were kept by nobody yet, so the default names no calendar that exists."""

    dependencies = [
        ("scheduler", "0009_split_series"),
    ]

    operations = [
        migrations.AddField(
            model_name="busyperiod",
            name="source",
            field=models.UUIDField(db_index=True, default=uuid.uuid4, verbose_name="calendar"),
            preserve_default=False,
        ),
    ]
