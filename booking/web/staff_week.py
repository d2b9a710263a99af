"""The timetable as staff see it: the sessions of a centre or of one person, in the colours of their groups."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.domain.absences import absent_from
from booking.models import Group
from booking.web.week import Week, WeekEntry, lay_out_week
from booking.web.week_links import read_view
from scheduler.domain.closures import list_closures
from scheduler.models import Resource, Series
from scheduler.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date
    from zoneinfo import ZoneInfo

    from scheduler.models import Timetable, TimetableRow
    from scheduler.models.session import SessionQuerySet


@dataclass(slots=True)
class Gathering:
    """The groups that meet in a series: what colour they give it and how many people they bring; and who helps."""

    kind: str = ""
    taken: int = 0
    belongs: set[uuid.UUID] = field(default_factory=set)


def staff_week(
    sessions: SessionQuerySet,
    *,
    timetable: Timetable,
    monday: date,
    today: date,
    query: Mapping[str, str],
    page: str,
) -> Week:
    """Lay out the week of `monday` of these sessions; `page` is the name of the address that each one leads to."""
    zone = timetable.tz
    period = Period.of_week(monday, zone)
    return lay_out_week(
        staff_entries(sessions.within(period), zone=zone, address=lambda row: reverse(page, args=[row.id])),
        monday=monday,
        today=today,
        closures=list_closures(timetable, monday, period.end.astimezone(zone).date()),
        view=read_view(query),
    )


def staff_entries(
    sessions: SessionQuerySet, *, zone: ZoneInfo, address: Callable[[TimetableRow], str]
) -> list[WeekEntry]:
    """Return the entries of these sessions, in five queries: the rows, their groups, helpers, places and absences."""
    rows = sessions.rows()
    gatherings = _gatherings({row.series_id for row in rows})
    rooms = Resource.objects.filter(pk__in={row.room_id for row in rows})
    places: dict[uuid.UUID | None, uuid.UUID | None] = dict(rooms.values_list("pk", "place_id"))
    absent = absent_from(row.id for row in rows)
    return [
        _entry(row, zone, gatherings[row.series_id], address(row), places, len(absent.get(row.id, ()))) for row in rows
    ]


def _entry(  # noqa: PLR0917  what a row is shown with, in the order it was loaded
    row: TimetableRow,
    zone: ZoneInfo,
    gathering: Gathering,
    url: str,
    places: Mapping[uuid.UUID | None, uuid.UUID | None],
    absent: int,
) -> WeekEntry:
    ids = {row.room_id, places.get(row.room_id), row.leader_id, *gathering.belongs}
    facts: dict[str, Any] = {"url": url, "belongs": frozenset(each for each in ids if each)}
    if gathering.kind:
        facts["tone"] = f"kind-{gathering.kind}"
        away = ngettext("%(n)d will not come", "%(n)d will not come", absent) % {"n": absent} if absent else ""
        said = (_("%(n)d enrolled") % {"n": gathering.taken}, away, row.note)
        facts["note"] = " · ".join(filter(None, said))
    elif row.kind == Series.Kind.DUTY:
        facts["tone"] = "session--quiet"
    return WeekEntry.of_row(row, zone=zone, **facts)


def _gatherings(series_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Gathering]:
    wanted = list(series_ids)
    found: dict[uuid.UUID, Gathering] = defaultdict(Gathering)
    links = Group.objects.filter(series__in=wanted).values_list("series", "pk", "activity__kind", "places_taken")
    for series_id, group_id, kind, taken in links:
        gathering = found[series_id]
        gathering.kind, gathering.taken = kind, gathering.taken + taken
        gathering.belongs.add(group_id)
    helpers = Resource.objects.filter(series_helped__in=wanted).values_list("series_helped", "pk")
    for series_id, resource_id in helpers:
        found[series_id].belongs.add(resource_id)
    return found
