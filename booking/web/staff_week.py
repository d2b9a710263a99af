"""The week as staff see it: the sessions of a timetable or of one person, in the colours of their groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.domain.absences import absent_from
from booking.models import Group
from booking.web.week import Week, WeekEntry, lay_out_week
from booking.web.week_grid import lanes_of
from booking.web.week_links import read_view
from scheduler.domain.closures import list_closures
from scheduler.models import Series
from scheduler.period import Period

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from scheduler.models import Timetable, TimetableRow
    from scheduler.models.session import SessionQuerySet


class Gathering(NamedTuple):
    """The groups that meet in a series: what colour they give it and how many people they bring."""

    kind: str
    taken: int


def staff_week(  # noqa: PLR0913  a page is laid out from these facts
    sessions: SessionQuerySet,
    *,
    timetable: Timetable,
    monday: date,
    today: date,
    query: Mapping[str, str],
    page: str,
    crowded: int = 0,
) -> Week:
    """Lay out the week of `monday`: a query each for sessions, their groups and absences, two for closures.

    `page` is the name of the address that each session leads to. Where as many as `crowded` sessions would stand side
    by side, too narrow to read, the week is a list unless the reader asked for a view.
    """
    zone = timetable.tz
    period = Period.of_week(monday, zone)
    rows = sessions.within(period).rows()
    gatherings = _gatherings({row.series_id for row in rows})
    absent = absent_from(row.id for row in rows)
    sunday = (period.end.astimezone(zone)).date()
    week = lay_out_week(
        [_entry(row, zone, gatherings.get(row.series_id), page, len(absent.get(row.id, ()))) for row in rows],
        monday=monday,
        today=today,
        closures=list_closures(timetable, monday, sunday),
        view=read_view(query),
    )
    lanes = max((lanes_of(entry.spot) for day in week.days for entry in day.sessions), default=1)
    return replace(week, view="list") if crowded and lanes >= crowded and not query.get("view") else week


def _entry(row: TimetableRow, zone: ZoneInfo, gathering: Gathering | None, page: str, absent: int) -> WeekEntry:
    facts: dict[str, Any] = {"url": reverse(page, args=[row.id])}
    if gathering is not None:
        facts["tone"] = f"kind-{gathering.kind}"
        away = ngettext("%(n)d will not come", "%(n)d will not come", absent) % {"n": absent} if absent else ""
        said = (_("%(n)d enrolled") % {"n": gathering.taken}, away, row.note)
        facts["note"] = " · ".join(filter(None, said))
    elif row.kind == Series.Kind.DUTY:
        facts["tone"] = "session--quiet"
    return WeekEntry.of_row(row, zone=zone, **facts)


def _gatherings(series_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Gathering]:
    found: dict[uuid.UUID, Gathering] = {}
    links = Group.objects.filter(series__in=series_ids).values_list("series", "activity__kind", "places_taken")
    for series_id, kind, taken in links:
        before = found.get(series_id)
        found[series_id] = Gathering(kind, taken + (before.taken if before else 0))
    return found
