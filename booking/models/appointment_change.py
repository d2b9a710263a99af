"""Who changed a visit, when and how it was before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AppointmentChange(models.Model):
    """One step in the life of a visit, written with the step itself and never edited.

    Purpose: to answer "who moved this, and from when". Holds the account that did it. Retention: as the visit.
    """

    class Kind(models.TextChoices):
        """What was done."""

        BOOKED = "booked", _("booked")
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")
        REASSIGNED = "reassigned", _("taken over by somebody else")
        OUTCOME = "outcome", _("outcome noted")

    appointment = models.ForeignKey("booking.Appointment", on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="appointment_changes"
    )
    at = models.DateTimeField(_("when"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    was = models.JSONField(_("before"), default=dict)

    class Meta:
        verbose_name = _("change of a visit")
        verbose_name_plural = _("changes of visits")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["booked", "offered", "accepted", "moved", "cancelled", "reassigned", "outcome"]),
                name="visit_change_is_of_a_known_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} {self.get_kind_display()}"
