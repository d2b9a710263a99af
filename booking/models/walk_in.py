"""What is written down of somebody who came without an appointment and without a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WalkIn(models.Model):
    """The little that reports ask of an anonymous visit: whether a woman or a man, and roughly how old.

    Purpose: hours and people count in reports though nobody gave a name. Nothing here tells who it was.
    Retention: as the visit.
    """

    class Sex(models.TextChoices):
        """As it was seen; nobody is asked."""

        FEMALE = "female", pgettext_lazy("walk-in", "a woman or a girl")
        MALE = "male", pgettext_lazy("walk-in", "a man or a boy")
        UNKNOWN = "unknown", pgettext_lazy("walk-in", "not known")

    class Age(models.TextChoices):
        """Roughly."""

        CHILD = "child", pgettext_lazy("walk-in", "up to 12")
        TEENAGER = "teenager", pgettext_lazy("walk-in", "13–17")
        ADULT = "adult", pgettext_lazy("walk-in", "18–59")
        SENIOR = "senior", pgettext_lazy("walk-in", "60 and over")
        UNKNOWN = "unknown", pgettext_lazy("walk-in", "not known")

    appointment = models.OneToOneField(
        "booking.Appointment", on_delete=models.CASCADE, primary_key=True, related_name="walk_in"
    )
    sex = models.CharField(_("who came"), max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    age = models.CharField(_("age"), max_length=8, choices=Age.choices, default=Age.UNKNOWN)

    class Meta:
        verbose_name = _("anonymous visit")
        verbose_name_plural = _("anonymous visits")
        constraints = [
            models.CheckConstraint(condition=Q(sex__in=["female", "male", "unknown"]), name="walk_in_has_a_known_sex"),
            models.CheckConstraint(
                condition=Q(age__in=["child", "teenager", "adult", "senior", "unknown"]),
                name="walk_in_is_of_a_known_age_band",
            ),
        ]

    def __str__(self) -> str:
        return str(self.appointment)
