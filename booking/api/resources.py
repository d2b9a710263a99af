"""Rooms and equipment of the timetables that the caller plans, with how one gets in and whose they are."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import serializers

from booking.api.doors import Listing
from booking.api.offer import ByCentre, of_centre
from booking.api.parsing import ListQuery
from booking.api.planning import Planning
from booking.api.shapes import Named
from scheduler.models import Resource


class ResourceShape(serializers.ModelSerializer[Resource]):
    """A room or equipment. Whoever takes a room takes its `parts` with it; `units` are how many there are."""

    centre = serializers.SlugField(source="timetable.centre.slug")
    place = Named(allow_null=True)
    part_of = serializers.UUIDField(source="part_of_id", allow_null=True)
    parts = Named(many=True)
    step_free = serializers.BooleanField(source="is_step_free", allow_null=True)

    class Meta:
        model = Resource
        fields = (
            "id",
            "centre",
            "kind",
            "name",
            "place",
            "capacity",
            "units",
            "part_of",
            "parts",
            "step_free",
            "induction_loop",
            "quiet",
            "owner",
            "needs_approval",
        )
        read_only_fields = fields


class ResourceQuery(ByCentre, ListQuery):
    """Which resources are listed."""

    kind = serializers.ChoiceField(choices=Resource.Kind.choices, required=False)


class ResourceList(Planning, Listing):
    """Rooms, equipment and people of the timetables that the caller plans; empty for everybody else."""

    serializer_class = ResourceShape
    query_class = ResourceQuery
    ordering = ("kind", "name", "id")

    def rows(self) -> QuerySet[Resource]:
        """Return the resources."""
        own = Resource.objects.filter(timetable__centre__in=self.centres())
        if "centre" in self.query:
            own = own.filter(of_centre(self.query["centre"], "timetable__centre"))
        if "kind" in self.query:
            own = own.filter(kind=self.query["kind"])
        return own.select_related("timetable__centre", "place").prefetch_related("parts")
