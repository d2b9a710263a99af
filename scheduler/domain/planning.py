"""Drafting a series: its pattern, room, leader and other resources, before anything is published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused
from scheduler.models import Recurrence, Resource, Series, Term, Timetable
from scheduler.recurrence import draw_calendar, draw_pattern


@transaction.atomic
def open_timetable(
    *, name: str, slug: str, voivodeship: str, zone: str = "Europe/Warsaw", timetable_id: uuid.UUID | None = None
) -> Timetable:
    """Store an empty timetable; `slug` must be new. `timetable_id` is given by importers that keep identities."""
    return Timetable.objects.create(
        id=timetable_id or uuid.uuid4(),
        name=name,
        zone=zone,
        voivodeship=voivodeship,
        calendar=draw_calendar(name=name, slug=slug),
    )


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
    series_id: uuid.UUID | None = None,
) -> Series:
    """Store a series that repeats from `day` to the end of `term`; nothing is published yet.

    `starts` and `ends` are wall-clock hours of the timetable's zone; `series_id` is given by importers that keep
    identities. Raises Refused (`empty_hours`, `missing_hour`).
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
        id=series_id or uuid.uuid4(),
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


@transaction.atomic
def discard_draft(*, series_id: uuid.UUID) -> None:
    """Forget a series that was never published, with its pattern. Raises Refused (`published`), Series.DoesNotExist."""
    series = Series.objects.select_for_update(of=("self",)).select_related("event").get(pk=series_id)
    if series.published_at is not None:
        raise Refused(Refusal("published", _("This series was published. Cancel its dates instead.")))
    series.delete()
    series.event.delete()
