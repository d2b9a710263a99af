"""That somebody will not come to one meeting, and what a centre does about it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.models.person import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class AbsenceRules(models.Model):
    """What a centre does with the places that absences free in one activity; without a row it does nothing.

    Purpose: rules of the house are set, not coded. No personal data. Retention: as the activity.
    """

    activity = models.OneToOneField("booking.Activity", on_delete=models.CASCADE, related_name="absence_rules")
    guests = models.BooleanField(_("a freed date is offered to the line"), default=False)
    credit_days = models.PositiveSmallIntegerField(
        _("days in which a missed date can be made up for"), null=True, blank=True
    )

    class Meta:
        verbose_name = _("rules about absences")
        verbose_name_plural = _("rules about absences")

    def __str__(self) -> str:
        return str(self.activity)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Questions about absences."""

    def visible_to(self, user: Account | AnonymousUser, on: date) -> Self:
        """Absences of the people `user` may see."""
        return self.filter(child__in=Person.objects.visible_to(user, on))

    def standing(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Absence(models.Model):
    """That one person will not come to one meeting of a group she belongs to. Taken back, it stays as a row.

    Purpose: the one who leads knows whom to expect, and the place is used. It does not say why. Retention: as the
    meeting.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    child = models.ForeignKey("booking.Person", on_delete=models.CASCADE, related_name="absences")
    session = models.ForeignKey("scheduler.Session", on_delete=models.CASCADE, related_name="absences")
    reported_by = models.ForeignKey(
        "booking.Account", on_delete=models.SET_NULL, null=True, blank=True, related_name="absences_reported"
    )
    reported_at = models.DateTimeField(_("reported"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-reported_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "child"],
                condition=Q(withdrawn_at__isnull=True),
                name="person_is_absent_from_a_meeting_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} – {self.session}"
