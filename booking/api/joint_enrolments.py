"""Asking for several places at once: one of several groups, or siblings who come together or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.enrolments import EnrolmentShape, OwnEnrolments
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, Text
from booking.api.problems import Problem
from booking.domain.idempotency import Answer
from booking.domain.joint_enrolment import Ask, enrol_in_any, enrol_together
from booking.errors import Refused
from booking.models import Enrolment, Group, Person

MOST = 10  # places asked for at once


class JointShape(serializers.Serializer[Any]):
    """The places that were asked for at once."""

    enrolments = EnrolmentShape(many=True)


class AnyBody(Body):
    child = Id()
    groups = serializers.ListField(child=Id(), min_length=2, max_length=MOST, help_text="The one liked best first.")
    note = Text(required=False, default="", allow_blank=True, max_length=500)

    def validate_groups(self, groups: list[uuid.UUID]) -> list[uuid.UUID]:
        """Refuse a group that is named twice."""
        return _each_once(groups)


class PlaceBody(Body):
    child = Id()
    group = Id()


class TogetherBody(Body):
    places = PlaceBody(many=True, min_length=2, max_length=MOST)  # type: ignore[call-arg]  # they go to the list
    note = Text(required=False, default="", allow_blank=True, max_length=500)

    def validate_places(self, places: list[dict[str, uuid.UUID]]) -> list[dict[str, uuid.UUID]]:
        """Refuse a child that is named twice."""
        _each_once([place["child"] for place in places])
        return places


class _Joint(OwnEnrolments):
    """Places that are asked for at once."""

    http_method_names = ("post", "options")

    def _child(self, child_id: uuid.UUID, pointer: str) -> Person:
        child = Person.objects.one_bookable_by(self.account, timezone.localdate(self.now), child_id)
        if child is None:
            sentence = _("There is no such child that you could enrol.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer=pointer)
        return child

    def _group(self, group_id: uuid.UUID, pointer: str) -> Group:
        group = Group.objects.one_visible_to(self.account, timezone.localdate(self.now), group_id)
        if group is None:
            raise Problem(HTTPStatus.NOT_FOUND, detail=_("There is no such group."), pointer=pointer)
        return group

    def _ask(self, asks: Sequence[Ask], effect: Callable[[bool], list[Enrolment]]) -> Answer:
        """Answer with the places made, or with why the first one cannot be had."""
        with timezone.override(asks[0].group.term.timetable.tz):
            try:
                made = effect(all(self.is_at_the_desk(child, group) for child, group in asks))
            except Refused as refused:
                return self.refused(refused, *asks[0])
        rows = {row.pk: row for row in self.seen().filter(pk__in=[entry.pk for entry in made])}
        return Answer(HTTPStatus.CREATED, JointShape({"enrolments": [rows[entry.pk] for entry in made]}).data)


class EnrolmentInAny(_Joint):
    """One of several groups."""

    body_class = AnyBody

    @extend_schema(
        request=AnyBody,
        responses={201: OpenApiResponse(JointShape, description="A place, or all the lines."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Enrol a child in the first of these groups that takes her, or put her in line for all that fit.

        In line the entries share a `wish`: when one becomes a place, the other lines are left.
        """
        return self.answer(lambda: self._wish(self.read_body()))

    def _wish(self, body: Mapping[str, Any]) -> Answer:
        child = self._child(body["child"], "/child")
        groups = [self._group(key, f"/groups/{number}") for number, key in enumerate(body["groups"])]
        facts = {"by": self.account, "now": self.now, "note": body["note"]}
        return self._ask(
            [Ask(child, group) for group in groups],
            lambda by_desk: enrol_in_any(child=child, groups=groups, by_desk=by_desk, **facts),
        )


class EnrolmentTogether(_Joint):
    """Siblings who come together or not at all."""

    body_class = TogetherBody

    @extend_schema(
        request=TogetherBody,
        responses={201: OpenApiResponse(JointShape, description="All places, or all in line."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Enrol siblings all at once, or put all of them in line: both or neither.

        In line the entries share a `bundle`: places are offered only when there is one for each.
        """
        return self.answer(lambda: self._bundle(self.read_body()))

    def _bundle(self, body: Mapping[str, Any]) -> Answer:
        asks = [
            Ask(
                self._child(place["child"], f"/places/{number}/child"),
                self._group(place["group"], f"/places/{number}/group"),
            )
            for number, place in enumerate(body["places"])
        ]
        facts = {"by": self.account, "now": self.now, "note": body["note"]}
        return self._ask(asks, lambda by_desk: enrol_together(asks=asks, by_desk=by_desk, **facts))


def _each_once(keys: list[uuid.UUID]) -> list[uuid.UUID]:
    if len(set(keys)) < len(keys):
        raise serializers.ValidationError(_("Each can be named once."), code="repeated")
    return keys
