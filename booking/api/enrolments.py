"""Places of children in groups: enrolling, reading, giving back."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, ListQuery, Since, Text
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.enrolment import enrol_child, withdraw_as_family, withdraw_child
from booking.domain.idempotency import Answer
from booking.domain.refusals import alternatives
from booking.errors import Refused
from booking.locks import lock_line
from booking.models import Centre, Enrolment, Group, Person

CHILD, GROUP = "6f1c9d0e-2f51-4c8e-9a55-0c6c9f0f5a01", "b7a3a4de-7d0b-4b0c-8f6b-6a9f6c1d2e02"
EXAMPLE = {
    "id": "0d9b5b0a-57b5-4a2c-9a0f-3f6f0f2b7c03",
    "child": CHILD,
    "group": GROUP,
    "status": "enrolled",
    "position": None,
    "refusal": None,
    "note": "",
    "wish": None,
    "bundle": None,
    "created_at": "2026-11-25T16:00:00+01:00",
    "updated_at": "2026-11-25T16:00:00+01:00",
}


@extend_schema_serializer(examples=[OpenApiExample("A place", value=EXAMPLE, response_only=True)])
class EnrolmentShape(serializers.ModelSerializer[Enrolment]):
    """A place, or one that is over."""

    child = serializers.UUIDField(source="child_id")
    group = serializers.UUIDField(source="group_id")
    position = serializers.SerializerMethodField(help_text="The place in line while `status` is `waiting`.")
    refusal = serializers.SerializerMethodField(help_text="Always null: a refusal is a problem, not an enrolment.")
    wish = serializers.UUIDField(
        allow_null=True, help_text="The same for places in line of which the first one counts."
    )
    bundle = serializers.UUIDField(allow_null=True, help_text="The same for siblings who come together or not at all.")
    created_at = Moment(timetable="group.term.timetable")
    updated_at = Moment(timetable="group.term.timetable")

    class Meta:
        model = Enrolment
        fields = (
            "id",
            "child",
            "group",
            "status",
            "position",
            "refusal",
            "note",
            "wish",
            "bundle",
            "created_at",
            "updated_at",
        )
        read_only_fields = fields

    def get_position(self, enrolment: Enrolment) -> int | None:
        """Return the place in line, as it was counted with the row."""
        return enrolment.place_in_line

    def get_refusal(self, enrolment: Enrolment) -> str | None:  # noqa: ARG002  the promised shape
        """Return null."""
        return None


SHAPE = EnrolmentShape()  # its fields are made once, not for every family of a rush


@extend_schema_serializer(
    examples=[OpenApiExample("Enrol a child", value={"child": CHILD, "group": GROUP}, request_only=True)]
)
class EnrolmentBody(Body):
    child = Id()
    group = Id()
    note = Text(required=False, default="", allow_blank=True, max_length=500)


class EnrolmentQuery(Since, ListQuery):
    """Which enrolments are listed."""

    child = Id(required=False)
    group = Id(required=False)
    status = serializers.ListField(
        child=serializers.ChoiceField(choices=Enrolment.Status.choices), required=False, help_text="Any of these."
    )


class OwnEnrolments(Door):
    """The enrolments of the people the caller may see."""

    serializer_class = EnrolmentShape

    def seen(self) -> QuerySet[Enrolment]:
        """Return them."""
        on = timezone.localdate(self.now)
        return Enrolment.objects.visible_to(self.account, on).with_position().select_related("group__term__timetable")

    def is_at_the_desk(self, child: Person, group: Group) -> bool:
        """Say whether the caller enrols as the desk of the group's centre, not as the family."""
        on = timezone.localdate(self.now)
        if group.entry == Group.Entry.OPEN and group.is_open_at(self.now):
            return False  # then it makes no difference
        if (
            child.pk == self.account.person_id
            or Person.objects.children_of(self.account, on).filter(pk=child.pk).exists()
        ):
            return False
        return Centre.objects.with_desk_of(self.account, on).filter(pk=group.activity.centre_id).exists()

    def refused(self, refused: Refused, child: Person, group: Group) -> Answer:
        """Return the answer that says why not, and which groups she could join instead."""
        instead = [str(each.pk) for each in alternatives(child=child, group=group, now=self.now)]
        reason = refused.refusal
        return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, alternatives=instead))


