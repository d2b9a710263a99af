"""The ways from a stretch of days to others: before and after it, shorter and longer ones, by room or person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from booking.web.spans import Span, month_of, term_at
from booking.web.week_links import (
    MONTHS_AHEAD,
    MONTHS_BACK,
    YEARS_AROUND,
    Jump,
    View,
    WeekLinks,
    query_with,
    say_iso_week,
    week_links,
)

if TYPE_CHECKING:
    from scheduler.models import Term

SPANS = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "term": gettext_lazy("Term"),
}
WAYS = {
    "all": gettext_lazy("Together"),
    "place": gettext_lazy("By place"),
    "room": gettext_lazy("By room"),
    "person": gettext_lazy("By person"),
    "group": gettext_lazy("By group"),
}


def read_way(query: QueryDict, *, unasked: str = "all") -> str:
    """Return by what the reader wants the sessions parted: place, room, person, group, or `all` together."""
    asked = query.get("by", "")
    return asked if asked in WAYS else unasked


def span_links(
    query: QueryDict, span: Span, *, terms: Sequence[Term], today: date, way: str = "all", opens_as: View = "grid"
) -> WeekLinks:
    """Return the ways from what is shown, keeping the filters of `query`. Every address names its days.

    `way` is by what it is parted.
    """
    if span.kind == "week":
        links = week_links(query, monday=span.first, today=today, opens_as=opens_as)
    else:
        before, after = _beside(span, terms)
        links = WeekLinks(
            title=span.title,
            previous=_to(query, before, today),
            next=_to(query, after, today),
            present=None if span.holds(today) else _to(query, _present(span, terms, today), today),
            grid=query_with(query, view="" if opens_as == "grid" else "grid"),
            list=query_with(query, view="list"),
            months=tuple(_jumps(query, span, terms, today)),
        )
    anchor = today if span.holds(today) else span.first
    kinds = [kind for kind in SPANS if kind != "term" or terms]
    return replace(
        links,
        kind=span.kind,
        spans=tuple(
            Jump(_address(query, kind, anchor, span, terms), str(SPANS[kind]), kind == span.kind) for kind in kinds
        ),
        ways=tuple(Jump(query_with(query, by=each), str(label), each == way) for each, label in WAYS.items()),
    )


def stable_query(query: QueryDict, span: Span) -> str:
    """Return the address of exactly what is shown, the same tomorrow: its days are named."""
    return _query_of(query, span)


def _query_of(query: QueryDict, span: Span) -> str:
    named: dict[str, str] = {
        "week": say_iso_week(span.first),
        "day": span.first.isoformat(),
        "month": f"{span.first:%Y-%m}",
        "term": str(span.term.pk) if span.term else "",
    }
    if span.kind == "week":
        return query_with(query, week=named["week"])
    return query_with(query, span=span.kind, **{span.kind: named[span.kind]})


def _address(query: QueryDict, kind: str, anchor: date, span: Span, terms: Sequence[Term]) -> str:
    """Return the way to another kind of stretch that holds the same day."""
    if kind == span.kind:
        return _query_of(query, span)
    if kind == "week":
        return query_with(query, week=say_iso_week(anchor))
    if kind == "day":
        return query_with(query, span="day", day=anchor.isoformat())
    if kind == "month":
        return query_with(query, span="month", month=f"{anchor:%Y-%m}")
    term = term_at(anchor, terms)
    return query_with(query, span="term", term=str(term.pk) if term else "")


def _beside(span: Span, terms: Sequence[Term]) -> tuple[Span | None, Span | None]:
    """Return what comes before and after."""
    if span.kind == "day":
        return _one_day(span.first - timedelta(days=1)), _one_day(span.first + timedelta(days=1))
    if span.kind == "month":
        return month_of(span.first - timedelta(days=1)), month_of(span.last + timedelta(days=1))
    in_order = sorted(terms, key=lambda term: (term.starts_on, term.name))
    place = next((number for number, term in enumerate(in_order) if term == span.term), 0)
    before = in_order[place - 1] if place else None
    after = in_order[place + 1] if place + 1 < len(in_order) else None
    return _of_term(before), _of_term(after)


def _present(span: Span, terms: Sequence[Term], today: date) -> Span | None:
    if span.kind == "day":
        return _one_day(today)
    return month_of(today) if span.kind == "month" else _of_term(term_at(today, terms))


def _one_day(day: date) -> Span:
    return Span("day", day, day)


def _of_term(term: Term | None) -> Span | None:
    return Span("term", term.starts_on, term.ends_on, term) if term else None


def _to(query: QueryDict, span: Span | None, today: date) -> str | None:
    if span is None or (span.term is None and abs(span.first.year - today.year) > YEARS_AROUND):
        return None
    return _query_of(query, span)


def _jumps(query: QueryDict, span: Span, terms: Sequence[Term], today: date) -> list[Jump]:
    if span.kind == "term":
        latest_first = sorted(terms, key=lambda term: term.starts_on, reverse=True)
        found = [found for term in latest_first if (found := _of_term(term))]
        return [Jump(_query_of(query, each), str(each.term), each.term == span.term) for each in found]
    months = {month_of(span.first).first: month_of(span.first)}
    month = today.replace(day=1)
    for number in range(-MONTHS_BACK, MONTHS_AHEAD + 1):
        total = month.year * 12 + month.month - 1 + number
        each = month_of(date(total // 12, total % 12 + 1, 1))
        months[each.first] = each
    return [_month_jump(query, span, months[first]) for first in sorted(months)]


def _month_jump(query: QueryDict, span: Span, month: Span) -> Jump:
    target = month if span.kind == "month" else _one_day(month.first)
    return Jump(_query_of(query, target), month.title, month.holds(span.first))
