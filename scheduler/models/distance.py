"""How long the way between two places takes."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from scheduler.models.resource import Place


class PlaceDistanceQuerySet(models.QuerySet["PlaceDistance"]):
    """Questions about ways."""

    def minutes_of(self, timetable_id: uuid.UUID) -> dict[frozenset[uuid.UUID], int]:
        """Return the minutes between each two places of a timetable, in one query; a pair that nobody set is absent."""
        ways = self.filter(one__timetable=timetable_id).values_list("one_id", "other_id", "minutes")
        return {frozenset((one, other)): minutes for one, other, minutes in ways}

    def record(self, one: Place, other: Place, minutes: int) -> PlaceDistance:
        """Store the minutes between two places of one timetable, whichever is named first."""
        first, second = sorted((one, other), key=lambda place: place.pk.hex)
        way, _made = self.update_or_create(one=first, other=second, defaults={"minutes": minutes})
        return way


class PlaceDistance(models.Model):
    """Minutes from one place to another and back: each pair is stored once, the smaller key first.

    Purpose: nobody is expected in two villages at once. No personal data. Retention: as the places.
    """

    one = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", verbose_name=_("from"))
    other = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+", verbose_name=_("to"))
    minutes = models.PositiveSmallIntegerField(_("minutes on the way"))

    objects = PlaceDistanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("way between places")
        verbose_name_plural = _("ways between places")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="way_between_two_places_is_set_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="way_is_stored_with_the_smaller_key_first"),
        ]

    def __str__(self) -> str:
        return f"{self.one} – {self.other}"
