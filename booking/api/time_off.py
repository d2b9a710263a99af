"""Time off: a specialist's own, that of the staff whose timetable the caller plans, and what it would touch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Id, ListQuery, Since
from booking.api.planning import Planning
from booking.api.problems import Problem, problem
from booking.api.time_off_shapes import (
    CoverPlanShape,
    DateOfPlan,
    PreviewBody,
    TimeOffBody,
    TimeOffShape,
    VisitOfPlan,
    choice_of,
    visit_choice_of,
)
from booking.domain.cover import CoverPlan, PlanChanged, plan_time_off
from booking.domain.idempotency import Answer
from booking.domain.time_off import enter_time_off, refusal_of, take_back_time_off
from booking.errors import Refused
from booking.models import Appointment, StaffMember, TimeOff
from scheduler.period import Period


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
        own = staff.filter(pk__in=StaffMember.objects.diaries_of(self.account, timezone.localdate(self.now)))
        found = own.order_by("centre__name").first() if key is None else own.filter(pk=key).first()
        if found is None and key is not None:
            found = staff.filter(centre__in=self.centres(), pk=key).first()
        if found is None:
            sentence = _("There is no such member of staff whom you plan.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/member")
        return found

    def told(self, plan: CoverPlan, member: StaffMember) -> dict[str, Any]:
        """Return a plan as it is answered: of visits that are none of her desk no more than that they are touched."""
        served = Appointment.objects.at_desk_of(self.account, timezone.localdate(self.now))
        at_desk = set(served.filter(pk__in=[visit.pk for visit in plan.visits]).values_list("pk", flat=True))
        timetable = member.centre.timetable
        shown = {
            "fingerprint": plan.fingerprint,
            "dates": [DateOfPlan(date) for date in plan.dates],
            "visits": [visit.pk for visit in plan.visits],
            "visit_ways": [VisitOfPlan(each, timetable) for each in plan.covers if each.visit.pk in at_desk],
        }
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
        choices = {each["session"]: choice_of(each) for each in body.get("choices", ())}
        visits = {each["visit"]: visit_choice_of(each) for each in body.get("visit_choices", ())}
        try:
            made = enter_time_off(
                member_id=member.pk,
                starts_at=body["starts_at"],
                ends_at=body["ends_at"],
                kind=body["kind"],
                note=body["note"],
                fingerprint=body["fingerprint"],
                choices=choices if plans and "choices" in body else None,
                visits=visits,
                by=self.account,
                now=self.now,
            )
        except PlanChanged as changed:
            reason = changed.refusal
            plan = self.told(changed.plan, member)
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
        return Response(self.told(plan, member))


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
