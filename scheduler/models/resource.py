"""What a session needs and cannot share: a specialist, a room, a piece of equipment; and the place it is in."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A building or an open ground, with the facts a visitor needs to get in.

    Purpose: to say where, and whether one can get in with a wheelchair. No personal data. Retention: as the timetable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.PROTECT, related_name="places")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=300, blank=True)
    village = models.CharField(_("village or town"), max_length=100, blank=True)
    step_free = models.BooleanField(_("step-free entrance"), default=False)
    lift = models.BooleanField(_("lift"), default=False)
    accessible_toilet = models.BooleanField(_("accessible toilet"), default=False)
    induction_loop = models.BooleanField(_("induction loop"), default=False)
    rests_with_schools = models.BooleanField(_("closed while schools rest"), default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["timetable", "name"], name="place_name_is_unique_in_its_timetable"),
        ]

    def __str__(self) -> str:
        return self.name


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Questions about resources."""

    def rooms(self) -> Self:
        """Only rooms and grounds."""
        return self.filter(kind=Resource.Kind.ROOM)

    def specialists(self) -> Self:
        """Only people who lead."""
        return self.filter(kind=Resource.Kind.SPECIALIST)


class Resource(models.Model):
    """Something that is in one place at a time. Equipment may have several equal units, each taken on its own.

    Purpose: to keep two things from needing the same room, person or kit at once. A specialist's name is shown to
    families. Retention: as long as sessions refer to it.
    """

    class Kind(models.TextChoices):
        """What sort of resource it is."""

        SPECIALIST = "specialist", _("Specialist")
        ROOM = "room", _("Room")
        EQUIPMENT = "equipment", _("Equipment")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    timetable = models.ForeignKey("scheduler.Timetable", on_delete=models.PROTECT, related_name="resources")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=200)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="rooms")
    capacity = models.PositiveSmallIntegerField(_("people it holds"), null=True, blank=True)
    units = models.PositiveSmallIntegerField(_("units"), default=1)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["specialist", "room", "equipment"]), name="resource_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(units=1) | models.Q(kind="equipment", units__gte=1),
                name="resource_has_units_only_if_equipment",
            ),
            models.UniqueConstraint(fields=["timetable", "kind", "name"], name="resource_name_is_unique_in_its_kind"),
        ]

    def __str__(self) -> str:
        return self.name
