"""Drafting a series: its pattern, room, leader and other resources, before anything is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from django.db import transaction

from scheduler.models import Recurrence, Resource, Series, Term
from scheduler.recurrence import draw_pattern


@transaction.atomic
def draft_series(  # noqa: PLR0913  a series is made of these facts
    *,
    term: Term,
    title: str,
    day: date,
    starts: time,
    ends: time,
    recurrence: str = Recurrence.WEEKLY,
    room: Resource | None = None,
    leader: Resource | None = None,
    resources: Iterable[Resource] = (),
    kind: str = Series.Kind.MEETING,
    audience: str = Series.Audience.STAFF,
    on_breaks: str = Series.OnBreaks.REST,
) -> Series:
    """Store a series that repeats from `day` to the end of `term`; nothing is published yet.

    `starts` and `ends` are wall-clock hours of the timetable's zone. Raises Refused (`empty_hours`, `missing_hour`).
    """
    timetable = term.timetable
    event = draw_pattern(
        calendar=timetable.calendar,
        title=title,
        recurrence=recurrence,
        day=day,
        starts=starts,
        ends=ends,
        last=term.ends_on,
        zone=timetable.tz,
    )
    series = Series.objects.create(
        timetable=timetable,
        term=term,
        event=event,
        rule=event.rule,
        recurrence=recurrence,
        title=title,
        kind=kind,
        audience=audience,
        on_breaks=on_breaks,
        room=room,
        leader=leader,
    )
    series.resources.set(resources)
    return series
