"""Who helps on one date in place of somebody who is away."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Substitution(models.Model):
    """On this one date `substitute` helps instead of `absent`, or nobody does; who leads is kept with the session.

    Purpose: one date has other people than its series. Holds no more than the names of those who work.
    Retention: as the session.
    """

    session = models.ForeignKey("scheduler.Session", on_delete=models.CASCADE, related_name="substitutions")
    absent = models.ForeignKey("scheduler.Resource", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(
        "scheduler.Resource", on_delete=models.PROTECT, null=True, blank=True, related_name="substitutions"
    )

    class Meta:
        verbose_name = _("substitution")
        verbose_name_plural = _("substitutions")
        constraints = [
            models.UniqueConstraint(fields=["session", "absent"], name="somebody_is_substituted_once_on_a_date"),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.substitute or '–'}"
