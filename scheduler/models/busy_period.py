"""Time in which somebody is busy elsewhere, as a calendar outside this product says."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.period import Period


class BusyPeriodQuerySet(models.QuerySet["BusyPeriod"]):
    """Questions about busy times."""

    def within(self, period: Period) -> Self:
        """Return those that share a moment with `period`."""
        return self.filter(starts_at__lt=period.end, ends_at__gt=period.start)


class BusyPeriod(models.Model):
    """That a resource is taken elsewhere for a period; what it is about is not kept.

    Purpose: no visit is offered while a specialist is somewhere else. Retention: while the calendar outside says so.
    """

    resource = models.ForeignKey("scheduler.Resource", on_delete=models.CASCADE, related_name="busy_periods")
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    source = models.UUIDField(_("calendar"), db_index=True)  # calendars outside are booking's rows, no key here

    objects = BusyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("busy time")
        verbose_name_plural = _("busy times")
        indexes = [models.Index(fields=["resource", "starts_at", "ends_at"], name="busy_time_by_resource")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="busy_time_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.starts_at:%Y-%m-%d %H:%M}"