class EnrolmentList(OwnEnrolments, Listing):
    """The enrolments of the caller's people, newest first; and enrolling one of them."""

    query_class = EnrolmentQuery
    body_class = EnrolmentBody
    ordering = ("-created_at", "-id")

    def rows(self) -> QuerySet[Enrolment]:
        """Return the enrolments."""
        enrolments = self.seen()
        for name in ("child", "group"):
            if name in self.query:
                enrolments = enrolments.filter(**{name: self.query[name]})
        if "status" in self.query:
            enrolments = enrolments.filter(status__in=self.query["status"])
        since = self.query.get("updated_since")
        return enrolments.filter(updated_at__gte=since) if since else enrolments

    @extend_schema(
        request=EnrolmentBody,
        responses={201: OpenApiResponse(EnrolmentShape, description="The place is given, or one in line."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Enrol a child in a group for the whole course, at once, or put her in line where all places are taken."""
        body = self.read_body()
        return self.answer(lambda: self._enrol(**body))

    def _enrol(self, *, child: uuid.UUID, group: uuid.UUID, note: str) -> Answer:
        on = timezone.localdate(self.now)
        person = Person.objects.one_bookable_by(self.account, on, child)
        if person is None:
            raise Problem(
                HTTPStatus.NOT_FOUND, detail=_("There is no such child that you could enrol."), pointer="/child"
            )
        wanted = Group.objects.one_visible_to(self.account, on, group)
        if wanted is None:
            raise _unknown("/group", _("There is no such group."))
        with timezone.override(wanted.term.timetable.tz):
            try:
                enrolment = enrol_child(
                    child=person,
                    group=wanted,
                    by=self.account,
                    now=self.now,
                    note=note,
                    by_desk=self.is_at_the_desk(person, wanted),
                )
            except Refused as refused:
                return self.refused(refused, person, wanted)
        enrolment.group = wanted
        return Answer(
            HTTPStatus.CREATED, SHAPE.to_representation(enrolment), reverse("api-enrolment", args=[enrolment.pk])
        )


class EnrolmentOne(OwnEnrolments, One):
    """One enrolment."""

    def row(self) -> Enrolment:
        """Return the enrolment."""
        found = self.seen().filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise Http404
        return found


class EnrolmentWithdraw(EnrolmentOne):
    """Giving a place back."""

    http_method_names = ("post", "options")

    @extend_schema(request=None, responses={200: EnrolmentShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Give the place back; it is free at once. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._withdraw)

    @transaction.atomic
    def _withdraw(self) -> Answer:
        enrolment = self.row()
        self.require_match(lambda: self._standing(enrolment))
        on = timezone.localdate(self.now)
        if not Person.objects.bookable_by(self.account, on).filter(pk=enrolment.child_id).exists():
            sentence = _("You may see this place, but another guardian enrols and withdraws.")
            raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)
        desk = Centre.objects.with_desk_of(self.account, on).filter(pk=enrolment.group.activity.centre_id)
        if desk.exists():
            withdraw_child(enrolment_id=enrolment.pk, by=self.account, now=self.now)
        elif reason := withdraw_as_family(enrolment_id=enrolment.pk, by=self.account, now=self.now):
            return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason, alternatives=[]))
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)

    def _standing(self, enrolment: Enrolment) -> Any:
        """Return the enrolment as it stands once nobody else can change it any more."""
        lock_line(enrolment.group_id)
        return self.get_serializer(self.row()).data


def _unknown(pointer: str, sentence: object) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer=pointer)
