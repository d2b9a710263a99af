"""Who comes to a visit beside the one it was booked for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppointmentParty(models.Model):
    """A further person or side at a visit, such as the other party of a mediation, who is told of it separately.

    Purpose: parties that must not meet come at their own hours and learn nothing of each other.
    Retention: as the visit.
    """

    appointment = models.ForeignKey("booking.Appointment", on_delete=models.CASCADE, related_name="parties")
    person = models.ForeignKey("booking.Person", on_delete=models.PROTECT, related_name="appointments_as_party")
    arrives_at = models.DateTimeField(_("comes at"), null=True, blank=True)

    class Meta:
        verbose_name = _("party of a visit")
        verbose_name_plural = _("parties of a visit")
        constraints = [
            models.UniqueConstraint(fields=["appointment", "person"], name="party_of_a_visit_is_listed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.appointment}"
