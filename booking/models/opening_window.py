"""What is particular about hours in which a specialist receives people: in which ways, where, for whom."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.centre import Centre
from booking.models.modes import ByModes, some_mode
from booking.models.staff import StaffMember

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from booking.models.account import Account


class OpeningWindowQuerySet(models.QuerySet["OpeningWindow"]):
    """Questions about opening windows."""

    def kept_by(self, user: Account | AnonymousUser, on: date) -> Self:
        """Return the windows `user` may change: her own, and all of a centre whose timetable she plans."""
        if not user.is_authenticated:
            return self.none()
        own = StaffMember.objects.diaries_of(user, on).values("resource_id")
        planned = Centre.objects.planned_by(user, on).values("timetable_id")
        return self.filter(models.Q(series__leader__in=own) | models.Q(series__timetable__in=planned))

    def standing(self) -> Self:
        """Those that were published and not closed altogether."""
        return self.filter(series__published_at__isnull=False, series__discontinued=False)


class OpeningWindow(ByModes, models.Model):
    """Hours for visits: a series of the kind "duty" with its services, and what booking adds to it.

    The window of a series has the identity of the series. Its first room is the series' room; `rooms` are others in
    which visits of the same hours may take place. The numbers are for one duty, that is, for one date.
    Purpose: from it free times are computed. No personal data. Retention: as the series.
    """

    series = models.OneToOneField(
        "scheduler.Series", on_delete=models.CASCADE, primary_key=True, related_name="window", verbose_name=_("hours")
    )
    rooms = models.ManyToManyField(
        "scheduler.Resource", blank=True, related_name="windows_here", verbose_name=_("other rooms")
    )
    urgent_places = models.PositiveSmallIntegerField(_("visits kept free for urgent matters"), default=0)
    new_quota = models.PositiveSmallIntegerField(_("most visits of people who come first"), null=True, blank=True)
    own_quota = models.PositiveSmallIntegerField(_("most visits of people who came before"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OpeningWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening window")
        verbose_name_plural = _("opening windows")
        constraints = [
            models.CheckConstraint(condition=some_mode(), name="opening_window_receives_in_some_way"),
        ]

    def __str__(self) -> str:
        return str(self.series)

    @property
    def id(self) -> uuid.UUID:
        """The identity of the series."""
        return self.series_id
