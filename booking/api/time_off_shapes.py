"""How time off, its preview and what is chosen for each date look in REST."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from rest_framework import serializers

from booking.api.parsing import Body, Id, Instant, Text
from booking.api.shapes import Moment, Named
from booking.domain.cover import Choice, CoverDate
from booking.domain.cover_plan import Action, Proposal
from booking.domain.cover_visits import VisitAction, VisitChoice, VisitCover
from booking.models import Appointment, TimeOff
from scheduler.models import Session, Timetable
from scheduler.period import Period


class TimeOffShape(serializers.ModelSerializer[TimeOff]):
    """That somebody does not work for a while. `open` says how many of her dates nobody has taken over yet."""

    member = serializers.UUIDField(source="member_id")
    name = serializers.CharField(source="member.person")
    specialist = serializers.UUIDField(source="member.resource_id", allow_null=True)
    starts_at = Moment(timetable="member.centre.timetable")
    ends_at = Moment(timetable="member.centre.timetable")
    cancelled_at = Moment(timetable="member.centre.timetable", allow_null=True)
    changed_at = Moment(timetable="member.centre.timetable")
    open = serializers.SerializerMethodField()

    class Meta:
        model = TimeOff
        fields = (
            "id",
            "member",
            "name",
            "specialist",
            "starts_at",
            "ends_at",
            "kind",
            "note",
            "open",
            "cancelled_at",
            "changed_at",
        )
        read_only_fields = fields

    def get_open(self, time_off: TimeOff) -> int:
        """Return how many."""
        return sum(task.settled_at is None for task in time_off.tasks.all())


class Offered(NamedTuple):
    """Other hours for a date."""

    starts_at: datetime
    ends_at: datetime
    timetable: Timetable


class TimeOffered(NamedTuple):
    """Another time for a visit."""

    specialist: uuid.UUID
    starts_at: datetime
    ends_at: datetime
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class DateOfPlan:
    """One date of a plan as it is answered."""

    date: CoverDate

    @property
    def session(self) -> Session:
        return self.date.session

    @property
    def proposal(self) -> Proposal:
        return self.date.proposal

    @property
    def substitutes(self) -> list[dict[str, Any]]:
        return [{"id": each.resource, "name": each.name} for each in self.date.substitutes]

    @property
    def move_to(self) -> Offered | None:
        period = self.proposal.period
        return None if period is None else self._offered(period)

    @property
    def dates(self) -> list[Offered]:
        return [self._offered(period) for period in self.proposal.dates]

    def _offered(self, period: Period) -> Offered:
        return Offered(period.start, period.end, self.session.timetable)


class OfferedShape(serializers.Serializer[Offered]):
    starts_at = Moment(timetable="timetable")
    ends_at = Moment(timetable="timetable")


class CoverDateShape(serializers.Serializer[DateOfPlan]):
    """One date that the absence touches, with what is proposed and what else can be chosen."""

    session = serializers.UUIDField(source="session.pk")
    title = serializers.CharField(source="session.series.title")
    starts_at = Moment(timetable="session.timetable", source="session.starts_at")
    ends_at = Moment(timetable="session.timetable", source="session.ends_at")
    action = serializers.ChoiceField(source="proposal.action", choices=[each.value for each in Action])
    substitute = serializers.UUIDField(source="proposal.substitute", allow_null=True)
    move_to = OfferedShape(allow_null=True)
    substitutes = Named(many=True)
    dates = OfferedShape(many=True)


@dataclass(frozen=True, slots=True)
class VisitOfPlan:
    """One visit of a plan as it is answered."""

    cover: VisitCover
    timetable: Timetable

    @property
    def visit(self) -> Appointment:
        return self.cover.visit

    @property
    def times(self) -> list[TimeOffered]:
        return [
            TimeOffered(each.specialist_id, each.starts_at, each.ends_at, self.timetable) for each in self.cover.times
        ]


class TimeOfferedShape(serializers.Serializer[TimeOffered]):
    specialist = serializers.UUIDField()
    starts_at = Moment(timetable="timetable")
    ends_at = Moment(timetable="timetable")


class VisitCoverShape(serializers.Serializer[VisitOfPlan]):
    """One visit that the absence touches, with who could take it over and what could be offered instead."""

    visit = serializers.UUIDField(source="visit.pk")
    starts_at = Moment(timetable="timetable", source="visit.starts_at")
    ends_at = Moment(timetable="timetable", source="visit.ends_at")
    colleagues = Named(many=True, source="cover.colleagues")
    times = TimeOfferedShape(many=True)


class CoverPlanShape(serializers.Serializer[Any]):
    """Send `fingerprint` back with what you choose; if anything has changed, the answer is 409 with the new plan."""

    fingerprint = serializers.CharField()
    dates = CoverDateShape(many=True)
    visits = serializers.ListField(child=serializers.UUIDField(), help_text="Every visit it touches.")
    visit_ways = VisitCoverShape(many=True, help_text="What can be chosen for those that you serve at your desk.")


class ChoiceBody(Body):
    session = Id()
    action = serializers.ChoiceField(choices=[each.value for each in Action])
    substitute = Id(required=False, allow_null=True)
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)


class VisitChoiceBody(Body):
    visit = Id()
    action = serializers.ChoiceField(choices=[each.value for each in VisitAction])
    specialist = Id(required=False, allow_null=True, help_text="Who takes it over, or whose time is offered.")
    starts_at = Instant(required=False, help_text="The time that is offered.")


class PreviewBody(Body):
    member = Id(required=False, help_text="A member of staff whose timetable you plan; without it yourself.")
    starts_at = Instant()
    ends_at = Instant()


class TimeOffBody(PreviewBody):
    kind = serializers.ChoiceField(choices=TimeOff.Kind.choices)
    note = Text(required=False, default="", allow_blank=True, max_length=200, help_text="Nothing about health.")
    fingerprint = Text(max_length=64, help_text="As the preview said.")
    choices = ChoiceBody(
        many=True, required=False, help_text="For planners: what to do. Without it every date waits on the list."
    )
    visit_choices = VisitChoiceBody(
        many=True, required=False, help_text="With `choices`: what to do with visits. What is not named waits."
    )


def choice_of(sent: Mapping[str, Any]) -> Choice:
    """Return what was chosen for one date."""
    starts_at: datetime | None = sent.get("starts_at")
    ends_at: datetime | None = sent.get("ends_at")
    is_period = starts_at is not None and ends_at is not None and starts_at < ends_at
    period = Period(starts_at, ends_at) if is_period and starts_at and ends_at else None
    return Choice(Action(sent["action"]), sent.get("substitute"), period)


def visit_choice_of(sent: Mapping[str, Any]) -> VisitChoice:
    """Return what was chosen for one visit."""
    return VisitChoice(VisitAction(sent["action"]), sent.get("specialist"), sent.get("starts_at"))
