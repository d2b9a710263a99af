"""Drafts and revisions of series, closures of one place, days of rest that were forced, the log of changes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("schedule", "0015_rename_indexes"),
        ("scheduler", "0003_rules_and_school_breaks"),
    ]

    operations = [
        migrations.CreateModel(
            name="TimetableChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "subject",
                    models.CharField(
                        choices=[("session", "session"), ("closure", "closure"), ("term", "term")],
                        max_length=10,
                        verbose_name="subject",
                    ),
                ),
                ("subject_id", models.UUIDField(verbose_name="id of the subject")),
                (
                    "what",
                    models.CharField(
                        choices=[("added", "added"), ("changed", "changed"), ("removed", "removed")],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a timetable",
                "verbose_name_plural": "changes of timetables",
                "ordering": ["timetable", "number"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="series",
            name="series_repeats_by_a_known_rule",
        ),
        migrations.AddField(
            model_name="closure",
            name="place",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closures",
                to="scheduler.place",
                verbose_name="only this place",
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="rests_with_schools",
            field=models.BooleanField(default=False, verbose_name="closed while schools rest"),
        ),
        migrations.AddField(
            model_name="series",
            name="discontinued",
            field=models.BooleanField(default=False, editable=False, verbose_name="ends"),
        ),
        migrations.AddField(
            model_name="series",
            name="forced_days",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="days of rest on which it meets"
            ),
        ),
        migrations.AddField(
            model_name="series",
            name="identity",
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="series",
            name="on_weekdays",
            field=models.CharField(blank=True, editable=False, max_length=20, verbose_name="weekdays"),
        ),
        migrations.AddField(
            model_name="series",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="revision",
                to="scheduler.series",
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="forced_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="why on a day of rest"),
        ),
        migrations.AddField(
            model_name="timetable",
            name="changes_logged",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name="series",
            name="recurrence",
            field=models.CharField(
                choices=[
                    ("once", "once"),
                    ("weekly", "every week"),
                    ("fortnightly", "every second week"),
                    ("first_in_month", "the first such day of the month"),
                    ("second_fourth_in_month", "the second and fourth such day of the month"),
                    ("first_third_in_month", "the first and third such day of the month"),
                    ("last_in_month", "the last such day of the month"),
                    ("monthly_by_date", "every month on the same date"),
                    ("yearly", "every year on the same date"),
                    ("easter", "every year, as many days from Easter"),
                ],
                max_length=24,
                verbose_name="repeats",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "recurrence__in",
                        [
                            "once",
                            "weekly",
                            "fortnightly",
                            "first_in_month",
                            "second_fourth_in_month",
                            "first_third_in_month",
                            "last_in_month",
                            "monthly_by_date",
                            "yearly",
                            "easter",
                        ],
                    )
                ),
                name="series_repeats_by_a_known_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaces__isnull", True), ("published_at__isnull", True), _connector="OR"),
                name="revision_of_a_series_is_never_published_itself",
            ),
        ),
        migrations.AddField(
            model_name="timetablechange",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="scheduler.timetable"
            ),
        ),
        migrations.AddConstraint(
            model_name="timetablechange",
            constraint=models.UniqueConstraint(
                fields=("timetable", "number"), name="change_of_a_timetable_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="timetablechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject__in", ["session", "closure", "term"])),
                name="change_of_a_timetable_is_about_something_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="timetablechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["added", "changed", "removed"])),
                name="change_of_a_timetable_is_of_a_known_kind",
            ),
        ),
    ]
