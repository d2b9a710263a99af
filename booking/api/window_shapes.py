"""Hours for visits as they are read and written over REST, and what a change of them would do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rest_framework import serializers

from booking.api.parsing import Body, Day, Id, Text
from booking.api.shapes import Named, WallClock
from booking.domain.visits_to_settle import Why
from booking.domain.windows import WindowPlan
from booking.models import OpeningWindow
from booking.models.modes import Mode
from scheduler.models import Recurrence, Series


class WindowShape(serializers.ModelSerializer[OpeningWindow]):
    """Hours for visits; hours and days are of the wall clock of the centre."""

    id = serializers.UUIDField(source="series_id")
    specialist = Named(source="series.leader")
    services = Named(source="series.services", many=True)
    day = serializers.DateField(source="series.starts_on", help_text="The first day.")
    last = serializers.DateField(source="series.last_on", help_text="The last day.")
    weekdays = serializers.ListField(source="series.weekdays", child=serializers.IntegerField(), help_text="0: Monday.")
    starts = WallClock(source="series.starts")
    ends = WallClock(source="series.ends")
    recurrence = serializers.ChoiceField(source="series.recurrence", choices=Recurrence.choices)
    on_breaks = serializers.ChoiceField(source="series.on_breaks", choices=Series.OnBreaks.choices)
    room = Named(source="series.room", allow_null=True)
    rooms = Named(many=True, help_text="Others in which visits of these hours may take place.")
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Mode.choices))

    class Meta:
        model = OpeningWindow
        fields = (
            "id",
            "specialist",
            "services",
            "day",
            "last",
            "recurrence",
            "weekdays",
            "starts",
            "ends",
            "on_breaks",
            "room",
            "rooms",
            "modes",
            "urgent_places",
            "new_quota",
            "own_quota",
        )
        read_only_fields = fields


class WindowBody(Body):
    services = serializers.ListField(child=Id(), min_length=1, max_length=20)
    day = Day(help_text="The first day; single, fortnightly and monthly hours follow from it.")
    starts = WallClock()
    ends = WallClock()
    recurrence = serializers.ChoiceField(choices=Recurrence.choices, default=Recurrence.WEEKLY)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, default=list, max_length=7
    )
    last = Day(required=False, allow_null=True, default=None, help_text="The last day; null: as long as the term.")
    on_breaks = serializers.ChoiceField(choices=Series.OnBreaks.choices, default=Series.OnBreaks.RUN)
    room = Id(required=False, allow_null=True, default=None)
    rooms = serializers.ListField(child=Id(), required=False, default=list, max_length=20)
    modes = serializers.ListField(child=serializers.ChoiceField(choices=Mode.choices), default=["office"], max_length=4)
    urgent_places = serializers.IntegerField(min_value=0, max_value=99, default=0)
    new_quota = serializers.IntegerField(min_value=0, max_value=999, allow_null=True, default=None)
    own_quota = serializers.IntegerField(min_value=0, max_value=999, allow_null=True, default=None)


class WindowNewBody(WindowBody):
    specialist = Id(required=False, help_text="Whose hours; planners say it, specialists may leave it out.")


class WindowPreviewBody(WindowBody):
    from_day = Day(help_text="From when on; the days before stay as they are.")


class WindowChangeBody(WindowPreviewBody):
    fingerprint = Text(max_length=64, help_text="Of the preview that is confirmed.")


class WindowClosePreviewBody(Body):
    from_day = Day(help_text="The first day without these hours.")


class WindowCloseBody(WindowClosePreviewBody):
    fingerprint = Text(max_length=64, help_text="Of the preview that is confirmed.")


class PlannedDate(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class ConflictShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the visit.")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    why = serializers.ChoiceField(choices=[(why.value, why.value) for why in Why], help_text="What does not fit.")


class WindowPlanShape(serializers.Serializer[Any]):
    """What a change would do: nothing was written."""

    fingerprint = serializers.CharField()
    dates = PlannedDate(many=True, help_text="Dates that are added or get other hours.")
    ending = serializers.IntegerField(help_text="How many dates are taken back.")
    left_out = serializers.ListField(child=serializers.DateField(), help_text="Days of rest.")
    conflicts = ConflictShape(many=True, help_text="Booked visits that lose their hours; they stay until settled.")


def plan_body(plan: WindowPlan, window: OpeningWindow) -> dict[str, Any]:
    """Return a plan as it is answered."""
    zone = window.series.timetable.tz

    def moment(instant: datetime) -> str:
        return instant.astimezone(zone).isoformat()

    return {
        "fingerprint": plan.fingerprint,
        "dates": [{"starts_at": moment(each.starts_at), "ends_at": moment(each.ends_at)} for each in plan.coming],
        "ending": len(plan.publication.removed),
        "left_out": [each.day.isoformat() for each in plan.left_out],
        "conflicts": [
            {"id": str(visit.pk), "starts_at": moment(visit.starts_at), "ends_at": moment(visit.ends_at), "why": why}
            for visit, why in plan.reasons
        ],
    }
