"""Absences from single meetings: reporting, reading, taking back."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Door, Listing, One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Id, ListQuery
from booking.api.problems import Problem, problem
from booking.api.shapes import Moment
from booking.domain.absences import meetings_of, report_absence, withdraw_absence
from booking.domain.idempotency import Answer
from booking.errors import Refused
from booking.models import Absence, Person
from scheduler.models import Session


class AbsenceShape(serializers.ModelSerializer[Absence]):
    """That somebody will not come to one meeting; `withdrawn_at` says since when she comes after all."""

    child = serializers.UUIDField(source="child_id")
    session = serializers.UUIDField(source="session_id")
    reported_at = Moment(timetable="session.timetable")
    withdrawn_at = Moment(timetable="session.timetable", allow_null=True)

    class Meta:
        model = Absence
        fields = ("id", "child", "session", "reported_at", "withdrawn_at")
        read_only_fields = fields


class AbsenceBody(Body):
    child = Id()
    session = Id()


class AbsenceQuery(ListQuery):
    """Which absences are listed."""

    child = Id(required=False)
    session = Id(required=False)


class _OwnAbsences(Door):
    """The absences of the people the caller may see."""

    serializer_class = AbsenceShape

    def seen(self) -> QuerySet[Absence]:
        """Return them."""
        on = timezone.localdate(self.now)
        return Absence.objects.visible_to(self.account, on).select_related("session__timetable")


class AbsenceList(_OwnAbsences, Listing):
    """The absences of the caller's people, newest first; and reporting one."""

    query_class = AbsenceQuery
    body_class = AbsenceBody
    ordering = ("-reported_at", "-id")

    def rows(self) -> QuerySet[Absence]:
        """Return the absences."""
        return self.seen().filter(**{name: self.query[name] for name in ("child", "session") if name in self.query})

    @extend_schema(
        request=AbsenceBody,
        responses={201: OpenApiResponse(AbsenceShape, description="The absence is reported."), **REFUSED},
    )
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Say that a child will not come to one meeting; in day care to the later parts of that day too."""
        body = self.read_body()
        return self.answer(lambda: self._report(**body))

    def _report(self, *, child: uuid.UUID, session: uuid.UUID) -> Answer:
        on = timezone.localdate(self.now)
        person = Person.objects.bookable_by(self.account, on).filter(pk=child).first()
        if person is None:
            sentence = _("There is no such child that you could speak for.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/child")
        meeting = Session.objects.filter(pk=session).first()
        if meeting is None or meeting.series_id not in meetings_of(person):
            sentence = _("The child goes to no such meeting.")
            raise Problem(HTTPStatus.NOT_FOUND, detail=sentence, pointer="/session")
        try:
            absence = report_absence(child=person, session=meeting, by=self.account, now=self.now)[0]
        except Refused as refused:
            return _refused(refused)
        found = self.seen().get(pk=absence.pk)
        where = reverse("api-absence", args=[absence.pk])
        return Answer(HTTPStatus.CREATED, self.get_serializer(found).data, where)


class AbsenceOne(_OwnAbsences, One):
    """One absence."""

    def row(self) -> Absence:
        """Return the absence. Raises Http404."""
        return get_object_or_404(self.seen(), pk=self.kwargs["id"])


class AbsenceWithdraw(AbsenceOne):
    """Coming after all."""

    http_method_names = ("post", "options")

    @extend_schema(request=None, responses={200: AbsenceShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Take the absence back, until the meeting begins. Repeating it changes nothing."""
        self.read_body()
        return self.answer(self._withdraw)

    def _withdraw(self) -> Answer:
        absence = self.row()
        on = timezone.localdate(self.now)
        if not Person.objects.bookable_by(self.account, on).filter(pk=absence.child_id).exists():
            sentence = _("You may see this place, but another guardian enrols and withdraws.")
            raise Problem(HTTPStatus.FORBIDDEN, "may_not_book", sentence)
        self.require_match(lambda: self.get_serializer(self.row()).data)
        try:
            withdraw_absence(absence_id=absence.pk, now=self.now)
        except Refused as refused:
            return _refused(refused)
        return Answer(HTTPStatus.OK, self.get_serializer(self.row()).data)


def _refused(refused: Refused) -> Answer:
    reason = refused.refusal
    return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason))
