"""Days on which a centre rests: holidays, school breaks, own closures. Public; planners write the last."""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing
from booking.api.offer import of_centre
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Day, Id, ListQuery, Text
from booking.api.planning import Planning
from booking.api.problems import Problem
from booking.api.sessions import Days, asked_days
from booking.domain.idempotency import Answer
from booking.models import Centre
from scheduler.domain.closures import ClosedDays, add_closure, list_closures, remove_closure
from scheduler.models import Closure, Place

YEAR = 365


class ClosureQuery(Days, ListQuery):
    """Whose closures are listed, and of which days."""

    longest = 2 * YEAR + 1
    centre = Text(max_length=60, help_text="The slug or the id of a centre.")


class ClosureShape(serializers.Serializer[ClosedDays]):
    id = serializers.UUIDField(allow_null=True, help_text="Of closures of the centre's own; null for others.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day, included.")
    kind = serializers.ChoiceField(choices=["holiday", "school_break", "own"])
    name = serializers.CharField()
    place = serializers.UUIDField(
        source="place_id", allow_null=True, help_text="The only place that is closed; null: the whole centre."
    )


class ClosureBody(Body):
    centre = Text(max_length=60, help_text="The slug or the id of a centre.")
    name = Text(max_length=200, help_text="Why; families read it.")
    starts_on = Day()
    ends_on = Day(help_text="The last day, included.")
    place = Id(required=False, allow_null=True, default=None, help_text="The only place that is closed.")


class ClosureList(Planning, Listing):
    """Closures in order of time; without days those of the year that begins today. And closing a centre or a place."""

    body_class = ClosureBody
    serializer_class = ClosureShape
    query_class = ClosureQuery

    def rows(self) -> list[ClosedDays]:
        """Return the closures that touch the days. Raises Problem for an unknown centre."""
        centres = Centre.objects.select_related("timetable")
        centre = centres.filter(of_centre(self.query["centre"])).first()
        if centre is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is no such centre."), pointer="/centre")
        today = timezone.localdate(self.now, centre.timetable.tz)
        if not {"from", "to"} & self.query.keys():
            return list_closures(centre.timetable, today, today + timedelta(days=YEAR), of_places=True)
        first, last = asked_days(self.query, today=today, length=YEAR)
        return list_closures(centre.timetable, first, last, of_places=True)

    def get_permissions(self) -> list[Any]:
        """Let everybody read."""
        return [AllowAny()] if self.request.method in SAFE_METHODS else [*super().get_permissions()]

    @extend_schema(request=ClosureBody, responses={201: ClosureShape, **REFUSED})
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Close the centre or one of its places; published dates stand until the term is published again."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._close(**body)))

    def _close(self, *, centre: str, place: uuid.UUID | None, **facts: Any) -> Answer:
        timetable = self.timetable(centre)
        where = Place.objects.filter(timetable=timetable, pk=place).first() if place else None
        if place and where is None:
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_place", _("There is no such place."), pointer="/place")
        made = add_closure(timetable=timetable, place=where, now=self.now, **facts)
        shown = ClosedDays(made.starts_on, made.ends_on, "own", made.name, made.place_id, made.pk)
        return Answer(HTTPStatus.CREATED, ClosureShape(shown).data, reverse("api-closure", args=[made.pk]))


class ClosureOne(Planning):
    """One closure of a centre's own."""

    serializer_class = ClosureShape

    @extend_schema(responses={204: None})
    def delete(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Open again; dates that were dropped come back when the term is published."""
        return self.answer(self._open)

    def _open(self) -> Answer:
        own = Closure.objects.filter(timetable__centre__in=self.centres())
        remove_closure(closure_id=get_object_or_404(own, pk=self.kwargs["id"]).pk, now=self.now)
        return Answer(HTTPStatus.NO_CONTENT)
