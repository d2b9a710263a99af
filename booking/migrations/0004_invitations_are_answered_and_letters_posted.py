"""Invitations get an id, a state and an answer; letters can be noted as posted or handed over."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def bring_over(apps, _schema_editor):
    """Copy the invitations that were made before, all of them still open."""
    Invitation = apps.get_model("booking", "Invitation")
    rows = apps.get_model("booking", "GroupInvitation").objects.values(
        "group_id", "person_id", "invited_by_id", "created_at"
    )
    Invitation.objects.bulk_create([Invitation(**row) for row in rows], batch_size=500)


def bring_back(apps, _schema_editor):
    """Copy those that were not revoked into the former table."""
    GroupInvitation = apps.get_model("booking", "GroupInvitation")
    rows = apps.get_model("booking", "Invitation").objects.exclude(status="revoked")
    kept = rows.values("group_id", "person_id", "invited_by_id", "created_at")
    GroupInvitation.objects.bulk_create([GroupInvitation(**row) for row in kept], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0003_logs_are_only_added_to"),
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "waits for an answer"), ("declined", "declined"), ("revoked", "revoked")],
                        default="open",
                        max_length=8,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="answered or revoked")),
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
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="booking.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation to a group",
                "verbose_name_plural": "invitations to groups",
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "person"), name="invitation_of_a_person_to_a_group_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "declined", "revoked"])),
                        name="invitation_has_a_known_status",
                    ),
                ],
            },
        ),
        migrations.RunPython(bring_over, bring_back),
        migrations.DeleteModel(name="GroupInvitation"),
        migrations.RemoveConstraint(model_name="deskcall", name="call_has_a_known_outcome"),
        migrations.AlterField(
            model_name="deskcall",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("told", "called, told"),
                    ("no_answer", "no answer"),
                    ("passed_on", "passed on"),
                    ("posted", "sent by post"),
                    ("handed_over", "handed over"),
                ],
                max_length=12,
                verbose_name="outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="deskcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["told", "no_answer", "passed_on", "posted", "handed_over"])),
                name="call_has_a_known_outcome",
            ),
        ),
    ]
