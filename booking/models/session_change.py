"""Who changed one date of the timetable, when and why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionChange(models.Model):
    """One change of one date, written with the change itself and never edited.

    Purpose: to answer "who moved this and why". Holds the account that did it. Retention: 5 years, as the session.
    """

    class Kind(models.TextChoices):
        """What was done."""

        CANCELLED = "cancelled", _("cancelled")
        MOVED = "moved", _("moved")
        RESTORED = "restored", _("restored")
        SUBSTITUTED = "substituted", _("led by somebody else")
        NOTED = "noted", _("note for families")
        FORCED = "forced", _("takes place on a day of rest")
        REPLANNED = "replanned", _("changed with the timetable")
        WITHDRAWN = "withdrawn", _("taken back with the timetable")

    session = models.ForeignKey("scheduler.Session", on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    by = models.ForeignKey("booking.Account", on_delete=models.SET_NULL, null=True, related_name="session_changes")
    at = models.DateTimeField(_("when"))
    note = models.CharField(_("why, as told to families"), max_length=300, blank=True)
    was = models.JSONField(_("before"))

    class Meta:
        verbose_name = _("change of a date")
        verbose_name_plural = _("changes of dates")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "cancelled",
                        "moved",
                        "restored",
                        "substituted",
                        "noted",
                        "forced",
                        "replanned",
                        "withdrawn",
                    ]
                ),
                name="session_change_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} {self.get_kind_display()}"
