"""What of a timetable a planner may open: the terms and lines of the centres she plans; all others do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from booking.models import Centre
from scheduler.models import Series, Session, Term

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from booking.models import Account


def planned_term(user: Account, on: date, term_id: uuid.UUID) -> Term:
    """Return a term with its timetable and centre. Raises Http404."""
    mine = Term.objects.filter(timetable__centre__in=Centre.objects.planned_by(user, on))
    return get_object_or_404(mine.select_related("timetable__centre"), pk=term_id)


def planned_line(user: Account, on: date, series_id: uuid.UUID) -> Series:
    """Return a line of the timetable, published or drafted; a revision's id leads to its line. Raises Http404."""
    mine = Series.objects.filter(timetable__centre__in=Centre.objects.planned_by(user, on)).with_pattern()
    found = get_object_or_404(mine.select_related("term", "timetable__centre"), pk=series_id)
    return mine.select_related("term", "timetable__centre").get(pk=found.replaces_id) if found.replaces_id else found


def plan_of(line: Series) -> Series:
    """Return the row that holds what the line is to become: its revision, or the line itself."""
    revision = Series.objects.with_pattern().select_related("term").filter(replaces=line).first()
    return revision or line


def planned_session(user: Account, on: date, session_id: uuid.UUID) -> Session:
    """Return one date with its series, room and leader. Raises Http404."""
    mine = Session.objects.filter(timetable__centre__in=Centre.objects.planned_by(user, on))
    return get_object_or_404(
        mine.select_related("series__term", "timetable__centre", "room__place", "leader"), pk=session_id
    )
