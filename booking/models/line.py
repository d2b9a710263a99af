"""What happened in the line of a group: written down step by step, so that nobody has to take it on trust."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class LineEvent(models.Model):
    """One step in the life of a place in line. Written once, never edited.

    Purpose: to show why who got a place. Retention: as the enrolment.
    """

    REASON_LENGTH: ClassVar[int] = 300

    class Kind(models.TextChoices):
        """What happened."""

        JOINED = "joined", _("joined the line")
        LEFT = "left", _("left the line")
        SKIPPED = "skipped", _("was passed over")
        OFFERED = "offered", _("was offered a place")
        ACCEPTED = "accepted", _("accepted the place")
        DECLINED = "declined", _("declined the place")
        EXPIRED = "expired", _("did not answer in time")
        ADDED = "added", _("was added by the centre out of turn")
        APPROVED = "approved", _("was approved by the centre")
        REJECTED = "rejected", _("was not approved by the centre")

    enrolment = models.ForeignKey("booking.Enrolment", on_delete=models.CASCADE, related_name="line_events")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("why"), max_length=REASON_LENGTH, blank=True)
    by = models.ForeignKey("booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("step in line")
        verbose_name_plural = _("steps in line")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
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
                    ]
                ),
                name="step_in_line_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.get_kind_display()}"
