"""What the addresses for planners share: whose timetable it is, and refusals as answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.api.doors import Door
from booking.api.offer import of_centre
from booking.api.problems import Problem, problem
from booking.domain.idempotency import Answer
from booking.errors import Refused
from booking.models import Centre
from booking.models.centre import CentreQuerySet
from scheduler.models import Resource, Series, Session, Term, Timetable

Row = TypeVar("Row")


class Planning(Door):
    """An address for those who plan a timetable; what others plan does not exist for them."""

    def centres(self) -> CentreQuerySet:
        """Return the centres whose timetable the caller plans today."""
        return Centre.objects.planned_by(self.account, timezone.localdate(self.now))

    def timetable(self, centre: str) -> Timetable:
        """Return the timetable of one of them, by slug or id. Raises Problem (404) for others."""
        found = self.centres().filter(of_centre(centre)).select_related("timetable").first()
        if found is None:
            raise Problem(HTTPStatus.NOT_FOUND, "not_found", _("There is no such centre."), pointer="/centre")
        return found.timetable

    def term(self) -> Term:
        """Return the term that the address names. Raises Http404."""
        terms = Term.objects.filter(timetable__centre__in=self.centres())
        return _found(terms.select_related("timetable__centre").filter(pk=self.kwargs["id"]).first())

    def line(self) -> Series:
        """Return the series that the address names, or the published one of a revision. Raises Http404."""
        lines = Series.objects.with_pattern().filter(timetable__centre__in=self.centres()).select_related("term")
        line = _found(lines.filter(pk=self.kwargs["id"]).first())
        return line if line.replaces_id is None else lines.get(pk=line.replaces_id)

    def session(self) -> Session:
        """Return the session that the address names. Raises Http404."""
        sessions = Session.objects.filter(timetable__centre__in=self.centres())
        return _found(sessions.select_related("timetable").filter(pk=self.kwargs["id"]).first())

    def resources(self, timetable_id: uuid.UUID, keys: list[uuid.UUID], pointer: str) -> list[Resource]:
        """Return resources of a timetable by their ids. Raises Problem (400) for an id it does not have."""
        found = Resource.objects.filter(timetable=timetable_id).in_bulk(keys)
        if len(found) < len(set(keys)):
            raise Problem(HTTPStatus.BAD_REQUEST, "unknown_resource", _("There is no such resource."), pointer=pointer)
        return [found[key] for key in keys]

    def done(self, effect: Callable[[], Answer]) -> Answer:
        """Return the answer of an effect; a refusal, told on the clock of the caller's centre, is an answer too."""
        try:
            return effect()
        except Refused as refused:
            reason = refused.refusal
            return Answer(HTTPStatus.CONFLICT, problem(HTTPStatus.CONFLICT, reason.code, reason))


def _found(row: Row | None) -> Row:
    if row is None:
        raise Http404
    return row
