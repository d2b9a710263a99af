"""The public catalogue: services of specialists, activities, and the groups one can enrol in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny

from booking.api.doors import Listing, One
from booking.api.offer import OfferQuery, described_in, matching, meeting, of_centre
from booking.api.shapes import Moment, Named, WallClock
from booking.models import Activity, Group, Service
from booking.models.activity import Sensitivity
from scheduler.models import Recurrence, Series

NAMES = ("name_pl", "name_en", "name_uk")
TEXTS = (*NAMES, "summary_pl", "summary_en", "summary_uk")


class ServiceShape(serializers.ModelSerializer[Service]):
    centre = serializers.SlugField(source="centre.slug")
    updated_at = Moment(timetable="centre.timetable")

    class Meta:
        model = Service
        fields = ("id", "name", "centre", "summary", "entry", "minutes", "updated_at")
        read_only_fields = fields


class ActivityShape(serializers.ModelSerializer[Activity]):
    centre = serializers.SlugField(source="centre.slug")
    updated_at = Moment(timetable="centre.timetable")

    class Meta:
        model = Activity
        fields = ("id", "name", "kind", "centre", "summary", "provider", "updated_at")
        read_only_fields = fields


class ActivityReference(Named):
    kind = serializers.ChoiceField(choices=Activity.Kind.choices)


class SeriesShape(serializers.Serializer[Series]):
    id = serializers.UUIDField()
    rule = serializers.ChoiceField(source="recurrence", choices=Recurrence.choices)
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="That of the first day; 0 is Monday.")
    weekdays = serializers.ListField(child=serializers.IntegerField(), help_text="All days it meets on.")
    starts = WallClock(help_text="On the wall clock of the centre.")
    ends = WallClock()
    room = Named(allow_null=True)


class GroupShape(serializers.ModelSerializer[Group]):
    """A group as anyone may know it: how many places are left, never how many people there are."""

    activity = ActivityReference()
    centre = serializers.SlugField(source="activity.centre.slug")
    places = serializers.ChoiceField(choices=["free", "few", "waiting", "full"])
    open = serializers.SerializerMethodField(help_text="Whether families can enrol now, places aside.")
    opens_at = Moment(timetable="term.timetable", allow_null=True)
    closes_at = Moment(timetable="term.timetable", allow_null=True)
    series = serializers.SerializerMethodField()
    leader = serializers.SerializerMethodField()
    starts_on = serializers.DateField(source="term.starts_on")
    ends_on = serializers.DateField(source="term.ends_on")
    updated_at = Moment(timetable="term.timetable")

    class Meta:
        model = Group
        fields = (
            "id",
            "name",
            "activity",
            "centre",
            "age_from",
            "age_until",
            "places",
            "open",
            "opens_at",
            "closes_at",
            "series",
            "leader",
            "starts_on",
            "ends_on",
            "updated_at",
        )
        read_only_fields = fields

    def get_open(self, group: Group) -> bool:
        """Say whether enrolment is open."""
        now: datetime = self.context["view"].now
        return group.is_open_at(now)

    @extend_schema_field(SeriesShape(many=True))
    def get_series(self, group: Group) -> Any:
        """Return the lines of the timetable the group meets in."""
        shown: Any = _shown(group)
        return SeriesShape(shown, many=True).data

    @extend_schema_field(Named(allow_null=True))
    def get_leader(self, group: Group) -> Any:
        """Return who leads its first line."""
        leader = next((line.leader for line in _shown(group) if line.leader), None)
        return Named(leader).data if leader else None


def _shown(group: Group) -> list[Series]:
    """Return the group's series in order of the week, without those that only staff or participants know of."""
    known = {Series.Audience.PUBLIC}
    if group.activity.sensitivity != Sensitivity.PUBLIC:
        known.add(Series.Audience.PARTICIPANTS)  # only insiders see the group at all
    shown = [line for line in group.series.all() if line.audience in known]
    return sorted(shown, key=lambda line: (line.weekday, line.starts, line.pk))


class Catalogue(Listing):
    """A list of the public catalogue."""

    permission_classes = (AllowAny,)
    query_class = OfferQuery

    def narrowed(self, rows: QuerySet[Any], *, centre: str, name: str, texts: tuple[str, ...]) -> QuerySet[Any]:
        """Return the rows that the parameters which all catalogues share leave."""
        if "centre" in self.query:
            rows = rows.filter(of_centre(self.query["centre"], centre))
        if "updated_since" in self.query:
            rows = rows.filter(updated_at__gte=self.query["updated_since"])
        if "language" in self.query:
            rows = rows.filter(described_in(self.query["language"], path=name))
        if "search" in self.query:
            rows = rows.filter(pk__in=matching(rows.values_list("pk", *texts), self.query["search"]))
        return rows

    def groups(self, groups: Any) -> Any:
        """Return the groups that the parameters which are about groups leave."""
        if "kind" in self.query:
            groups = groups.filter(activity__kind__in=self.query["kind"])
        if "age" in self.query:
            groups = groups.for_age(self.query["age"])
        if (series := meeting(self.query)) is not None:
            groups = groups.filter(pk__in=Group.series.through.objects.filter(series__in=series).values("group_id"))
        if "open" in self.query:
            open_now = Group.objects.open_at(self.now).values("pk")
            groups = groups.filter(Q(pk__in=open_now) if self.query["open"] else ~Q(pk__in=open_now))
        return groups


class ServiceList(Catalogue):
    """What specialists do for a person or a family."""

    serializer_class = ServiceShape
    ordering = ("entry", "id")

    def rows(self) -> QuerySet[Service]:
        """Return the listed services."""
        services = Service.objects.listed().select_related("centre__timetable")
        if "kind" in self.query:
            services = services.filter(entry__in=self.query["kind"])
        if (series := meeting(self.query)) is not None:
            links = Service.series.through.objects.filter(series__in=series)
            services = services.filter(pk__in=links.values("service_id"))
        if self.query.get("open") is False:
            services = services.none()
        return self.narrowed(services, centre="centre", name="", texts=TEXTS)


class ActivityList(Catalogue):
    """What people enrol in."""

    serializer_class = ActivityShape
    ordering = ("kind", "id")

    def rows(self) -> QuerySet[Activity]:
        """Return the public activities."""
        activities = Activity.objects.public().select_related("centre__timetable")
        if "kind" in self.query:
            activities = activities.filter(kind__in=self.query["kind"])
        if {"age", "weekday", "village", "open"} & self.query.keys():
            activities = activities.filter(pk__in=self.groups(Group.objects.public()).values("activity_id"))
        return self.narrowed(activities, centre="centre", name="", texts=TEXTS)


class GroupList(Catalogue):
    """Groups one can enrol in."""

    serializer_class = GroupShape
    ordering = ("name", "id")

    def rows(self) -> QuerySet[Group]:
        """Return public groups, and those that the caller's own people are in."""
        groups = self.groups(Group.objects.visible_to(self.request.user, timezone.localdate(self.now)))
        texts = tuple(f"activity__{name}" for name in TEXTS)
        return self.narrowed(
            groups.catalogue(), centre="activity__centre", name="activity__", texts=("name", *texts)
        ).select_related("activity__centre", "term__timetable")


class GroupOne(One):
    """One group."""

    permission_classes = (AllowAny,)
    serializer_class = GroupShape

    def row(self) -> Any:
        """Return the group."""
        groups = Group.objects.visible_to(self.request.user, timezone.localdate(self.now)).catalogue()
        return get_object_or_404(groups.select_related("activity__centre", "term__timetable"), pk=self.kwargs["id"])
