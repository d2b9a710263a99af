"""Shapes that several answers share: moments on a centre's wall clock, and small references with a name."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Moment(serializers.DateTimeField):
    """A moment as RFC 3339 with the offset of the zone of the timetable found at `timetable` (dotted) of the object.

    Without one, the installation's zone is taken.
    """

    def __init__(self, *, timetable: str = "", **options: Any) -> None:
        super().__init__(read_only=True, **options)
        self.timetable = timetable

    def get_attribute(self, instance: Any) -> datetime | None:
        """Return the moment in its zone."""
        moment: datetime | None = super().get_attribute(instance)
        return None if moment is None else moment.astimezone(self._zone(instance))

    def _zone(self, instance: Any) -> tzinfo:
        if not self.timetable:
            return ZoneInfo(settings.TIME_ZONE)
        zone: tzinfo = reduce(getattr, self.timetable.split("."), instance).tz
        return zone

    def to_representation(self, value: datetime) -> str:
        """Write it down."""
        return value.isoformat()


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d$", "example": "16:00"})
class WallClock(serializers.TimeField):
    """An hour of the day as a clock on the wall shows it: 16:00."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", **options)


class Named(serializers.Serializer[Any]):
    """A reference to a room, a leader, an activity or a service."""

    id = serializers.UUIDField()
    name = serializers.CharField()
