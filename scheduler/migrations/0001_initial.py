import django.db.models.deletion
import scheduler.models.timetable
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("schedule", "0015_rename_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address")),
                ("village", models.CharField(blank=True, max_length=100, verbose_name="village or town")),
                ("step_free", models.BooleanField(default=False, verbose_name="step-free entrance")),
                ("lift", models.BooleanField(default=False, verbose_name="lift")),
                ("accessible_toilet", models.BooleanField(default=False, verbose_name="accessible toilet")),
                ("induction_loop", models.BooleanField(default=False, verbose_name="induction loop")),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("specialist", "Specialist"), ("room", "Room"), ("equipment", "Equipment")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("capacity", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="people it holds")),
                ("units", models.PositiveSmallIntegerField(default=1, verbose_name="units")),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rooms",
                        to="scheduler.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
                "ordering": ["kind", "name"],
            },
        ),
        migrations.CreateModel(
            name="SchoolBreak",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("winter", "Winter break"),
                            ("christmas", "Christmas break"),
                            ("easter", "Easter break"),
                            ("summer", "Summer holidays"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "voivodeship",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("02", "dolnośląskie"),
                            ("04", "kujawsko-pomorskie"),
                            ("06", "lubelskie"),
                            ("08", "lubuskie"),
                            ("10", "łódzkie"),
                            ("12", "małopolskie"),
                            ("14", "mazowieckie"),
                            ("16", "opolskie"),
                            ("18", "podkarpackie"),
                            ("20", "podlaskie"),
                            ("22", "pomorskie"),
                            ("24", "śląskie"),
                            ("26", "świętokrzyskie"),
                            ("28", "warmińsko-mazurskie"),
                            ("30", "wielkopolskie"),
                            ("32", "zachodniopomorskie"),
                        ],
                        max_length=2,
                        verbose_name="voivodeship",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "school break",
                "verbose_name_plural": "school breaks",
                "ordering": ["starts_on", "voivodeship"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="school_break_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["winter", "christmas", "easter", "summer"])),
                        name="school_break_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "voivodeship__in",
                                [
                                    "",
                                    "02",
                                    "04",
                                    "06",
                                    "08",
                                    "10",
                                    "12",
                                    "14",
                                    "16",
                                    "18",
                                    "20",
                                    "22",
                                    "24",
                                    "26",
                                    "28",
                                    "30",
                                    "32",
                                ],
                            )
                        ),
                        name="school_break_lies_in_a_known_voivodeship",
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "voivodeship", "starts_on"), name="school_break_is_listed_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recurrence",
                    models.CharField(
                        choices=[
                            ("once", "once"),
                            ("weekly", "every week"),
                            ("fortnightly", "every second week"),
                            ("first_in_month", "the first such day of the month"),
                            ("second_fourth_in_month", "the second and fourth such day of the month"),
                            ("first_third_in_month", "the first and third such day of the month"),
                        ],
                        max_length=24,
                        verbose_name="repeats",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[("meeting", "Meeting"), ("duty", "Duty hours")],
                        default="meeting",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("public", "Everyone"),
                            ("participants", "Participants and staff"),
                            ("staff", "Staff"),
                        ],
                        default="staff",
                        max_length=12,
                        verbose_name="who may see it",
                    ),
                ),
                (
                    "on_breaks",
                    models.CharField(
                        choices=[("rest", "rests during school breaks"), ("run", "runs during school breaks too")],
                        default="rest",
                        max_length=4,
                        verbose_name="school breaks",
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published")),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to="schedule.event"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series_led",
                        to="scheduler.resource",
                    ),
                ),
                (
                    "resources",
                    models.ManyToManyField(blank=True, related_name="series_helped", to="scheduler.resource"),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series_here",
                        to="scheduler.resource",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="schedule.rule",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="series", to="scheduler.term"
                    ),
                ),
            ],
            options={
                "verbose_name": "series",
                "verbose_name_plural": "series",
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Timetable",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "zone",
                    models.CharField(
                        default="Europe/Warsaw",
                        max_length=64,
                        validators=[scheduler.models.timetable.validate_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "voivodeship",
                    models.CharField(
                        choices=[
                            ("02", "dolnośląskie"),
                            ("04", "kujawsko-pomorskie"),
                            ("06", "lubelskie"),
                            ("08", "lubuskie"),
                            ("10", "łódzkie"),
                            ("12", "małopolskie"),
                            ("14", "mazowieckie"),
                            ("16", "opolskie"),
                            ("18", "podkarpackie"),
                            ("20", "podlaskie"),
                            ("22", "pomorskie"),
                            ("24", "śląskie"),
                            ("26", "świętokrzyskie"),
                            ("28", "warmińsko-mazurskie"),
                            ("30", "wielkopolskie"),
                            ("32", "zachodniopomorskie"),
                        ],
                        max_length=2,
                        verbose_name="voivodeship",
                    ),
                ),
                (
                    "calendar",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="timetable", to="schedule.calendar"
                    ),
                ),
            ],
            options={
                "verbose_name": "timetable",
                "verbose_name_plural": "timetables",
            },
        ),
        migrations.AddField(
            model_name="term",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="terms", to="scheduler.timetable"
            ),
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("planned_date", models.DateField(verbose_name="planned day")),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "status",
                    models.CharField(
                        choices=[("scheduled", "scheduled"), ("moved", "moved"), ("cancelled", "cancelled")],
                        default="scheduled",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note for families")),
                ("changed_by_hand", models.BooleanField(default=False, verbose_name="changed on its own")),
                ("sequence", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_led",
                        to="scheduler.resource",
                    ),
                ),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions_here",
                        to="scheduler.resource",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="scheduler.series"
                    ),
                ),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="scheduler.timetable"
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "ordering": ["starts_at"],
            },
        ),
        migrations.AddField(
            model_name="series",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="series", to="scheduler.timetable"
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resources", to="scheduler.timetable"
            ),
        ),
        migrations.AddField(
            model_name="place",
            name="timetable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="places", to="scheduler.timetable"
            ),
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200, verbose_name="reason")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                (
                    "timetable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closures", to="scheduler.timetable"
                    ),
                ),
            ],
            options={
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="PlaceDistance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes on the way")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduler.place",
                        verbose_name="from",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="scheduler.place",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "way between places",
                "verbose_name_plural": "ways between places",
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="way_between_two_places_is_set_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="way_is_stored_with_the_smaller_key_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.PositiveSmallIntegerField(default=1, verbose_name="unit")),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reservations",
                        to="scheduler.resource",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reservations", to="scheduler.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "reservation",
                "verbose_name_plural": "reservations",
                "indexes": [models.Index(fields=["resource", "starts_at", "ends_at"], name="reservation_by_resource")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="reservation_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="timetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "voivodeship__in",
                        [
                            "02",
                            "04",
                            "06",
                            "08",
                            "10",
                            "12",
                            "14",
                            "16",
                            "18",
                            "20",
                            "22",
                            "24",
                            "26",
                            "28",
                            "30",
                            "32",
                        ],
                    )
                ),
                name="timetable_lies_in_a_known_voivodeship",
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="term_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.UniqueConstraint(
                fields=("timetable", "name"), name="term_name_is_unique_in_its_timetable"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["timetable", "starts_at"], name="session_by_timetable_and_start"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["leader", "starts_at"], name="session_by_leader_and_start"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["series", "starts_at"], name="session_by_series_and_start"),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["changed_at"], name="session_by_change"),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.UniqueConstraint(
                fields=("series", "planned_date"), name="session_of_a_series_and_day_exists_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="session_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="session",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["scheduled", "moved", "cancelled"])),
                name="session_has_a_known_status",
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
                        ],
                    )
                ),
                name="series_repeats_by_a_known_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("recurrence", "once"), ("rule__isnull", True)),
                    models.Q(models.Q(("recurrence", "once"), _negated=True), ("rule__isnull", False)),
                    _connector="OR",
                ),
                name="series_that_repeats_has_a_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["meeting", "duty"])), name="series_is_of_a_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("audience__in", ["public", "participants", "staff"])),
                name="series_has_a_known_audience",
            ),
        ),
        migrations.AddConstraint(
            model_name="series",
            constraint=models.CheckConstraint(
                condition=models.Q(("on_breaks__in", ["rest", "run"])), name="series_knows_its_breaks"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["specialist", "room", "equipment"])),
                name="resource_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("units", 1), models.Q(("kind", "equipment"), ("units__gte", 1)), _connector="OR"),
                name="resource_has_units_only_if_equipment",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                fields=("timetable", "kind", "name"), name="resource_name_is_unique_in_its_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.UniqueConstraint(
                fields=("timetable", "name"), name="place_name_is_unique_in_its_timetable"
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="closure_ends_after_it_starts"
            ),
        ),
    ]
