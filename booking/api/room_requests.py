"""Asking the owner of a shared room whether a line, or one date, may meet there; and writing down what he said."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing, One
from booking.api.offer import ByCentre, of_centre
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Flag, Id, Instant, ListQuery, Since, Text
from booking.api.planning import Planning
from booking.api.problems import Problem
from booking.api.shapes import Moment, Named
from booking.domain.idempotency import Answer
from scheduler.domain.room_requests import answer_for_owner, ask_owner, ask_owner_about_date
from scheduler.models import RoomRequest, Series, Session
from scheduler.period import Period


class RoomRequestShape(serializers.ModelSerializer[RoomRequest]):
    """What an owner was asked. With `starts_at` it is about one date, otherwise about the hours the line then had."""

    centre = serializers.SlugField(source="room.timetable.centre.slug")
    room = Named()
    owner = serializers.CharField(source="room.owner")
    series = serializers.UUIDField(source="series_id")
    title = serializers.CharField(source="series.title")
    starts_at = Moment(timetable="room.timetable", allow_null=True)
    ends_at = Moment(timetable="room.timetable", allow_null=True)
    asked_at = Moment(timetable="room.timetable")
    decided_at = Moment(timetable="room.timetable", allow_null=True)

    class Meta:
        model = RoomRequest
        fields = (
            "id",
            "centre",
            "room",
            "owner",
            "series",
            "title",
            "starts_at",
            "ends_at",
            "status",
            "note",
            "asked_at",
            "decided_at",
        )
        read_only_fields = fields


class RoomRequestQuery(ByCentre, Since, ListQuery):
    """Which requests are listed."""

    status = serializers.ChoiceField(choices=RoomRequest.Status.choices, required=False)


class RoomRequestBody(Body):
    """Either a line in a shared room, or one date with the room and the hours it would be moved to."""

    series = Id(required=False, help_text="A line whose room needs the owner's word.")
    session = Id(required=False, help_text="A date that would be moved; then also where and when.")
    room = Id(required=False)
    starts_at = Instant(required=False)
    ends_at = Instant(required=False)

    default_error_messages = {
        "either": _("Name either a series, or a session with room, starts_at and ends_at."),
        "backwards": _("The end must come after the beginning."),
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what is neither about a line nor about one date."""
        if attrs.keys() not in ({"series"}, {"session", "room", "starts_at", "ends_at"}):
            raise serializers.ValidationError({"series": [self.error_messages["either"]]}, code="either")
        if "session" in attrs and attrs["ends_at"] <= attrs["starts_at"]:
            raise serializers.ValidationError({"ends_at": [self.error_messages["backwards"]]}, code="backwards")
        return attrs


class AnswerBody(Body):
    agrees = Flag()
    note = Text(required=False, default="", allow_blank=True, max_length=300, help_text="What the owner said.")


class _RoomRequests(Planning):
    serializer_class = RoomRequestShape

    def seen(self) -> QuerySet[RoomRequest]:
        """Return what owners were asked for timetables that the caller plans."""
        own = RoomRequest.objects.filter(room__timetable__centre__in=self.centres())
        return own.select_related("room__timetable__centre", "series__event")

    def told(self, request: RoomRequest) -> dict[str, Any]:
        """Return a request as it is answered."""
        return dict(self.get_serializer(self.seen().get(pk=request.pk)).data)


class RoomRequestList(_RoomRequests, Listing):
    """What owners of shared rooms were asked, the latest first; and noting that one was asked."""

    query_class = RoomRequestQuery
    body_class = RoomRequestBody
    ordering = ("-asked_at", "-id")

    def rows(self) -> QuerySet[RoomRequest]:
        """Return the requests."""
        rows = self.seen()
        if "centre" in self.query:
            rows = rows.filter(of_centre(self.query["centre"], "room__timetable__centre"))
        if "status" in self.query:
            rows = rows.filter(status=self.query["status"])
        if "updated_since" in self.query:
            since = self.query["updated_since"]
            rows = rows.filter(Q(asked_at__gte=since) | Q(decided_at__gte=since))
        return rows

    @extend_schema(
        request=RoomRequestBody,
        responses={
            201: OpenApiResponse(RoomRequestShape, description="It is noted that the owner was asked."),
            200: OpenApiResponse(RoomRequestShape, description="The owner was asked about the same before."),
            **REFUSED,
        },
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Note that the owner was asked. Nothing is sent to him; until he agrees the line stays a draft."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._ask(body)))

    def _ask(self, body: Mapping[str, Any]) -> Answer:
        known = set(self.seen().filter(status__in=["asked", "approved"]).values_list("pk", flat=True))
        asked = self._ask_about_date(body) if "session" in body else self._ask_about_line(body)
        status = HTTPStatus.OK if asked.pk in known else HTTPStatus.CREATED
        return Answer(status, self.told(asked), reverse("api-room-request", args=[asked.pk]))

    def _ask_about_line(self, body: Mapping[str, Any]) -> RoomRequest:
        planned = Series.objects.filter(timetable__centre__in=self.centres(), pk=body["series"])
        if not planned.exists():
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such series that you plan."), pointer="/series")
        return ask_owner(series_id=body["series"], now=self.now)

    def _ask_about_date(self, body: Mapping[str, Any]) -> RoomRequest:
        planned = Session.objects.filter(timetable__centre__in=self.centres(), pk=body["session"])
        if not planned.exists():
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such date that you plan."), pointer="/session")
        period = Period(body["starts_at"], body["ends_at"])
        return ask_owner_about_date(session_id=body["session"], room_id=body["room"], period=period, now=self.now)


class RoomRequestOne(_RoomRequests, One):
    """One request."""

    def row(self) -> RoomRequest:
        """Return it. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class RoomRequestAnswer(RoomRequestOne):
    """What the owner said."""

    body_class = AnswerBody
    http_method_names = ("post", "options")

    @extend_schema(request=AnswerBody, responses={200: RoomRequestShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Write down what the owner said; a later answer replaces an earlier one."""
        body = self.read_body()
        return self.answer(lambda: self._decide(body))

    def _decide(self, body: Mapping[str, Any]) -> Answer:
        asked = self.row()
        self.require_match(lambda: self.told(asked))
        decided = answer_for_owner(request_id=asked.pk, agrees=body["agrees"], note=body["note"], now=self.now)
        return Answer(HTTPStatus.OK, self.told(decided))
