"""The preview of a publication, as REST shows it: what would happen, what speaks against it, how many are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from booking.domain.findings import Gathered
from booking.domain.term_publishing import TermPlan
from notifications.models import Message
from scheduler.domain.publication import DroppedDate, Was
from scheduler.models import Session


class PlannedShape(serializers.Serializer[Session]):
    """One date that publishing would add or take back."""

    id = serializers.UUIDField()
    series = serializers.UUIDField(source="series_id")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    room = serializers.UUIDField(source="room_id", allow_null=True)
    leader = serializers.UUIDField(source="leader_id", allow_null=True)


@dataclass(frozen=True, slots=True)
class _Changed:
    """A date as it would be, and as it is."""

    session: Session
    was: Was


class ChangedShape(serializers.Serializer[_Changed]):
    """A date that publishing would change."""

    id = serializers.UUIDField(source="session.pk")
    series = serializers.UUIDField(source="session.series_id")
    starts_at = serializers.DateTimeField(source="session.starts_at")
    ends_at = serializers.DateTimeField(source="session.ends_at")
    room = serializers.UUIDField(source="session.room_id", allow_null=True)
    leader = serializers.UUIDField(source="session.leader_id", allow_null=True)
    was_starts_at = serializers.DateTimeField(source="was.period.start")
    was_ends_at = serializers.DateTimeField(source="was.period.end")
    was_room = serializers.UUIDField(source="was.room_id", allow_null=True)
    was_leader = serializers.UUIDField(source="was.leader_id", allow_null=True)


class DroppedShape(serializers.Serializer[DroppedDate]):
    """A date that the series asks for and that does not take place."""

    series = serializers.UUIDField(source="series.pk")
    day = serializers.DateField()
    kind = serializers.ChoiceField(source="reason.kind", choices=["holiday", "school_break", "own", "leave"])
    name = serializers.CharField(source="reason.name")


class FindingShape(serializers.Serializer[Gathered]):
    """Something that speaks against publishing; `detail` says it for the first of the dates."""

    code = serializers.CharField(source="first.code")
    stops = serializers.BooleanField(
        source="first.stops", help_text="It must be put right; otherwise a reason is enough."
    )
    detail = serializers.CharField(source="first.sentence")
    series = serializers.UUIDField(source="first.series_id", allow_null=True)
    resource = serializers.UUIDField(source="first.resource_id", allow_null=True)
    starts_at = serializers.SerializerMethodField(help_text="When each of the dates begins.")

    def get_starts_at(self, found: Gathered) -> list[str]:
        """Return the moments."""
        return [period.start.isoformat() for period in found.periods]


class ToldShape(serializers.Serializer[Any]):
    families = serializers.IntegerField(help_text="People told about children of theirs, or about themselves.")
    staff = serializers.IntegerField(help_text="People told because they lead.")
    by_desk = serializers.IntegerField(help_text="Of all these, those whom the desk calls or writes to.")


class PlanShape(serializers.Serializer[TermPlan]):
    """What publishing would do now. Send `fingerprint` to publish just this."""

    term = serializers.UUIDField(source="term.pk")
    fingerprint = serializers.CharField()
    empty = serializers.BooleanField(source="is_empty")
    added = PlannedShape(source="publication.added", many=True)
    changed = serializers.SerializerMethodField()
    removed = PlannedShape(source="publication.removed", many=True)
    dropped = DroppedShape(source="publication.dropped", many=True)
    findings = FindingShape(source="gathered", many=True)
    told = serializers.SerializerMethodField()

    @extend_schema_field(ChangedShape(many=True))
    def get_changed(self, plan: TermPlan) -> Any:
        """Return the dates that would change, with what they are now."""
        changed: Any = [_Changed(each, plan.publication.was[each.pk]) for each in plan.publication.changed]
        return ChangedShape(changed, many=True).data

    @extend_schema_field(ToldShape)
    def get_told(self, plan: TermPlan) -> dict[str, int]:
        """Count who would be told."""
        by_desk = sum(each.recipient.channel == Message.Channel.DESK for each in plan.told)
        return {"families": len(plan.families), "staff": len(plan.staff), "by_desk": by_desk}
