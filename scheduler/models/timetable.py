"""A centre's time space (zone, voivodeship, closures) and the terms published in it."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduler.models.closure import Voivodeship
from scheduler.period import Period


def validate_zone(name: str) -> None:
    """Refuse a name that is not an IANA time zone with rules (a fixed offset cannot follow a clock change)."""
    if name not in available_timezones() or "/" not in name or name.startswith("Etc/"):
        raise ValidationError(_("%(zone)s is not a time zone of a place."), params={"zone": name}, code="zone")


class Timetable(models.Model):
    """A time space: what happens in it is read on the wall clock of one zone and follows one voivodeship's breaks.

    Purpose: to place everything a centre does in time. Holds no personal data. Retention: as long as the centre.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Warsaw", validators=[validate_zone])
    voivodeship = models.CharField(_("voivodeship"), max_length=2, choices=Voivodeship.choices)
    calendar = models.OneToOneField("schedule.Calendar", on_delete=models.PROTECT, related_name="timetable")
    # How many numbers the log of changes has given out.
    changes_logged = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("timetable")
        verbose_name_plural = _("timetables")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(voivodeship__in=Voivodeship.values), name="timetable_lies_in_a_known_voivodeship"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The zone as an object."""
        return ZoneInfo(self.zone)


class Term(models.Model):
    """A stretch of weeks planned and published together, such as a school year.

    Purpose: to bound series in time. Holds no personal data. Retention: as long as the timetable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey(Timetable, on_delete=models.PROTECT, related_name="terms")
    name = models.CharField(_("name"), max_length=100)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="term_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["timetable", "name"], name="term_name_is_unique_in_its_timetable"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> Period:
        """The term's days as a period in the timetable's zone."""
        return Period.of_days(self.starts_on, self.ends_on, self.timetable.tz)
