"""Time off: a specialist's own, that of the staff whose timetable the caller plans, and what it would touch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, Instant, ListQuery, Since, Text
from booking.api.planning import Planning
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment, Named
from booking.domain.cover import Choice, CoverDate, CoverPlan, PlanChanged, plan_time_off
from booking.domain.cover_plan import Action, Proposal
from booking.domain.idempotency import Answer
from booking.domain.time_off import enter_time_off, refusal_of, take_back_time_off
from booking.errors import Refused
from booking.models import StaffMember, TimeOff
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


class _Offered(NamedTuple):
    """Other hours for a date."""

    starts_at: datetime
    ends_at: datetime
    timetable: Timetable


@dataclass(frozen=True, slots=True)
class _Date:
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
    def move_to(self) -> _Offered | None:
        period = self.proposal.period
        return None if period is None else self._offered(period)

    @property
    def dates(self) -> list[_Offered]:
        return [self._offered(period) for period in self.proposal.dates]

    def _offered(self, period: Period) -> _Offered:
        return _Offered(period.start, period.end, self.session.timetable)


class OfferedShape(serializers.Serializer[_Offered]):
    starts_at = Moment(timetable="timetable")
    ends_at = Moment(timetable="timetable")


class CoverDateShape(serializers.Serializer[_Date]):
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


class CoverPlanShape(serializers.Serializer[Any]):
    """Send `fingerprint` back with what you choose; if anything has changed, the answer is 409 with the new plan."""

    fingerprint = serializers.CharField()
    dates = CoverDateShape(many=True)
    visits = serializers.ListField(child=serializers.UUIDField(), help_text="Settled one by one.")


class ChoiceBody(Body):
    session = Id()
    action = serializers.ChoiceField(choices=[each.value for each in Action])
    substitute = Id(required=False, allow_null=True)
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)


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


class TimeOffQuery(Since, ListQuery):
    """Which time off is listed."""

    member = Id(required=False)


class _TimeOff(Planning):
    serializer_class = TimeOffShape

    def seen(self) -> QuerySet[TimeOff]:
        """Return the caller's own, and that of those whom she plans."""
        mine = TimeOff.objects.visible_to(self.account, timezone.localdate(self.now))
        return mine.select_related("member__person", "member__centre__timetable").prefetch_related("tasks")

    def member_of(self, key: uuid.UUID | None) -> StaffMember:
        """Return who is meant: a member of staff whom the caller plans, or she herself. Raises Problem (404)."""
        staff = StaffMember.objects.select_related("person", "centre__timetable", "resource")
        own = staff.filter(pk__in=StaffMember.objects.diaries_of(self.account))
        found = own.order_by("centre__name").first() if key is None else own.filter(pk=key).first()
        if found is None and key is not None:
            found = staff.filter(centre__in=self.centres(), pk=key).first()
        if found is None:
            sentence = _("There is no such member of staff whom you plan.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/member")
        return found

    def told(self, plan: CoverPlan) -> dict[str, Any]:
        """Return a plan as it is answered."""
        dates = [_Date(date) for date in plan.dates]
        shown = {"fingerprint": plan.fingerprint, "dates": dates, "visits": [visit.pk for visit in plan.visits]}
        return dict(CoverPlanShape(shown, context=self.get_serializer_context()).data)


class TimeOffList(_TimeOff, Listing):
    """Time off, the latest first; and entering one."""

    query_class = TimeOffQuery
    body_class = TimeOffBody
    ordering = ("-starts_at", "-id")

    def rows(self) -> QuerySet[TimeOff]:
        """Return the time off."""
        rows = self.seen()
        if "member" in self.query:
            rows = rows.filter(member=self.query["member"])
        if "updated_since" in self.query:
            rows = rows.filter(changed_at__gte=self.query["updated_since"])
        return rows

    @extend_schema(
        request=TimeOffBody,
        responses={201: OpenApiResponse(TimeOffShape, description="It is entered."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Enter that you, or somebody you plan, are away; `plan_changed` (409) carries the new `plan`."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._enter(body)))

    def _enter(self, body: Mapping[str, Any]) -> Answer:
        member = self.member_of(body.get("member"))
        plans = self.centres().filter(pk=member.centre_id).exists()
        choices = {each["session"]: _choice(each) for each in body.get("choices", ())}
        try:
            made = enter_time_off(
                member_id=member.pk,
                starts_at=body["starts_at"],
                ends_at=body["ends_at"],
                kind=body["kind"],
                note=body["note"],
                fingerprint=body["fingerprint"],
                choices=choices if plans and "choices" in body else None,
                by=self.account,
                now=self.now,
            )
        except PlanChanged as changed:
            reason = changed.refusal
            plan = self.told(changed.plan)
            return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, plan=plan))
        found = self.seen().get(pk=made.pk)
        return Answer(HTTPStatus.CREATED, self.get_serializer(found).data, reverse("api-time-off", args=[made.pk]))


class TimeOffPreview(_TimeOff):
    """What time off would touch; nothing is written."""

    body_class = PreviewBody
    http_method_names = ("post", "options")

    @extend_schema(request=PreviewBody, responses={200: CoverPlanShape, **REFUSED})
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Say who is away and when, and get the dates and visits it touches with proposals."""
        body = self.read_body()
        member = self.member_of(body.get("member"))
        reason = refusal_of(member, body["starts_at"], body["ends_at"], now=self.now)
        if reason is not None:
            raise Refused(reason)
        period = Period(body["starts_at"], body["ends_at"])
        plan = (
            plan_time_off(member=member, period=period, now=self.now) if member.resource_id else CoverPlan((), (), "")
        )
        return Response(self.told(plan))


class TimeOffOne(_TimeOff, One):
    """One entry."""

    def row(self) -> TimeOff:
        """Return it. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class TimeOffTakeBack(TimeOffOne):
    """Taking an entry back."""

    http_method_names = ("post", "options")

    @extend_schema(request=None, responses={200: TimeOffShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take it back; what was changed for it stays as it is. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._take_back)

    def _take_back(self) -> Answer:
        entry = self.row()
        self.require_match(lambda: self.get_serializer(self.row()).data)
        take_back_time_off(time_off_id=entry.pk, by=self.account, now=self.now)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


def _choice(sent: Mapping[str, Any]) -> Choice:
    starts_at: datetime | None = sent.get("starts_at")
    ends_at: datetime | None = sent.get("ends_at")
    is_period = starts_at is not None and ends_at is not None and starts_at < ends_at
    period = Period(starts_at, ends_at) if is_period and starts_at and ends_at else None
    return Choice(Action(sent["action"]), sent.get("substitute"), period)
