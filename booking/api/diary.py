"""A specialist's own diary, and who the specialists are."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking.api.doors import Listing
from booking.api.offer import ByCentre, matching, of_centre
from booking.api.parsing import Id, ListQuery, Since, Text
from booking.api.sessions import Days, SessionListing
from booking.api.shapes import Named
from booking.api.visit_rows import RowShape, in_order
from booking.models import Appointment, Group, Service, StaffMember
from booking.models.modes import MODES, Mode
from scheduler.models import Resource, Series, Session


class DiaryQuery(Since, Days, ListQuery):
    """Which days of the diary are listed."""


class Diary(SessionListing):
    """The sessions the caller leads or helps in and the visits she gives; empty for everybody else."""

    serializer_class = RowShape
    query_class = DiaryQuery

    def rows(self) -> Any:
        """Return her sessions and visits."""
        mine = StaffMember.objects.diaries_of(self.account, timezone.localdate(self.now))
        own = mine.values_list("resource_id", flat=True)
        led = self.within(Session.objects.led_by(*own).filter(timetable__centre__isnull=False), Group.objects.all())
        visits = Appointment.objects.given_by(*own).within(self.period)
        if "updated_since" in self.query:
            visits = visits.filter(changed_at__gte=self.query["updated_since"])
        return in_order(led, visits)


class SpecialistShape(serializers.ModelSerializer[Resource]):
    centre = serializers.SlugField(source="timetable.centre.slug")
    services = serializers.SerializerMethodField(help_text="The listed services she has hours for.")
    modes = serializers.SerializerMethodField(help_text="In which ways: office, phone, home, video.")

    class Meta:
        model = Resource
        fields = ("id", "name", "centre", "services", "modes")
        read_only_fields = fields

    @extend_schema_field(Named(many=True))
    def get_services(self, specialist: Resource) -> Any:
        """Return the services."""
        found = {service.pk: service for line in specialist.series_led.all() for service in line.services.all()}
        return Named(sorted(found.values(), key=lambda service: (service.name, service.pk)), many=True).data

    def get_modes(self, specialist: Resource) -> list[str]:
        """Return the ways of meeting her."""
        lines = list(specialist.series_led.all())
        found = {mode for line in lines if hasattr(line, "window") for mode in line.window.modes}
        found |= {Mode.OFFICE.value for line in lines if line.room_id and not hasattr(line, "window")}
        return [mode for mode in MODES if mode in found]


class SpecialistQuery(ByCentre, ListQuery):
    """Which specialists are listed."""

    service = Id(required=False, help_text="Only those who have hours for this service.")
    search = Text(required=False, max_length=100, help_text="Words of the name.")


class SpecialistList(Listing):
    """People who have hours for a listed service or lead public sessions."""

    serializer_class = SpecialistShape
    query_class = SpecialistQuery
    ordering = ("name", "id")

    def rows(self) -> QuerySet[Resource]:
        """Return the specialists."""
        led = Series.objects.filter(leader=OuterRef("pk"), published_at__isnull=False)
        listed = Service.objects.listed()
        specialists = Resource.objects.specialists().filter(
            Exists(led.filter(Q(audience=Series.Audience.PUBLIC) | Q(services__in=listed))),
            timetable__centre__isnull=False,
        )
        if "centre" in self.query:
            specialists = specialists.filter(of_centre(self.query["centre"], "timetable__centre"))
        if "service" in self.query:
            of_service = led.filter(services__in=listed.filter(pk=self.query["service"]))
            specialists = specialists.filter(Exists(of_service))
        if "search" in self.query:
            found = matching(specialists.values_list("pk", "name"), self.query["search"])
            specialists = specialists.filter(pk__in=found)
        lines = (
            Series.objects.filter(published_at__isnull=False)
            .select_related("window")
            .prefetch_related(Prefetch("services", queryset=listed))
        )
        return specialists.select_related("timetable__centre").prefetch_related(Prefetch("series_led", queryset=lines))
