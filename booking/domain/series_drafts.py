"""Drafting lines of the timetable together with the groups that meet in them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from booking.domain.window_facts import copy_windows
from booking.errors import Refused, refusal
from booking.models import Group
from scheduler.domain.planning import discard_draft, discontinue_series, revise_series
from scheduler.domain.planning import draft_line as draft_series_line
from scheduler.domain.series_facts import SeriesFacts
from scheduler.domain.splitting import discard_split, split_series
from scheduler.models import Series, Session, Term


@transaction.atomic
def draft_line(*, term: Term, facts: SeriesFacts, groups: Iterable[Group] = ()) -> Series:
    """Draft a line in which these groups will meet; nobody but planners sees it until it is published.

    Raises Refused (`unknown_group` for a group of another centre; `empty_hours`, `missing_hour`, `easter_too_far`,
    `no_dates`, `outside_term`, `unknown_resource`).
    """
    series = draft_series_line(term=term, facts=facts)
    _meet(series, groups)
    return series


@transaction.atomic
def revise_line(*, series_id: uuid.UUID, facts: SeriesFacts, groups: Iterable[Group] | None = None) -> Series:
    """Change a draft, or draft the change of a published line; `groups` None leaves them as they are.

    Returns the row that was written. Raises Refused, as `draft_line`, and Series.DoesNotExist.
    """
    draft = revise_series(series_id=series_id, facts=facts)
    if groups is not None:
        _meet(draft, groups)
    elif draft.replaces is not None and not draft.groups.exists():
        draft.groups.set(draft.replaces.groups.all())
    return draft


@transaction.atomic
def discontinue_line(*, series_id: uuid.UUID) -> Series:
    """Draft the end of a published line: publishing takes its coming dates back. Raises Refused (`not_published`)."""
    draft = discontinue_series(series_id=series_id)
    if draft.replaces is not None:
        draft.groups.set(draft.replaces.groups.all())
    return draft


@transaction.atomic
def split_line(
    *, session_id: uuid.UUID, facts: SeriesFacts, now: datetime, groups: Iterable[Group] | None = None
) -> Series:
    """Draft other facts for one date and all that follow; the groups go on with them unless others are named.

    Preview and publish it with `plan_lines` and `publish_lines`. Raises Refused (`already_over`, `nothing_before`,
    `not_published`, as `draft_line`) and Session.DoesNotExist.
    """
    session = Session.objects.select_related("series").get(pk=session_id)
    if session.starts_at <= now:
        raise Refused(refusal("already_begun"))
    continuing = split_series(series_id=session.series_id, first_day=session.planned_date, facts=facts)
    _meet(continuing, session.series.groups.all() if groups is None else groups)
    copy_windows([(session.series, continuing)])
    revision = Series.objects.get(replaces=session.series)
    if not revision.groups.exists():
        revision.groups.set(session.series.groups.all())
    return continuing


@transaction.atomic
def discard(*, series_id: uuid.UUID) -> None:
    """Forget what is drafted about a line: a draft, a revision or a split. Raises Refused (`published`)."""
    series = Series.objects.get(pk=series_id)
    if series.continues_id is not None and series.published_at is None:
        discard_split(series_id=series_id)
    else:
        discard_draft(series_id=series_id)


def _meet(series: Series, groups: Iterable[Group]) -> None:
    meeting = list(groups)
    timetables = set(
        Group.objects.filter(pk__in=[group.pk for group in meeting]).values_list(
            "activity__centre__timetable", flat=True
        )
    )
    if timetables - {series.timetable_id}:
        raise Refused(refusal("unknown_group"))
    series.groups.set(meeting)
