"""What a session needs and cannot share: a specialist, a room, a piece of equipment; and the place it is in."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from django.core.exceptions import ValidationError
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

    def equipment(self) -> Self:
        """Only equipment."""
        return self.filter(kind=Resource.Kind.EQUIPMENT)

    def parts_of(self, resource_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """Return all that lies inside each of these rooms, halves of halves too, in one query; others are absent.

        Whoever takes a hall takes its halves with it, and so cannot have it while a half of it is taken.
        """
        asked = set(resource_ids)
        timetables = self.filter(pk__in=asked).values("timetable_id")
        inside: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
        for part, whole in self.filter(timetable__in=timetables, part_of__isnull=False).values_list("pk", "part_of"):
            if whole is not None:  # as the query says
                inside[whole].add(part)
        return {key: found for key in asked if (found := _all_inside(key, inside))}


def _all_inside(whole: uuid.UUID, inside: dict[uuid.UUID, set[uuid.UUID]]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    waiting = set(inside.get(whole, ()))
    while waiting:
        part = waiting.pop()
        if part not in found and part != whole:
            found.add(part)
            waiting |= inside.get(part, set())
    return found


class Resource(models.Model):
    """Something that is in one place at a time. Equipment may have several equal units, each taken on its own.

    A room may be a part of a larger one: whoever takes the hall takes its halves. A room of somebody else may need the
    owner's word before a line of the timetable is published in it.
    Purpose: to keep two things from needing the same room, person or kit at once. A specialist's name is shown to
    families; of an owner the office's phone and address are kept. Retention: as long as sessions refer to it.
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
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of the room"),
    )
    step_free = models.BooleanField(_("without steps; empty: as the building"), null=True, blank=True)
    induction_loop = models.BooleanField(_("induction loop"), default=False)
    quiet = models.BooleanField(_("quiet room"), default=False)
    owner = models.CharField(_("belongs to"), max_length=200, blank=True)
    owner_email = models.EmailField(_("e-mail of the owner"), blank=True)
    owner_phone = models.CharField(_("phone of the owner"), max_length=40, blank=True)
    needs_approval = models.BooleanField(_("the owner must agree first"), default=False)

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
            models.CheckConstraint(
                condition=models.Q(part_of__isnull=True) | models.Q(kind="room"), name="resource_with_a_whole_is_a_room"
            ),
            models.CheckConstraint(
                condition=models.Q(part_of__isnull=True) | ~models.Q(part_of=models.F("id")),
                name="room_is_not_a_part_of_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(needs_approval=False) | (models.Q(kind="room") & ~models.Q(owner="")),
                name="room_that_needs_approval_has_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a whole of another timetable, one that is no room, and a ring of rooms inside each other."""
        if self.needs_approval and not self.owner:
            raise ValidationError({"owner": _("Write whose room it is.")})
        whole = self.part_of
        if whole is None:
            return
        if whole.timetable_id != self.timetable_id or whole.kind != self.Kind.ROOM:
            raise ValidationError({"part_of": _("Choose a room of the same timetable.")})
        inside = type(self).objects.parts_of([self.pk]).get(self.pk, set())
        if whole.pk == self.pk or whole.pk in inside:
            raise ValidationError({"part_of": _("This room lies inside the one you are writing.")})

    @property
    def is_step_free(self) -> bool | None:
        """Whether one gets in without steps: as the room says, otherwise as its building; None if nobody knows."""
        if self.step_free is not None:
            return self.step_free
        return self.place.step_free if self.place else None
