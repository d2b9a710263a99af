"""Terms of a timetable: drafting one, copying one, the preview of what publishing would do, and publishing."""

from __future__ import annotations

import uuid
from datetime import date
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing, One
from booking.api.offer import ByCentre, of_centre
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Day, Id, ListQuery, Text
from booking.api.planning import Planning
from booking.api.plans import PlanShape
from booking.api.problems import problem
from booking.domain.idempotency import Answer
from booking.domain.term_copying import copy_term
from booking.domain.term_publishing import PlanChanged, TermPlan, plan_term, publish_term
from booking.errors import Refused
from booking.models import TermPublication
from scheduler.domain.terms import open_term
from scheduler.models import Term

MOST_TEXT = 300


class TermShape(serializers.ModelSerializer[Term]):
    """A stretch of weeks that is planned and published together."""

    centre = serializers.SlugField(source="timetable.centre.slug")
    ends_on = serializers.DateField(help_text="The last day, included.")

    class Meta:
        model = Term
        fields = ("id", "centre", "name", "starts_on", "ends_on")
        read_only_fields = fields


class LeftOutShape(serializers.Serializer[Any]):
    series = serializers.UUIDField()
    title = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class NewTermShape(serializers.ModelSerializer[Term]):
    """A term just opened; `left_out` says which series of the copied term have no day in it, and why."""

    centre = serializers.SlugField(source="timetable.centre.slug")
    left_out = LeftOutShape(many=True)

    class Meta:
        model = Term
        fields = ("id", "centre", "name", "starts_on", "ends_on", "left_out")
        read_only_fields = fields


class TermBody(Body):
    centre = Text(max_length=60, help_text="The slug or the id of a centre.")
    name = Text(max_length=100)
    starts_on = Day()
    ends_on = Day(help_text="The last day, included.")
    copy_of = Id(
        required=False, allow_null=True, default=None, help_text="The term whose series and groups are drafted anew."
    )


class TermQuery(ByCentre, ListQuery):
    """Whose terms are listed."""


class TermList(Planning, Listing):
    """The terms of the timetables that the caller plans, the latest first; and opening one."""

    serializer_class = TermShape
    query_class = TermQuery
    body_class = TermBody
    ordering = ("-starts_on", "-id")

    def rows(self) -> QuerySet[Term]:
        """Return the terms."""
        centres = self.centres()
        if "centre" in self.query:
            centres = centres.filter(of_centre(self.query["centre"]))
        return Term.objects.filter(timetable__centre__in=centres).select_related("timetable__centre")

    @extend_schema(request=TermBody, responses={201: NewTermShape, **REFUSED})
    def post(self, request: Request) -> Response:  # noqa: ARG002  DRF's signature
        """Open a term, empty or with drafts of everything in another one. Families see nothing of it."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._open(**body)))

    def _open(self, *, centre: str, copy_of: uuid.UUID | None, name: str, starts_on: date, ends_on: date) -> Answer:
        timetable = self.timetable(centre)
        left_out: list[dict[str, Any]] = []
        if copy_of is None:
            term = open_term(timetable=timetable, name=name, starts_on=starts_on, ends_on=ends_on)
        else:
            self.kwargs["id"] = copy_of
            copied = copy_term(term_id=self.term().pk, name=name, starts_on=starts_on, ends_on=ends_on)
            term = copied.term
            left_out = [
                {"series": line.pk, "title": line.title, "code": why.code, "detail": str(why)}
                for line, why in copied.left_out
            ]
        term.left_out = left_out  # type: ignore[attr-defined]  # for this answer only
        return Answer(HTTPStatus.CREATED, NewTermShape(term).data, reverse("api-term", args=[term.pk]))


class TermOne(Planning, One):
    """One term."""

    serializer_class = TermShape

    def row(self) -> Term:
        """Return it."""
        return self.term()


class TermPreview(Planning, One):
    """What publishing a term would do now."""

    serializer_class = PlanShape

    def row(self) -> TermPlan:
        """Return the plan; nothing is written."""
        term = self.term()
        with timezone.override(term.timetable.tz):
            return plan_term(term_id=term.pk, now=self.now)


class PublishBody(Body):
    fingerprint = Text(max_length=64, help_text="That of the preview that is confirmed.")
    reason = Text(
        required=False,
        default="",
        allow_blank=True,
        max_length=MOST_TEXT,
        help_text="Why it is published in spite of warnings; it stays in the log.",
    )


class PublicationShape(serializers.ModelSerializer[TermPublication]):
    """What was published; nothing at all if `added`, `changed`, `removed` and `told` are 0 and `id` is null."""

    class Meta:
        model = TermPublication
        fields = ("id", "term", "at", "reason", "warnings", "added", "changed", "removed", "told")
        read_only_fields = fields


NOTHING = {"reason": "", "warnings": [], "added": 0, "changed": 0, "removed": 0, "told": 0}


class TermPublish(Planning):
    """Publishing a term as it was previewed."""

    body_class = PublishBody
    serializer_class = PublicationShape

    @extend_schema(request=PublishBody, responses={200: PublicationShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Publish all or nothing and tell everyone concerned once.

        409 `plan_changed` carries the new `preview` when the timetable is no longer as it was shown; other refusals
        have the code of what stands in the way. Repeating it changes nothing.
        """
        body = self.read_body()
        return self.answer(lambda: self._publish(**body))

    def _publish(self, *, fingerprint: str, reason: str) -> Answer:
        term = self.term()
        with timezone.override(term.timetable.tz):
            try:
                return self._done(term, fingerprint, reason)
            except PlanChanged as changed:
                told, preview = changed.refusal, dict(PlanShape(changed.plan).data)
                return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, told.code, told, preview=preview))
            except Refused as refused:
                reasons = refused.refusal
                return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reasons.code, reasons))

    def _done(self, term: Term, fingerprint: str, reason: str) -> Answer:
        done = publish_term(term_id=term.pk, fingerprint=fingerprint, by=self.account, now=self.now, reason=reason)
        nothing = {"id": None, "term": term.pk, "at": self.now, **NOTHING}
        return Answer(HTTPStatus.OK, self.get_serializer(done).data if done else nothing)
