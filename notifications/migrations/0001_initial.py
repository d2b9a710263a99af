import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("dedupe_key", models.CharField(max_length=200, unique=True, verbose_name="cause")),
                ("recipient_id", models.UUIDField(db_index=True, verbose_name="recipient")),
                ("recipient_name", models.CharField(blank=True, max_length=200, verbose_name="recipient's name")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("desk", "told by the desk")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=254, verbose_name="address")),
                ("language", models.CharField(max_length=5, verbose_name="language")),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("subject", models.CharField(blank=True, max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("calendar", models.TextField(blank=True, verbose_name="calendar entry")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "waiting to be sent"),
                            ("sending", "being sent"),
                            ("at_desk", "waiting to be told by the desk"),
                            ("sent", "sent"),
                            ("failed", "could not be sent"),
                            ("suppressed", "not sent on purpose"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_attempt_at", models.DateTimeField(verbose_name="next attempt")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="held until")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="last error")),
                ("created_at", models.DateTimeField(verbose_name="written")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["-created_at"],
                "indexes": [
                    models.Index(fields=["state", "next_attempt_at"], name="message_by_state_and_time"),
                    models.Index(fields=["recipient_id", "-created_at"], name="message_by_recipient"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "sending", "at_desk", "sent", "failed", "suppressed"])
                        ),
                        name="message_has_a_known_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "desk"])), name="message_has_a_known_channel"
                    ),
                ],
            },
        ),
    ]
