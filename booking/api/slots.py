"""Free times for visits: computed when they are asked for, never stored. Public for services that anyone may book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from booking.api.doors import Listing
from booking.api.parsing import Id, ListQuery
from booking.api.problems import Problem
from booking.api.sessions import Days
from booking.api.shapes import Named
from booking.domain.slots import ANYONE, Asker, Slot, asker_for, free_slots
from booking.models import Person, Service
from booking.models.activity import Sensitivity
from booking.models.modes import Mode
from scheduler.period import Period

LONGEST_DAYS, USUAL_DAYS = 62, 30


class SlotQuery(Days, ListQuery):
    """For which service free times are asked, of whom, in which way and for which person."""

    longest = LONGEST_DAYS
    service = Id()
    specialist = Id(required=False, help_text="Only this one; otherwise anyone.")
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    person = Id(
        required=False,
        help_text="For whom, one of the caller's people: hours may keep places for new and for own clients.",
    )


class SlotShape(serializers.Serializer[Slot]):
    """A free time; by the time it is booked somebody else may have taken it."""

    service = serializers.UUIDField(source="service_id")
    specialist = serializers.UUIDField(source="specialist_id")
    specialist_name = serializers.CharField(source="specialist")
    starts_at = serializers.SerializerMethodField()
    ends_at = serializers.SerializerMethodField()
    mode = serializers.ChoiceField(choices=Mode.choices)
    room = serializers.SerializerMethodField(help_text="Null without one, and where it would tell too much.")

    @extend_schema_field(serializers.DateTimeField)
    def get_starts_at(self, slot: Slot) -> str:
        """Return the start on the wall clock of the centre."""
        return self._moment(slot.starts_at)

    @extend_schema_field(serializers.DateTimeField)
    def get_ends_at(self, slot: Slot) -> str:
        """Return the end on the wall clock of the centre."""
        return self._moment(slot.ends_at)

    @extend_schema_field(Named(allow_null=True))
    def get_room(self, slot: Slot) -> dict[str, Any] | None:
        """Return the room."""
        if slot.room_id is None or self.context["view"].service.sensitivity == Sensitivity.SENSITIVE:
            return None
        return {"id": str(slot.room_id), "name": slot.room}

    def _moment(self, instant: datetime) -> str:
        zone: ZoneInfo = self.context["view"].service.centre.timetable.tz
        return instant.astimezone(zone).isoformat()


class SlotList(Listing):
    """The free times of a service in order; without days, of the next 30."""

    permission_classes = (AllowAny,)
    serializer_class = SlotShape
    query_class = SlotQuery
    service: Service

    def rows(self) -> list[Slot]:
        """Return the free times. Raises Problem (404) for a service that is not booked online."""
        known = Service.objects.bookable().select_related("centre__timetable").filter(pk=self.query["service"])
        service = known.first()
        if service is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such service that is booked online."))
        self.service = service
        return free_slots(
            service=service,
            period=self._period(service.centre.timetable.tz),
            now=self.now,
            specialist_id=self.query.get("specialist"),
            mode=self.query.get("mode", ""),
            asker=self._asker(self.query),
        )

    def _period(self, zone: ZoneInfo) -> Period:
        today = timezone.localdate(self.now, zone)
        first, last = self.query.get("from"), self.query.get("to")
        if first is None:
            first = today if last is None or last >= today else last
            if last is not None and (last - first).days >= LONGEST_DAYS:
                first = last - timedelta(days=USUAL_DAYS - 1)
        return Period.of_days(first, last or first + timedelta(days=USUAL_DAYS - 1), zone)

    def _asker(self, query: Mapping[str, Any]) -> Asker:
        if "person" not in query:
            return ANYONE
        own = Person.objects.none()
        if self.request.user.is_authenticated:
            own = Person.objects.bookable_by(self.account, timezone.localdate(self.now))
        if not own.filter(pk=query["person"]).exists():
            sentence = _("There is no such person that you could book for.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/person")
        return asker_for(person_id=query["person"])
