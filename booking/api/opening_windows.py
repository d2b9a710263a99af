"""Hours for visits: a specialist's own, and those of the centre whose timetable the caller plans."""

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

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import ListQuery
from booking.api.problems import Problem, problem
from booking.api.window_shapes import (
    WindowChangeBody,
    WindowCloseBody,
    WindowClosePreviewBody,
    WindowNewBody,
    WindowPlanShape,
    WindowPreviewBody,
    WindowShape,
    plan_body,
)
from booking.domain.idempotency import Answer
from booking.domain.window_facts import WindowFacts
from booking.domain.window_rights import specialists_of
from booking.domain.windows import WindowPlanChanged, change_window, open_window, plan_window_change
from booking.errors import Refused
from booking.models import OpeningWindow, Service
from scheduler.models import Resource


class _Windows(Door):
    """The windows the caller keeps."""

    serializer_class = WindowShape

    def seen(self) -> QuerySet[OpeningWindow]:
        """Return them."""
        kept = OpeningWindow.objects.kept_by(self.account, timezone.localdate(self.now)).standing()
        loaded = kept.select_related("series__event__rule", "series__timetable", "series__leader", "series__room")
        return loaded.prefetch_related("rooms", "series__services")

    def shown(self, window_id: uuid.UUID) -> Mapping[str, Any]:
        """Return a window as it is answered."""
        answer: Mapping[str, Any] = self.get_serializer(self.seen().get(pk=window_id)).data
        return answer

    def facts(self, leader: Resource, body: Mapping[str, Any]) -> WindowFacts:
        """Return the facts that a body asks for. Raises Problem (404) for what is not of this timetable."""
        services = Service.objects.filter(centre__timetable=leader.timetable_id, pk__in=body["services"])
        rooms = Resource.objects.rooms().filter(timetable=leader.timetable_id).in_bulk()
        wanted = [*body["rooms"], *([body["room"]] if body["room"] else [])]
        if len(services) != len(set(body["services"])):
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such service here."), pointer="/services")
        if any(key not in rooms for key in wanted):
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such room here."), pointer="/rooms")
        kept = ("day", "starts", "ends", "recurrence", "last", "on_breaks", "urgent_places", "new_quota", "own_quota")
        return WindowFacts(
            services=tuple(services),
            weekdays=tuple(sorted(set(body["weekdays"]))),
            room=rooms[body["room"]] if body["room"] else None,
            rooms=tuple(rooms[key] for key in body["rooms"]),
            modes=frozenset(body["modes"]),
            **{name: body[name] for name in kept},
        )


class WindowList(_Windows, Listing):
    """The hours for visits that the caller keeps; and opening new ones."""

    query_class = ListQuery
    body_class = WindowNewBody
    ordering = ("series_id",)

    def rows(self) -> QuerySet[OpeningWindow]:
        """Return the windows."""
        return self.seen()

    @extend_schema(
        request=WindowNewBody,
        responses={201: OpenApiResponse(WindowShape, description="The hours are open."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Open hours; they are published at once."""
        body = self.read_body()
        return self.answer(lambda: self._open(body))

    def _open(self, body: Mapping[str, Any]) -> Answer:
        leaders = specialists_of(self.account, timezone.localdate(self.now))
        if "specialist" in body:
            leaders = leaders.filter(pk=body["specialist"])
        leader = leaders.order_by("name", "pk").first()
        if leader is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such person whose hours you keep."))
        facts = self.facts(leader, body)
        try:
            window, _plan = open_window(specialist=leader, facts=facts, now=self.now, by=self.account)
        except Refused as refused:
            return _refused(refused)
        where = reverse("api-opening-window", args=[window.pk])
        return Answer(HTTPStatus.CREATED, dict(self.shown(window.pk)), where)


class WindowOne(_Windows, One):
    """One window."""

    def row(self) -> OpeningWindow:
        """Return the window. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])

    def leader(self) -> Resource:
        """Return whose hours they are."""
        leader = self.row().series.leader
        assert leader is not None  # noqa: S101  windows are kept by somebody
        return leader


class _Preview(WindowOne):
    """What a change would do."""

    http_method_names = ("post", "options")

    def plan(self, facts: WindowFacts | None, body: Mapping[str, Any]) -> Response:
        """Answer the plan, or why there is none."""
        window = self.row()
        try:
            plan = plan_window_change(window_id=window.pk, facts=facts, from_day=body["from_day"], now=self.now)
        except Refused as refused:
            answer = _refused(refused)
            return Response(answer.body, answer.status, content_type="application/problem+json")
        return Response(plan_body(plan, window))


class WindowPreview(_Preview):
    """What other hours would do."""

    body_class = WindowPreviewBody

    @extend_schema(request=WindowPreviewBody, responses={200: WindowPlanShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Show which dates come, move and go, and which booked visits would lose their hours; writes nothing."""
        body = self.read_body()
        return self.plan(self.facts(self.leader(), body), body)


class WindowClosePreview(_Preview):
    """What closing would do."""

    body_class = WindowClosePreviewBody

    @extend_schema(request=WindowClosePreviewBody, responses={200: WindowPlanShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Show which booked visits would lose their hours; writes nothing."""
        return self.plan(None, self.read_body())


class _Change(WindowOne):
    """Carrying out what a preview showed."""

    http_method_names = ("post", "options")

    def carry_out(self, facts: WindowFacts | None, body: Mapping[str, Any]) -> Answer:
        """Answer the window of the new hours; 409 `plan_changed` carries the new plan."""
        window = self.row()
        self.require_match(lambda: self.get_serializer(self.row()).data)
        try:
            changed, _plan = change_window(
                window_id=window.pk,
                facts=facts,
                from_day=body["from_day"],
                fingerprint=body["fingerprint"],
                now=self.now,
                by=self.account,
            )
        except WindowPlanChanged as other:
            answer = _refused(other)
            return Answer(answer.status, {**answer.body, "plan": plan_body(other.plan, window)})
        except Refused as refused:
            return _refused(refused)
        return Answer(HTTPStatus.OK, dict(self.shown(changed.pk)))


class WindowChange(_Change):
    """Other hours from a day on."""

    body_class = WindowChangeBody

    @extend_schema(request=WindowChangeBody, responses={200: WindowShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Change the hours as the preview showed; booked visits stay."""
        body = self.read_body()
        return self.answer(lambda: self.carry_out(self.facts(self.leader(), body), body))


class WindowClose(_Change):
    """No more hours from a day on."""

    body_class = WindowCloseBody

    @extend_schema(request=WindowCloseBody, responses={200: WindowShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Close the hours as the preview showed; booked visits stay."""
        body = self.read_body()
        return self.answer(lambda: self.carry_out(None, body))


def _refused(refused: Refused) -> Answer:
    reason = refused.refusal
    return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason))
