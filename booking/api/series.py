"""Lines of a timetable for those who plan it: drafting, revising, ending, splitting and discarding drafts."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import Listing, One
from booking.api.line_shapes import FollowingBody, LineBody, LineShape
from booking.api.openapi import REFUSED
from booking.api.parsing import ListQuery
from booking.api.planning import Planning
from booking.api.problems import Problem
from booking.domain.idempotency import Answer
from booking.domain.series_drafts import discard, discontinue_line, draft_line, revise_line, split_line
from booking.models import Group
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Resource, Series


class _Lines(Planning):
    """Lines as planners write them."""

    serializer_class = LineShape

    def facts(self, timetable_id: uuid.UUID, body: Mapping[str, Any]) -> SeriesFacts:
        """Return the facts of a body. Raises Problem (400) for resources of other timetables."""
        named = {
            field: self.resources(timetable_id, [body[field]] if body[field] else [], f"/{field}")
            for field in ("room", "leader")
        }
        if any(each.kind != Resource.Kind.ROOM for each in named["room"]):
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_resource", _("This is no room."), pointer="/room")
        if any(each.kind != Resource.Kind.SPECIALIST for each in named["leader"]):
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_resource", _("This is no person."), pointer="/leader")
        plain = ("title", "day", "last", "starts", "ends", "recurrence", "units_taken")
        habits = ("kind", "audience", "on_breaks", "forced_days")
        return SeriesFacts(
            **{name: body[name] for name in (*plain, *habits)},
            weekdays=tuple(body["weekdays"]),
            room=next(iter(named["room"]), None),
            leader=next(iter(named["leader"]), None),
            resources=tuple(self.resources(timetable_id, body["resources"], "/resources")),
        )

    def groups(self, body: Mapping[str, Any]) -> list[Group]:
        """Return the groups of a body. Raises Problem (400) for those of other centres."""
        found = Group.objects.filter(activity__centre__in=self.centres()).in_bulk(body["groups"])
        if len(found) < len(set(body["groups"])):
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_group", _("There is no such group."), pointer="/groups")
        return list(found.values())

    def shown(self, line: Series) -> Any:
        """Return a line as it is shown."""
        loaded = Series.objects.with_pattern().prefetch_related("groups")
        return LineShape(loaded.get(pk=line.pk)).data

    def made(self, line: Series) -> Answer:
        """Answer a draft that was just written."""
        return Answer(HTTPStatus.CREATED, self.shown(line), reverse("api-line", args=[line.pk]))


class LineList(_Lines, Listing):
    """The lines of a term, published ones, drafts and revisions; and drafting one."""

    query_class = ListQuery
    body_class = LineBody
    ordering = ("title", "id")

    def rows(self) -> QuerySet[Series]:
        """Return the lines."""
        return Series.objects.with_pattern().filter(term=self.term()).prefetch_related("groups")

    @extend_schema(request=LineBody, responses={201: LineShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Draft a line; nobody but planners sees it until it is published."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._draft(body)))

    def _draft(self, body: Mapping[str, Any]) -> Answer:
        term = self.term()
        facts, groups = self.facts(term.timetable_id, body), self.groups(body)
        return self.made(draft_line(term=term, facts=facts, groups=groups))


class LineOne(_Lines, One):
    """One line of a timetable that the caller plans."""

    body_class = LineBody

    def row(self) -> Series:
        """Return the row that the address names: the line, or its revision."""
        named = Series.objects.filter(pk=self.kwargs["id"], replaces__isnull=False).first()
        return named or self.line()

    def get_object(self) -> Series:
        """Return it to DRF, which asks for it when the address is asked for its methods."""
        return self.row()

    def get(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Answer the line."""
        self.line()
        return Response(self.shown(self.row()))

    @extend_schema(request=LineBody, responses={200: LineShape, **REFUSED})
    def put(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Change a draft, or draft a revision of a published line; families see it once it is published."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._revise(body)))

    def _revise(self, body: Mapping[str, Any]) -> Answer:
        line = self.line()
        self.require_match(lambda: self.shown(self.row()))
        facts, groups = self.facts(line.timetable_id, body), self.groups(body)
        return Answer(HTTPStatus.OK, self.shown(revise_line(series_id=line.pk, facts=facts, groups=groups)))

    @extend_schema(responses={204: None, **REFUSED})
    def delete(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Discard what is drafted: a draft, or the revision or split of a published line."""
        return self.answer(lambda: self.done(self._discard))

    def _discard(self) -> Answer:
        self.line()
        discard(series_id=self.kwargs["id"])
        return Answer(HTTPStatus.NO_CONTENT)


class LineEnd(_Lines):
    """Ending a published line."""

    @extend_schema(request=None, responses={200: LineShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Draft that it has no more dates; publishing takes the coming ones back."""
        self.read_body()
        return self.answer(lambda: self.done(self._end))

    def _end(self) -> Answer:
        return Answer(HTTPStatus.OK, self.shown(discontinue_line(series_id=self.line().pk)))


class LineFollowing(_Lines):
    """Other facts for one date and all that follow."""

    body_class = FollowingBody

    @extend_schema(request=FollowingBody, responses={201: LineShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Draft a line that continues this one from a date on; what was before is left alone."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._split(body)))

    def _split(self, body: Mapping[str, Any]) -> Answer:
        line = self.line()
        if not line.sessions.filter(pk=body["session"]).exists():
            sentence = _("This is no date of the series.")
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_session", sentence, pointer="/session")
        facts = self.facts(line.timetable_id, body)
        groups = self.groups(body) or None
        return self.made(split_line(session_id=body["session"], facts=facts, groups=groups, now=self.now))
