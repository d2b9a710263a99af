"""Copying a term: the same lines and groups on the days of a new one, as drafts that nobody else sees yet."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from booking.domain.window_facts import copy_windows
from booking.errors import Refusal, Refused
from booking.models import ConsentPurpose, Group
from scheduler.domain.planning import draft_line
from scheduler.domain.series_facts import SeriesFacts
from scheduler.domain.terms import facts_for_term, open_term
from scheduler.models import Series, Term

GROUP_FACTS = (
    "activity",
    "name",
    "age_from",
    "age_until",
    "age_rule",
    "residents_only",
    "capacity",
    "waitlist",
    "entry",
)


@dataclass(slots=True)
class CopiedTerm:
    """The new term, what it is made from, and what could not be copied and why.

    Dates that fall on days of rest are told by the plan of the new term, with their reasons.
    """

    term: Term
    series: list[tuple[Series, Series]] = field(default_factory=list)
    groups: list[tuple[Group, Group]] = field(default_factory=list)
    left_out: list[tuple[Series, Refusal]] = field(default_factory=list)


@transaction.atomic
def copy_term(*, term_id: uuid.UUID, name: str, starts_on: date, ends_on: date) -> CopiedTerm:
    """Draft a new term with the lines and groups of another one, on the same weekdays and hours.

    A line is copied as it will be, with its open revision; one that was ended is not copied. Groups begin empty; the
    opening and closing of their enrolment moves with the first day of the term. Raises Refused (`term_backwards`,
    `term_too_long`, `term_name_taken`) and Term.DoesNotExist.
    """
    old = Term.objects.select_related("timetable").get(pk=term_id)
    copied = CopiedTerm(open_term(timetable=old.timetable, name=name, starts_on=starts_on, ends_on=ends_on))
    groups = {group.pk: _copy_group(group, old, copied) for group in _groups_of(old)}
    for line in _lines_of(old):
        try:
            with transaction.atomic():
                drafted = draft_line(term=copied.term, facts=facts_for_term(SeriesFacts.of(line), old, copied.term))
        except Refused as refused:
            copied.left_out.append((line, refused.refusal))
            continue
        copied.series.append((line, drafted))
        drafted.groups.set([groups[group.pk] for group in line.groups.all() if group.pk in groups])
        copy_windows([(line.replaces or line, drafted)])
        drafted.services.set(line.services.all())
    return copied


def _lines_of(term: Term) -> list[Series]:
    """Return the lines as they will be: the revision of those that have one, without those that end."""
    loaded = Series.objects.with_pattern().select_related("term").prefetch_related("groups", "services")
    rows = list(loaded.filter(term=term).order_by("event__start", "title", "pk"))
    revised = {row.replaces_id for row in rows}
    return [row for row in rows if row.pk not in revised and not row.discontinued]


def _groups_of(term: Term) -> Iterable[Group]:
    return Group.objects.filter(term=term).order_by("name", "pk")


def _copy_group(group: Group, old: Term, copied: CopiedTerm) -> Group:
    later = copied.term.starts_on - old.starts_on
    drafted = Group.objects.create(
        term=copied.term,
        is_draft=True,
        opens_at=_later(group.opens_at, later, old),
        closes_at=_later(group.closes_at, later, old),
        **{name: getattr(group, name) for name in GROUP_FACTS},
    )
    for purpose in ConsentPurpose.objects.filter(groups=group):
        purpose.groups.add(drafted)
    copied.groups.append((group, drafted))
    return drafted


def _later(moment: datetime | None, by: timedelta, term: Term) -> datetime | None:
    """Return the same hour on the wall clock so many days later."""
    if moment is None:
        return None
    local = moment.astimezone(term.timetable.tz)
    return datetime.combine(local.date() + by, local.time(), tzinfo=term.timetable.tz)
