"""A line of the timetable as planners read and write it."""

from __future__ import annotations

import uuid

from rest_framework import serializers

from booking.api.parsing import Body, Day, Id, Text
from booking.api.shapes import Named, WallClock
from scheduler.models import Recurrence, Series

WEEK = serializers.ListField(
    child=serializers.IntegerField(min_value=0, max_value=6),
    required=False,
    default=list,
    help_text="For weekly and fortnightly series that meet on several days; 0 is Monday.",
)


class LineShape(serializers.ModelSerializer[Series]):
    """A line of the timetable; one with `replaces` is the revision of a published one."""

    day = serializers.DateField(source="starts_on", help_text="The first day.")
    last = serializers.DateField(source="last_on", help_text="The last day it may be planned on.")
    weekdays = serializers.ListField(child=serializers.IntegerField(), help_text="0 is Monday.")
    starts = WallClock()
    ends = WallClock()
    room = Named(allow_null=True)
    leader = Named(allow_null=True)
    resources = Named(many=True)
    groups = serializers.SerializerMethodField()
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    continues = serializers.UUIDField(source="continues_id", allow_null=True)

    class Meta:
        model = Series
        fields = (
            "id",
            "term",
            "title",
            "kind",
            "audience",
            "recurrence",
            "day",
            "last",
            "weekdays",
            "starts",
            "ends",
            "on_breaks",
            "room",
            "leader",
            "resources",
            "units_taken",
            "forced_days",
            "groups",
            "replaces",
            "continues",
            "discontinued",
            "published_at",
        )
        read_only_fields = fields

    def get_groups(self, line: Series) -> list[uuid.UUID]:
        """Return the groups that meet in it."""
        return [group.pk for group in line.groups.all()]


class LineBody(Body):
    title = Text(max_length=200)
    day = Day(help_text="The first day; where no weekdays are chosen, the weekday is that of this day.")
    last = Day(required=False, allow_null=True, default=None, help_text="Left out: to the end of the term.")
    starts = WallClock(help_text="On the wall clock of the timetable.")
    ends = WallClock()
    recurrence = serializers.ChoiceField(
        choices=Recurrence.choices,
        default=Recurrence.WEEKLY,
        help_text="`easter`: as many days from Easter as `day` is.",
    )
    weekdays = WEEK
    room = Id(required=False, allow_null=True, default=None)
    leader = Id(required=False, allow_null=True, default=None)
    resources = serializers.ListField(
        child=Id(), required=False, default=list, max_length=50, help_text="People who help, and equipment."
    )
    units_taken = serializers.DictField(
        child=serializers.IntegerField(min_value=1, max_value=1000),
        required=False,
        default=dict,
        help_text="How many units it takes of equipment, by its id.",
    )
    kind = serializers.ChoiceField(choices=Series.Kind.choices, default=Series.Kind.MEETING)
    audience = serializers.ChoiceField(choices=Series.Audience.choices, default=Series.Audience.STAFF)
    on_breaks = serializers.ChoiceField(choices=Series.OnBreaks.choices, default=Series.OnBreaks.REST)
    forced_days = serializers.DictField(
        child=Text(max_length=300),
        required=False,
        default=dict,
        help_text="Days of rest on which it meets all the same, each with the reason.",
    )
    groups = serializers.ListField(child=Id(), required=False, default=list, max_length=50)


class FollowingBody(LineBody):
    session = Id(help_text="The first date that gets other facts; all that follow get them too.")
