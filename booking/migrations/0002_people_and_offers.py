import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("booking", "0001_initial"),
        ("notifications", "0001_initial"),
        ("scheduler", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("day_care", "Day care"),
                            ("robotics", "Robotics"),
                            ("dance", "Dance"),
                            ("taekwondo", "Taekwondo"),
                            ("tutoring", "Tutoring"),
                            ("youth_club", "Youth club"),
                            ("sport", "Sport"),
                            ("seniors", "For seniors"),
                            ("workshop", "Workshop"),
                            ("community", "Community meeting"),
                            ("trip", "Trip"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_pl", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_uk", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("summary_pl", models.TextField(blank=True, null=True, verbose_name="summary")),
                ("summary_en", models.TextField(blank=True, null=True, verbose_name="summary")),
                ("summary_uk", models.TextField(blank=True, null=True, verbose_name="summary")),
                ("provider", models.CharField(blank=True, max_length=200, verbose_name="run by")),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[("public", "public"), ("normal", "for those concerned"), ("sensitive", "sensitive")],
                        default="public",
                        max_length=10,
                        verbose_name="confidentiality",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reported_at", models.DateTimeField(verbose_name="reported")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="absences_reported",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="scheduler.session"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absences", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ["-reported_at"],
            },
        ),
        migrations.CreateModel(
            name="AbsenceRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("guests", models.BooleanField(default=False, verbose_name="a freed date is offered to the line")),
                (
                    "credit_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="days in which a missed date can be made up for"
                    ),
                ),
                (
                    "activity",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="absence_rules", to="booking.activity"
                    ),
                ),
            ],
            options={
                "verbose_name": "rules about absences",
                "verbose_name_plural": "rules about absences",
            },
        ),
        migrations.CreateModel(
            name="Centre",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("statutory_cus", "Social services centre"),
                            ("ops_running_project", "Social welfare office running a project"),
                            ("day_support_facility", "Day-support facility"),
                            ("ngo", "Non-governmental organisation"),
                        ],
                        max_length=24,
                        verbose_name="kind",
                    ),
                ),
                ("about", models.TextField(blank=True, verbose_name="about the centre")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="street address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("desk_hours", models.CharField(blank=True, max_length=200, verbose_name="desk hours")),
                (
                    "accent",
                    models.CharField(
                        choices=[
                            ("teal", "teal"),
                            ("blue", "blue"),
                            ("plum", "plum"),
                            ("forest", "forest green"),
                            ("terracotta", "terracotta"),
                        ],
                        default="teal",
                        max_length=12,
                        verbose_name="colour",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "timetable",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="centre", to="scheduler.timetable"
                    ),
                ),
            ],
            options={
                "verbose_name": "centre",
                "verbose_name_plural": "centres",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CardReading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("subject_id", models.UUIDField(db_index=True, verbose_name="whose record")),
                (
                    "page",
                    models.CharField(
                        choices=[("card", "family card"), ("duplicates", "possible duplicates"), ("print", "print")],
                        max_length=10,
                        verbose_name="page",
                    ),
                ),
                ("read_at", models.DateTimeField(verbose_name="read")),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="booking.centre",
                        verbose_name="centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a card",
                "verbose_name_plural": "readings of cards",
                "ordering": ["-read_at"],
            },
        ),
        migrations.AddField(
            model_name="activity",
            name="centre",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="activities", to="booking.centre"
            ),
        ),
        migrations.CreateModel(
            name="ConsentPurpose",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_pl", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_uk", models.CharField(max_length=120, null=True, verbose_name="name")),
                (
                    "all_guardians",
                    models.BooleanField(default=False, verbose_name="every guardian with the right must agree"),
                ),
                (
                    "activities",
                    models.ManyToManyField(blank=True, related_name="consent_purposes", to="booking.activity"),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent_purposes",
                        to="booking.centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "purpose of consent",
                "verbose_name_plural": "purposes of consent",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("valid_from", models.DateField(verbose_name="from")),
                (
                    "asks_anew",
                    models.BooleanField(
                        default=True, verbose_name="those who agreed to an earlier version are asked again"
                    ),
                ),
                ("body", models.TextField(verbose_name="text")),
                ("body_pl", models.TextField(null=True, verbose_name="text")),
                ("body_en", models.TextField(null=True, verbose_name="text")),
                ("body_uk", models.TextField(null=True, verbose_name="text")),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="booking.consentpurpose"
                    ),
                ),
            ],
            options={
                "verbose_name": "text of a consent",
                "verbose_name_plural": "texts of consents",
                "ordering": ["purpose", "-version"],
            },
        ),
        migrations.CreateModel(
            name="DeskCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("told", "called, told"), ("no_answer", "no answer"), ("passed_on", "passed on")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("called_at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk_calls",
                        to="notifications.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "call of the desk",
                "verbose_name_plural": "calls of the desk",
                "ordering": ["called_at"],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("enrolled", "enrolled"),
                            ("waiting", "on the waiting list"),
                            ("offered", "a place is offered"),
                            ("pending", "to be completed"),
                            ("withdrawn", "withdrawn"),
                            ("ended", "ended"),
                        ],
                        default="enrolled",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("request", "the family asked"), ("court", "a court referred")],
                        default="request",
                        max_length=8,
                        verbose_name="on the ground of",
                    ),
                ),
                (
                    "line_number",
                    models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="number in line"),
                ),
                (
                    "wish",
                    models.UUIDField(
                        blank=True, db_index=True, editable=False, null=True, verbose_name="one of several wished for"
                    ),
                ),
                (
                    "bundle",
                    models.UUIDField(
                        blank=True, db_index=True, editable=False, null=True, verbose_name="together with"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note for the centre")),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("updated_at", models.DateTimeField(verbose_name="changed")),
                (
                    "enrolled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="enrolments_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "enrolment",
                "verbose_name_plural": "enrolments",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="ConsentHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("becomes", models.CharField(max_length=10, verbose_name="then")),
                ("until", models.DateTimeField(verbose_name="held until")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled")),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="consent_hold", to="booking.enrolment"
                    ),
                ),
            ],
            options={
                "verbose_name": "place held for consents",
                "verbose_name_plural": "places held for consents",
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("age_from", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="from the age of")),
                ("age_until", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="up to the age of")),
                (
                    "age_rule",
                    models.CharField(
                        choices=[
                            ("on_the_day", "on the day of the next meeting"),
                            ("school_year", "by the year of birth, as schools do"),
                        ],
                        default="on_the_day",
                        max_length=12,
                        verbose_name="age is counted",
                    ),
                ),
                (
                    "residents_only",
                    models.BooleanField(default=False, verbose_name="only for residents of the municipality"),
                ),
                ("capacity", models.PositiveSmallIntegerField(verbose_name="places")),
                (
                    "extra_places",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="places beyond these"),
                ),
                (
                    "places_taken",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="places taken"),
                ),
                ("waitlist", models.BooleanField(default=False, verbose_name="a line may form")),
                ("waiting", models.PositiveIntegerField(default=0, editable=False, verbose_name="waiting in line")),
                (
                    "line_numbers",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="numbers given in line"),
                ),
                (
                    "entry",
                    models.CharField(
                        choices=[
                            ("open", "open to everyone"),
                            ("approval", "the centre approves each place"),
                            ("invited", "for those whom the centre invited"),
                            ("centre", "places are given by the centre"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="how to get in",
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="enrolment opens")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="enrolment closes")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="booking.activity"
                    ),
                ),
                ("series", models.ManyToManyField(blank=True, related_name="groups", to="scheduler.series")),
                (
                    "term",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="scheduler.term"
                    ),
                ),
            ],
            options={
                "verbose_name": "group",
                "verbose_name_plural": "groups",
                "ordering": ["activity__name", "name"],
            },
        ),
        migrations.AddField(
            model_name="enrolment",
            name="group",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="booking.group"
            ),
        ),
        migrations.AddField(
            model_name="consentpurpose",
            name="groups",
            field=models.ManyToManyField(blank=True, related_name="consent_purposes", to="booking.group"),
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=12, verbose_name="household number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("village", models.CharField(blank=True, max_length=100, verbose_name="village or town")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address for letters")),
                ("is_resident", models.BooleanField(default=True, verbose_name="lives in the municipality")),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="households", to="booking.centre"
                    ),
                ),
            ],
            options={
                "verbose_name": "household",
                "verbose_name_plural": "households",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="fingerprint of the request")),
                ("status", models.PositiveSmallIntegerField(verbose_name="status answered")),
                ("answer", models.JSONField(verbose_name="answer")),
                ("created_at", models.DateTimeField(verbose_name="made")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotency_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "idempotency key",
                "verbose_name_plural": "idempotency keys",
            },
        ),
        migrations.CreateModel(
            name="LineEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("joined", "joined the line"),
                            ("left", "left the line"),
                            ("skipped", "was passed over"),
                            ("offered", "was offered a place"),
                            ("accepted", "accepted the place"),
                            ("declined", "declined the place"),
                            ("expired", "did not answer in time"),
                            ("added", "was added by the centre out of turn"),
                            ("approved", "was approved by the centre"),
                            ("rejected", "was not approved by the centre"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="line_events", to="booking.enrolment"
                    ),
                ),
            ],
            options={
                "verbose_name": "step in line",
                "verbose_name_plural": "steps in line",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="MakeUpCredit",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("valid_until", models.DateField(verbose_name="until (not included)")),
                (
                    "absence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credit", to="booking.absence"
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credits", to="booking.activity"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credits", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "make-up credit",
                "verbose_name_plural": "make-up credits",
                "ordering": ["valid_until"],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "person"), ("household", "household")], max_length=10, verbose_name="kind"
                    ),
                ),
                ("kept_id", models.UUIDField(db_index=True, verbose_name="kept")),
                ("given_up_id", models.UUIDField(verbose_name="given up")),
                ("moved", models.JSONField(default=dict, verbose_name="what came over")),
                ("merged_at", models.DateTimeField(verbose_name="merged")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="booking.centre",
                        verbose_name="centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "ordering": ["-merged_at"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "waits for an answer"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("expired", "not answered in time"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="answer until")),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="booking.enrolment"
                    ),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "ordering": ["expires_at"],
            },
        ),
        migrations.CreateModel(
            name="LoginCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code_hash", models.CharField(editable=False, max_length=64)),
                ("issued_at", models.DateTimeField(verbose_name="issued")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="wrong attempts")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced")),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="login_codes", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "log-in code",
                "verbose_name_plural": "log-in codes",
                "ordering": ["-issued_at"],
            },
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "weeks",
                    models.CharField(
                        choices=[("every", "every week"), ("a", "weeks A"), ("b", "weeks B")],
                        default="every",
                        max_length=5,
                        verbose_name="lives here",
                    ),
                ),
                ("household", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="booking.household")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="booking.person")),
            ],
            options={
                "verbose_name": "household member",
                "verbose_name_plural": "household members",
            },
        ),
        migrations.AddField(
            model_name="household",
            name="members",
            field=models.ManyToManyField(
                related_name="households", through="booking.HouseholdMember", to="booking.person"
            ),
        ),
        migrations.CreateModel(
            name="GuestPlace",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("offered", "waits for an answer"),
                            ("coming", "coming"),
                            ("declined", "declined"),
                            ("expired", "not answered in time"),
                            ("cancelled", "the place is not free any more"),
                        ],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="answer until")),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guest_places", to="booking.group"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guest_places", to="scheduler.session"
                    ),
                ),
                (
                    "credit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="guest_places",
                        to="booking.makeupcredit",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guest_places", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "guest place",
                "verbose_name_plural": "guest places",
                "ordering": ["session__starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Guardianship",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parent", "parent"),
                            ("legal_guardian", "legal guardian"),
                            ("actual_carer", "actual carer"),
                            ("temporary_guardian", "temporary guardian"),
                            ("court_officer", "court officer"),
                        ],
                        default="parent",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("can_view", models.BooleanField(default=True, verbose_name="may see")),
                ("can_book", models.BooleanField(default=True, verbose_name="may enrol and withdraw")),
                ("can_collect", models.BooleanField(default=True, verbose_name="may collect")),
                ("can_consent", models.BooleanField(default=True, verbose_name="may consent")),
                ("contact_ban", models.BooleanField(default=False, verbose_name="barred from contact")),
                ("court_reference", models.CharField(blank=True, max_length=60, verbose_name="court file number")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until and including")),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guardians", to="booking.person"
                    ),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="guardian_of", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "guardianship",
                "verbose_name_plural": "guardianships",
            },
        ),
        migrations.CreateModel(
            name="GroupInvitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(verbose_name="made")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="booking.group"
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="group_invitations",
                        to="booking.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation to a group",
                "verbose_name_plural": "invitations to groups",
            },
        ),
        migrations.AddField(
            model_name="enrolment",
            name="child",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="booking.person"
            ),
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("text_digest", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2, verbose_name="read in")),
                (
                    "way",
                    models.CharField(
                        choices=[("page", "on the page"), ("paper", "on paper")], max_length=5, verbose_name="given"
                    ),
                ),
                ("given_on", models.DateField(verbose_name="on")),
                ("paper_place", models.CharField(blank=True, max_length=120, verbose_name="the paper lies in")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consents_recorded",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="consents_withdrawn",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="booking.consentpurpose",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="booking.consenttext"
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="booking.person"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="consents_given", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ["-recorded_at"],
            },
        ),
        migrations.CreateModel(
            name="PickupRule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collects", "may collect"),
                            ("never", "may never collect"),
                            ("alone", "goes home alone"),
                        ],
                        max_length=8,
                        verbose_name="what",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("bond", models.CharField(blank=True, max_length=80, verbose_name="who this is for the child")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="until (not included)")),
                (
                    "way",
                    models.CharField(
                        choices=[("page", "on the page"), ("paper", "on a signed paper")],
                        max_length=5,
                        verbose_name="made",
                    ),
                ),
                ("paper_place", models.CharField(blank=True, max_length=120, verbose_name="the paper lies in")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "child",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pickup_rules", to="booking.person"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pickup_rules_recorded",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="pickup_rules_revoked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pickup_rules_signed",
                        to="booking.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of collecting",
                "verbose_name_plural": "rules of collecting",
                "ordering": ["kind", "name"],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("offer_hours", "hours a held place waits for an answer"),
                            ("offer_least_minutes", "least minutes to answer an offer"),
                            ("offer_cutoff_minutes", "minutes before the start after which nothing is offered"),
                            ("offer_near_hours", "hours before the start in which an offer may come at night"),
                            ("quiet_from_hour", "quiet hours begin at"),
                            ("quiet_until_hour", "quiet hours end at"),
                            ("consent_hours", "hours a place is held while consents are missing"),
                            ("groups_per_child", "groups of one term a child may be in, day care aside"),
                        ],
                        max_length=30,
                        verbose_name="what",
                    ),
                ),
                ("value", models.PositiveIntegerField(verbose_name="number")),
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="until (not included)")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "centre",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policies",
                        to="booking.centre",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["key", "-valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("name_pl", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_en", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("name_uk", models.CharField(max_length=120, null=True, verbose_name="name")),
                ("summary", models.TextField(blank=True, verbose_name="summary")),
                ("summary_pl", models.TextField(blank=True, null=True, verbose_name="summary")),
                ("summary_en", models.TextField(blank=True, null=True, verbose_name="summary")),
                ("summary_uk", models.TextField(blank=True, null=True, verbose_name="summary")),
                (
                    "entry",
                    models.CharField(
                        choices=[
                            ("appointment", "by appointment"),
                            ("walk_in", "without an appointment"),
                            ("on_request", "on request"),
                        ],
                        default="appointment",
                        max_length=12,
                        verbose_name="how to use it",
                    ),
                ),
                (
                    "sensitivity",
                    models.CharField(
                        choices=[("public", "public"), ("normal", "for those concerned"), ("sensitive", "sensitive")],
                        default="normal",
                        max_length=10,
                        verbose_name="confidentiality",
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField(default=60, verbose_name="minutes of a visit")),
                ("pause_minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes between visits")),
                ("listed", models.BooleanField(default=True, verbose_name="in the public catalogue")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="services", to="booking.centre"
                    ),
                ),
                ("series", models.ManyToManyField(blank=True, related_name="services", to="scheduler.series")),
            ],
            options={
                "verbose_name": "service",
                "verbose_name_plural": "services",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SessionChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("cancelled", "cancelled"), ("moved", "moved"), ("restored", "restored")],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="why, as told to families")),
                ("was", models.JSONField(verbose_name="before")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="session_changes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="scheduler.session"
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a date",
                "verbose_name_plural": "changes of dates",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="StaffMember",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("job_title", models.CharField(max_length=120, verbose_name="job title")),
                ("counts_for_ratio", models.BooleanField(default=False, verbose_name="counts as an educator")),
                (
                    "centre",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="booking.centre"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_memberships",
                        to="booking.person",
                    ),
                ),
                (
                    "resource",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff_member",
                        to="scheduler.resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff",
                "ordering": ["person__sort_name"],
            },
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("director", "Director"),
                            ("organiser", "Organiser of social services"),
                            ("coordinator", "Coordinator of individual service plans"),
                            ("community_organiser", "Community organiser"),
                            ("specialist", "Specialist"),
                            ("educator", "Educator"),
                            ("instructor", "Instructor"),
                            ("family_assistant", "Family assistant"),
                            ("ngo", "Partner organisation"),
                            ("auditor", "Auditor"),
                            ("dpo", "Data protection officer"),
                            ("volunteer", "Volunteer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until and including")),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="booking.staffmember"
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("digest", models.CharField(max_length=128, primary_key=True, serialize=False)),
                ("token_key", models.CharField(db_index=True, max_length=25)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("expiry", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read"), ("write", "read and change")],
                        default="write",
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="auth_token_set",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "write"])), name="api_token_has_a_known_scope"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarSubscription",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("household", "the whole family"),
                            ("child", "one child"),
                            ("specialist", "my work"),
                            ("specialist_busy", "my work, as busy time only"),
                            ("room", "one room"),
                            ("group", "one group"),
                            ("centre", "the whole centre"),
                        ],
                        max_length=16,
                        verbose_name="shows",
                    ),
                ),
                ("subject_id", models.UUIDField(blank=True, null=True, verbose_name="of whom or what")),
                (
                    "privacy",
                    models.CharField(
                        choices=[
                            ("full", "what, where and who"),
                            ("service_only", "what and where, without names"),
                            ("busy", "only that the time is taken"),
                        ],
                        default="full",
                        max_length=12,
                        verbose_name="says",
                    ),
                ),
                (
                    "alarm_minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="reminder, minutes before"),
                ),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("last_read_at", models.DateTimeField(blank=True, null=True, verbose_name="last fetched")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar subscription",
                "verbose_name_plural": "calendar subscriptions",
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scope__in",
                                ["household", "child", "specialist", "specialist_busy", "room", "group", "centre"],
                            )
                        ),
                        name="subscription_has_a_known_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("privacy__in", ["full", "service_only", "busy"])),
                        name="subscription_has_a_known_privacy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope", "household"), ("subject_id__isnull", False), _connector="OR"),
                        name="subscription_names_its_subject",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="centre",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["statutory_cus", "ops_running_project", "day_support_facility", "ngo"])
                ),
                name="centre_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="centre",
            constraint=models.CheckConstraint(
                condition=models.Q(("accent__in", ["teal", "blue", "plum", "forest", "terracotta"])),
                name="centre_has_a_known_colour",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardreading",
            constraint=models.CheckConstraint(
                condition=models.Q(("page__in", ["card", "duplicates", "print"])), name="card_is_read_on_a_known_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "day_care",
                            "robotics",
                            "dance",
                            "taekwondo",
                            "tutoring",
                            "youth_club",
                            "sport",
                            "seniors",
                            "workshop",
                            "community",
                            "trip",
                            "event",
                        ],
                    )
                ),
                name="activity_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitivity__in", ["public", "normal", "sensitive"])),
                name="activity_has_a_known_confidentiality",
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("purpose", "version"), name="version_of_a_consent_is_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.UniqueConstraint(
                fields=("purpose", "valid_from"), name="one_text_of_a_consent_begins_on_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="deskcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["told", "no_answer", "passed_on"])), name="call_has_a_known_outcome"
            ),
        ),
        migrations.AddConstraint(
            model_name="consenthold",
            constraint=models.CheckConstraint(
                condition=models.Q(("becomes__in", ["enrolled", "pending"])),
                name="held_place_becomes_enrolled_or_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "places_taken__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("capacity"), "+", models.F("extra_places")
                        ),
                    )
                ),
                name="group_is_never_over_capacity",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("waiting__lte", models.F("line_numbers"))),
                name="everyone_in_line_was_given_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("age_rule__in", ["on_the_day", "school_year"])),
                name="group_counts_age_in_a_known_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("age_from__isnull", True),
                    ("age_until__isnull", True),
                    ("age_until__gte", models.F("age_from")),
                    _connector="OR",
                ),
                name="group_ages_are_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(("entry__in", ["open", "approval", "invited", "centre"])),
                name="group_is_entered_in_a_known_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__isnull", True),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="group_closes_after_it_opens",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentpurpose",
            constraint=models.UniqueConstraint(
                fields=("centre", "name"), name="purpose_of_consent_is_named_once_in_a_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentpurpose",
            constraint=models.UniqueConstraint(
                fields=("centre", "name_pl"), name="purpose_of_consent_is_named_once_in_a_centre-pl"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentpurpose",
            constraint=models.UniqueConstraint(
                fields=("centre", "name_en"), name="purpose_of_consent_is_named_once_in_a_centre-en"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentpurpose",
            constraint=models.UniqueConstraint(
                fields=("centre", "name_uk"), name="purpose_of_consent_is_named_once_in_a_centre-uk"
            ),
        ),
        migrations.AddIndex(
            model_name="idempotencykey",
            index=models.Index(fields=["created_at"], name="idempotency_key_by_age"),
        ),
        migrations.AddConstraint(
            model_name="idempotencykey",
            constraint=models.UniqueConstraint(
                fields=("account", "key"), name="idempotency_key_is_used_once_by_an_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="lineevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "joined",
                            "left",
                            "skipped",
                            "offered",
                            "accepted",
                            "declined",
                            "expired",
                            "added",
                            "approved",
                            "rejected",
                        ],
                    )
                ),
                name="step_in_line_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.UniqueConstraint(fields=("kind", "given_up_id"), name="record_is_given_up_once"),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["person", "household"])), name="merge_is_of_a_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="merge",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept_id", models.F("given_up_id")), _negated=True),
                name="record_is_not_merged_with_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["status", "expires_at"], name="offer_by_end"),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")), fields=("enrolment",), name="enrolment_has_one_open_offer"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "accepted", "declined", "expired"])),
                name="offer_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="logincode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None), ("used_at", None)),
                fields=("person",),
                name="person_has_one_code_card_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="logincode",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("issued_at"))),
                name="login_code_ends_after_it_was_issued",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.UniqueConstraint(fields=("household", "person"), name="person_is_in_a_household_once"),
        ),
        migrations.AddConstraint(
            model_name="householdmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("weeks__in", ["every", "a", "b"])), name="member_lives_in_known_weeks"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                fields=("centre", "code"), name="household_number_is_unique_in_its_centre"
            ),
        ),
        migrations.AddConstraint(
            model_name="guestplace",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["offered", "coming"])),
                fields=("session", "child"),
                name="guest_has_one_place_at_a_meeting",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestplace",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["offered", "coming"])),
                fields=("credit",),
                name="credit_is_used_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["offered", "coming", "declined", "expired", "cancelled"])),
                name="guest_place_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "offered"), _negated=True), ("expires_at__isnull", False), _connector="OR"
                ),
                name="offered_guest_place_ends_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.UniqueConstraint(fields=("guardian", "child"), name="guardian_of_a_child_is_listed_once"),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(("guardian", models.F("child")), _negated=True), name="nobody_is_ones_own_guardian"
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["parent", "legal_guardian", "actual_carer", "temporary_guardian", "court_officer"])
                ),
                name="guardianship_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="guardianship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__isnull", True),
                    ("ends_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="guardianship_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="groupinvitation",
            constraint=models.UniqueConstraint(fields=("group", "person"), name="person_is_invited_to_a_group_once"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["child", "status"], name="enrolment_by_child"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("status", "waiting")), fields=["group", "line_number"], name="enrolment_by_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["enrolled", "waiting", "offered", "pending"])),
                fields=("group", "child"),
                name="child_has_one_live_place_in_a_group",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["enrolled", "waiting", "offered", "pending", "withdrawn", "ended"])),
                name="enrolment_has_a_known_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["request", "court"])), name="enrolment_has_a_known_basis"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                fields=("group", "line_number"), name="number_in_line_is_given_once_in_a_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["waiting", "offered"]), _negated=True),
                    ("line_number__isnull", False),
                    _connector="OR",
                ),
                name="everyone_in_line_has_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("child", "text", "given_by"),
                name="guardian_agrees_to_a_text_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["page", "paper"])), name="consent_was_given_in_a_known_way"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "paper"), _negated=True),
                    models.Q(("paper_place", ""), _negated=True),
                    _connector="OR",
                ),
                name="consent_on_paper_says_where_the_paper_lies",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ["pl", "en", "uk"])), name="consent_was_read_in_a_known_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("session", "child"),
                name="person_is_absent_from_a_meeting_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuprule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["collects", "never", "alone"])), name="pickup_rule_is_of_a_known_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuprule",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["page", "paper"])), name="pickup_rule_is_made_in_writing"
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuprule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "paper"), _negated=True),
                    models.Q(("paper_place", ""), _negated=True),
                    _connector="OR",
                ),
                name="pickup_rule_on_paper_says_where_the_paper_lies",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuprule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "alone"), models.Q(("name", ""), _negated=True), _connector="OR"),
                name="pickup_rule_names_whom_it_is_about",
            ),
        ),
        migrations.AddConstraint(
            model_name="pickuprule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                ),
                name="pickup_rule_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre__isnull", False)),
                fields=("centre", "key", "valid_from"),
                name="policy_of_a_centre_is_set_once_for_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("centre__isnull", True)),
                fields=("key", "valid_from"),
                name="policy_of_the_country_is_set_once_for_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gt", models.F("valid_from")), _connector="OR"
                ),
                name="policy_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("sensitivity__in", ["public", "normal", "sensitive"])),
                name="service_has_a_known_confidentiality",
            ),
        ),
        migrations.AddConstraint(
            model_name="service",
            constraint=models.CheckConstraint(
                condition=models.Q(("entry__in", ["appointment", "walk_in", "on_request"])),
                name="service_is_entered_in_a_known_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cancelled", "moved", "restored"])),
                name="session_change_is_of_a_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmember",
            constraint=models.UniqueConstraint(fields=("person", "centre"), name="person_is_staff_of_a_centre_once"),
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.UniqueConstraint(fields=("member", "role"), name="role_of_a_member_is_listed_once"),
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "director",
                            "organiser",
                            "coordinator",
                            "community_organiser",
                            "specialist",
                            "educator",
                            "instructor",
                            "family_assistant",
                            "ngo",
                            "auditor",
                            "dpo",
                            "volunteer",
                        ],
                    )
                ),
                name="role_is_known",
            ),
        ),
    ]
