"""Drafting series: their patterns, rooms, leaders and other resources, before anything is published."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scheduler.domain.series_facts import SeriesFacts
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
    weekdays: Iterable[int] = (),
    last: date | None = None,
    room: Resource | None = None,
    leader: Resource | None = None,
    resources: Iterable[Resource] = (),
    kind: str = Series.Kind.MEETING,
    audience: str = Series.Audience.STAFF,
    on_breaks: str = Series.OnBreaks.REST,
    series_id: uuid.UUID | None = None,
) -> Series:
    """Store a series that repeats from `day` to `last`, or to the end of `term`; nothing is published yet.

    `starts` and `ends` are wall-clock hours of the timetable's zone; `series_id` is given by importers that keep
    identities. Raises Refused, as `draft_line`.
    """
    facts = SeriesFacts(
        title=title,
        day=day,
        starts=starts,
        ends=ends,
        recurrence=recurrence,
        weekdays=tuple(weekdays),
        last=last,
        room=room,
        leader=leader,
        resources=tuple(resources),
        kind=kind,
        audience=audience,
        on_breaks=on_breaks,
    )
    return draft_line(term=term, facts=facts, series_id=series_id)


@transaction.atomic
def draft_line(*, term: Term, facts: SeriesFacts, series_id: uuid.UUID | None = None) -> Series:
    """Store a series of these facts as a draft; nothing is published yet.

    Raises Refused (`empty_hours`, `missing_hour`, `easter_too_far`, `no_dates`, `outside_term`, `unknown_resource`).
    """
    return _store(Series(id=series_id or uuid.uuid4(), timetable=term.timetable, term=term), facts)


@transaction.atomic
def revise_series(*, series_id: uuid.UUID, facts: SeriesFacts) -> Series:
    """Change a draft, or make or change the revision of a published series; returns the row that was written.

    Families keep seeing what is published until the revision is published too; dates that have begun are never
    touched. Raises Refused (as `draft_line`) and Series.DoesNotExist.
    """
    return _store(_draft_of(series_id), facts)


@transaction.atomic
def discontinue_series(*, series_id: uuid.UUID) -> Series:
    """Plan that a published series has no more dates: publishing takes all coming ones back.

    Raises Refused (`not_published`) for a draft, which is discarded instead, and Series.DoesNotExist.
    """
    draft = _draft_of(series_id)
    if draft.replaces is None:
        raise Refused(Refusal("not_published", _("This series was never published. Discard it instead.")))
    if not draft.event_id:
        draft = _store(draft, SeriesFacts.of(draft.replaces))
    draft.discontinued = True
    draft.save(update_fields=["discontinued"])
    return draft


@transaction.atomic
def discard_draft(*, series_id: uuid.UUID) -> None:
    """Forget a series that was never published, or the revision of a published one, with the pattern.

    `series_id` names the draft, the revision or the series that it revises. Raises Refused (`published`) where
    nothing is drafted, and Series.DoesNotExist.
    """
    draft = _draft_of(series_id)
    if draft.replaces is not None and not draft.event_id:
        raise Refused(Refusal("published", _("This series was published. Cancel its dates instead.")))
    draft.delete()
    draft.event.delete()


def _draft_of(series_id: uuid.UUID) -> Series:
    """Return what an edit is written to: the draft itself, or the revision of a published series, perhaps a new one."""
    locked = Series.objects.select_for_update(of=("self",)).select_related("event", "term", "timetable", "replaces")
    series = locked.get(pk=series_id)
    if series.published_at is None:
        return series
    revision = locked.filter(replaces=series).first()
    return revision or Series(timetable=series.timetable, term=series.term, replaces=series)


def _store(series: Series, facts: SeriesFacts) -> Series:
    """Write the facts to a new or standing draft."""
    term = series.term
    _refuse_days(term, facts)
    _refuse_strangers(term, facts)
    pattern = facts.pattern(term)
    event = series.event if series.event_id else None
    series.event = draw_pattern(
        pattern, calendar=term.timetable.calendar, title=facts.title, zone=term.timetable.tz, event=event
    )
    series.rule = series.event.rule
    series.recurrence, series.on_weekdays = facts.recurrence, pattern.on_weekdays
    series.title, series.kind, series.audience = facts.title, facts.kind, facts.audience
    series.on_breaks, series.forced_days = facts.on_breaks, dict(facts.forced_days)
    series.units_taken = dict(facts.units_taken)
    series.room, series.leader = facts.room, facts.leader
    series.discontinued = False
    series.save()
    series.resources.set(facts.resources)
    return series


def _refuse_days(term: Term, facts: SeriesFacts) -> None:
    if term.starts_on <= facts.day <= (facts.last or facts.day) <= term.ends_on and facts.day <= term.ends_on:
        return
    sentence = _("The term lasts from %(first)s to %(last)s. Choose days within it.")
    days = {"first": date_format(term.starts_on, "j E Y"), "last": date_format(term.ends_on, "j E Y")}
    raise Refused(Refusal("outside_term", sentence, days))


def _refuse_strangers(term: Term, facts: SeriesFacts) -> None:
    for resource in (facts.room, facts.leader, *facts.resources):
        if resource is not None and resource.timetable_id != term.timetable_id:
            raise Refused(
                Refusal(
                    "unknown_resource",
                    _("“%(resource)s” belongs to the timetable of another centre."),
                    {"resource": resource.name},
                )
            )
