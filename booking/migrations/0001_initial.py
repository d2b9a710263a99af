import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("given_name", models.CharField(max_length=100, verbose_name="given name")),
                ("family_name", models.CharField(max_length=100, verbose_name="family name")),
                ("search_name", models.CharField(db_index=True, editable=False, max_length=220)),
                ("birth_date", models.DateField(blank=True, null=True, verbose_name="birth date")),
                ("language", models.CharField(default="pl", max_length=2, verbose_name="language of contact")),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("email", "by e-mail"),
                            ("phone", "by phone"),
                            ("letter", "by letter"),
                            ("school", "through the school"),
                        ],
                        default="phone",
                        max_length=10,
                        verbose_name="reached",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="phone")),
                ("reach_note", models.CharField(blank=True, max_length=120, verbose_name="how to reach")),
                ("sort_name", models.CharField(db_index=True, editable=False, max_length=420)),
                ("pesel_sealed", models.TextField(blank=True, editable=False)),
                ("pesel_digest", models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                ("other_id", models.CharField(blank=True, max_length=60, verbose_name="another document")),
                (
                    "privacy_notice_on",
                    models.DateField(blank=True, null=True, verbose_name="privacy notice handed over"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["sort_name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["pl", "en", "uk"])), name="person_speaks_a_known_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["email", "phone", "letter", "school"])),
                        name="person_is_reached_in_a_known_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reach", "email"), _negated=True),
                            models.Q(("email", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="person_reached_by_email_has_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pesel_digest", ""), ("pesel_sealed", "")),
                            models.Q(
                                models.Q(("pesel_sealed", ""), _negated=True),
                                models.Q(("pesel_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="person_with_a_sealed_pesel_can_be_found_by_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=16, null=True, unique=True, verbose_name="phone")),
                ("language", models.CharField(default="pl", max_length=2, verbose_name="language")),
                ("is_active", models.BooleanField(default=True, verbose_name="may log in")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may open the administration pages")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="booking.person",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), name="account_email_is_unique_in_any_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["pl", "en", "uk"])), name="account_speaks_a_known_language"
                    ),
                ],
            },
        ),
    ]
