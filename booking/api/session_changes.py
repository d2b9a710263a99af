"""Changing one date of a timetable: cancel, move, restore, substitute, note; forcing one on a day of rest."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from booking.api.doors import One
from booking.api.openapi import REFUSED
from booking.api.parsing import Body, Day, Id, Instant, Text
from booking.api.planning import Planning
from booking.api.sessions import SessionShape, open_sessions
from booking.domain.idempotency import Answer
from booking.domain.timetable_changes import (
    cancel_date,
    force_date,
    move_date,
    note_date,
    restore_date,
    substitute_date,
)
from booking.models import Centre, Group
from scheduler.models import Session
from scheduler.period import Period

MOST_TEXT = 300


def words(help_text: str, *, required: bool = False) -> Text:
    """Return a field for a sentence or two."""
    if required:
        return Text(max_length=MOST_TEXT, help_text=help_text)
    return Text(max_length=MOST_TEXT, required=False, default="", allow_blank=True, help_text=help_text)


class NoteBody(Body):
    note = words("Why, in words for families.")


class RestoreBody(NoteBody):
    forced_reason = words("Why it takes place on a day of rest, or in spite of `check_expires` or `ratio`.")


class SessionMoveBody(RestoreBody):
    starts_at = Instant()
    ends_at = Instant()
    room = Id(required=False, allow_null=True, default=None)

    default_error_messages = {"backwards": _("The end must come after the beginning.")}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an end that is not after the start."""
        if attrs["ends_at"] <= attrs["starts_at"]:
            raise serializers.ValidationError({"ends_at": [self.error_messages["backwards"]]}, code="backwards")
        return attrs


class SubstituteBody(NoteBody):
    leader = Id(allow_null=True, help_text="Who leads instead; null: nobody.")


class ForceBody(NoteBody):
    day = Day(help_text="A day on which the series would meet if it were no day of rest.")
    reason = words("Why it takes place all the same; it stays in the log.", required=True)


class SessionOne(Planning, One):
    """One session: a public one for everyone, any other for those who plan it."""

    permission_classes = (AllowAny,)
    serializer_class = SessionShape

    def row(self) -> Session:
        """Return it."""
        public = shown(open_sessions(), Group.objects.public()).filter(pk=self.kwargs["id"]).first()
        if public is not None:
            return public
        planned = Session.objects.filter(timetable__centre__in=self.planned())
        found = shown(planned, Group.objects.all()).filter(pk=self.kwargs["id"]).first()
        if found is None:
            raise Http404
        return found

    def planned(self) -> Any:
        """Return the centres that the caller plans; none for strangers."""
        return Centre.objects.planned_by(self.request.user, timezone.localdate(self.now))


def shown(sessions: QuerySet[Session], groups: QuerySet[Group]) -> QuerySet[Session]:
    """Load sessions with what is shown of them."""
    named = Prefetch("series__groups", queryset=groups.order_by("name", "pk"))
    return sessions.select_related("series", "timetable__centre", "room", "leader").prefetch_related(named)


class _Change(Planning):
    """A change of one date; repeating it changes nothing and tells nobody again."""

    serializer_class = SessionShape

    def changed(self, session: Session) -> Answer:
        """Answer a session as it is now."""
        found = shown(Session.objects.filter(pk=session.pk), Group.objects.all()).get()
        return Answer(HTTPStatus.OK, self.get_serializer(found).data)

    def decide(self) -> Response:
        """Change what the body says, on the wall clock of the timetable."""
        body = self.read_body()

        def effect() -> Answer:
            session = self.session()
            self.require_match(lambda: self.changed(session).body)
            with timezone.override(session.timetable.tz):
                return self.done(lambda: self.changed(self.change(session.pk, body)))

        return self.answer(effect)

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Make the change. Raises Refused."""
        raise NotImplementedError


class SessionCancel(_Change):
    """Cancelling one date."""

    body_class = NoteBody

    @extend_schema(request=NoteBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Cancel it and tell everyone concerned; its identity stays."""
        return self.decide()

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Cancel it."""
        return cancel_date(session_id=session_id, by=self.account, now=self.now, **body)


class SessionMove(_Change):
    """Moving one date to another time or room."""

    body_class = SessionMoveBody

    @extend_schema(request=SessionMoveBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Move it and tell everyone concerned. `room` left out or null: without a room."""
        return self.decide()

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Move it."""
        return move_date(
            session_id=session_id,
            period=Period(body["starts_at"], body["ends_at"]),
            room_id=body["room"],
            note=body["note"],
            forced_reason=body["forced_reason"],
            by=self.account,
            now=self.now,
        )


class SessionRestore(_Change):
    """Letting a cancelled date take place after all."""

    body_class = RestoreBody

    @extend_schema(request=RestoreBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Restore it and tell everyone concerned."""
        return self.decide()

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Restore it."""
        return restore_date(session_id=session_id, by=self.account, now=self.now, **body)


class SessionSubstitute(_Change):
    """Letting somebody else lead one date."""

    body_class = SubstituteBody

    @extend_schema(request=SubstituteBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Change who leads and tell everyone concerned."""
        return self.decide()

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Change who leads."""
        return substitute_date(
            session_id=session_id, leader_id=body["leader"], note=body["note"], by=self.account, now=self.now
        )


class SessionNote(_Change):
    """Saying something to families about one date."""

    body_class = NoteBody

    @extend_schema(request=NoteBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Set the note and tell everyone concerned; an empty one takes it away."""
        return self.decide()

    def change(self, session_id: uuid.UUID, body: Mapping[str, Any]) -> Session:
        """Set the note."""
        return note_date(session_id=session_id, by=self.account, now=self.now, **body)


class LineForce(Planning):
    """A date of a published series on a day of rest."""

    body_class = ForceBody
    serializer_class = SessionShape

    @extend_schema(request=ForceBody, responses={200: SessionShape, **REFUSED})
    def post(self, request: Request, **kwargs: Any) -> Response:  # noqa: ARG002  DRF's signature
        """Let it take place all the same, with a reason, and tell everyone concerned."""
        body = self.read_body()
        return self.answer(lambda: self.done(lambda: self._force(body)))

    def _force(self, body: Mapping[str, Any]) -> Answer:
        line = self.line()
        with timezone.override(line.timetable.tz):
            session = force_date(series_id=line.pk, by=self.account, now=self.now, **body)
        found = shown(Session.objects.filter(pk=session.pk), Group.objects.all()).get()
        return Answer(HTTPStatus.OK, self.get_serializer(found).data)
