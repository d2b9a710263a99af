"""Whether the owner of a room lets a line of the timetable meet in it."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoomRequestQuerySet(models.QuerySet["RoomRequest"]):
    """Questions about what owners were asked."""

    def open(self) -> Self:
        """Return those that wait for the owner's word."""
        return self.filter(status=RoomRequest.Status.ASKED)

    def approved(self) -> Self:
        """Return those that the owner agreed to."""
        return self.filter(status=RoomRequest.Status.APPROVED)


class RoomRequest(models.Model):
    """What the owner of a room was asked, and what he said.

    It holds for the hours it was asked about: `hours` is what the line's pattern was then, and a line whose pattern has
    changed is asked about again. With `starts_at` it is about one date that is moved into the room.
    Purpose: a room of somebody else is used only with the owner's word. No personal data. Retention: as the series.
    """

    class Status(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("asked")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey("scheduler.Resource", on_delete=models.PROTECT, related_name="requests")
    series = models.ForeignKey("scheduler.Series", on_delete=models.CASCADE, related_name="room_requests")
    hours = models.CharField(_("hours asked about"), max_length=200)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ASKED)
    note = models.CharField(_("what the owner said"), max_length=300, blank=True)
    asked_at = models.DateTimeField(_("asked at"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = RoomRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the owner of a room")
        verbose_name_plural = _("questions to owners of rooms")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "series", "hours"], name="owner_of_a_room_is_asked_once_about_hours"
            ),
            models.CheckConstraint(
                condition=models.Q(status="asked", decided_at__isnull=True)
                | models.Q(status__in=["approved", "refused"], decided_at__isnull=False),
                name="question_about_a_room_is_open_or_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room}: {self.series}"
