"""The log of what changed in a timetable, in order, for programs that follow it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from booking.api.doors import Listing
from booking.api.offer import ByCentre, of_centre
from booking.api.paging import Cursor, Pages
from booking.api.parsing import ListQuery
from booking.api.problems import Problem
from booking.api.sessions import open_sessions
from booking.api.shapes import Moment
from booking.models import Centre
from scheduler.models import TimetableChange


class ChangeShape(serializers.ModelSerializer[TimetableChange]):
    """One change. A subject may be named many times; read its present state at its own address.

    Of a session that was removed (cancelled) the row stays, so that its address still answers.
    """

    at = Moment(timetable="timetable")
    subject_id = serializers.UUIDField(help_text="The id of the session, closure or term.")

    class Meta:
        model = TimetableChange
        fields = ("number", "at", "subject", "subject_id", "what")
        read_only_fields = fields


class LogPages(Pages):
    """Pages of a log that grows at its end: `next` is always there, so that one reads on from it later."""

    def _of_query(self, queryset: QuerySet[Any], cursor: Cursor | None) -> list[Any]:
        rows = super()._of_query(queryset, cursor)
        self.previous = None
        if rows:
            self.next = Cursor(place=self._place(rows[-1]))
        elif cursor is None or not cursor.backward:
            self.next = cursor or Cursor(place=[0])
        return rows


class ChangeQuery(ByCentre, ListQuery):
    """Whose log is read, and from where."""


class ChangeList(Listing):
    """What changed in the timetable of a centre, the oldest first.

    `next` is never null: keep it and ask again later; an empty page means that nothing has changed since. Numbers of a
    centre become visible in their order, so that nothing is missed. Whoever plans the timetable reads all of it,
    others what concerns public sessions, closures and terms.
    """

    serializer_class = ChangeShape
    query_class = ChangeQuery
    pagination_class = LogPages
    ordering = ("number",)

    def rows(self) -> QuerySet[TimetableChange]:
        """Return the log of one centre. Raises Problem (404; 400 if it is not said which centre)."""
        centre = self._centre()
        log = TimetableChange.objects.filter(timetable=centre.timetable_id).select_related("timetable")
        planned = Centre.objects.planned_by(self.account, timezone.localdate(self.now))
        if planned.filter(pk=centre.pk).exists():
            return log
        known = open_sessions().filter(pk=OuterRef("subject_id"))
        return log.filter(~Q(subject=TimetableChange.Subject.SESSION) | Exists(known))

    def _centre(self) -> Centre:
        if "centre" in self.query:
            found = Centre.objects.filter(of_centre(self.query["centre"])).first()
            if found is None:
                raise Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is no such centre."), pointer="/centre")
            return found
        planned = Centre.objects.planned_by(self.account, timezone.localdate(self.now))
        for centres in (planned, Centre.objects.all()):
            known = list(centres[:2])
            if len(known) == 1:
                return known[0]
        raise Problem(HTTPStatus.BAD_REQUEST, "centre_missing", _("Say of which centre."), pointer="/centre")
