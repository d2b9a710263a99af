"""Which stretch of a timetable a reader asks for: a day, a week, a month or a term."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking.web.week_links import YEARS_AROUND, UnknownWeek, say_days
from booking.web.week_opening import opening_week
from scheduler.period import Period

if TYPE_CHECKING:
    from scheduler.models import Term
    from scheduler.models.session import SessionQuerySet

Kind = Literal["day", "week", "month", "term"]
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
ISO_MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
DAYS_OF_A_WEEK = 7
A_WHILE = timedelta(days=32)  # longer than any month


@dataclass(frozen=True, slots=True)
class Span:
    """The days shown, both ends included; `term` is set where they are a term's."""

    kind: Kind
    first: date
    last: date
    term: Term | None = None

    @property
    def days(self) -> list[date]:
        """Each day."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def title(self) -> str:
        """The days in words."""
        if self.term is not None:
            return f"{self.term.name}: {say_days(self.first, self.last)}"
        if self.kind == "day":
            return date_format(self.first, "l j E Y")
        return date_format(self.first, "F Y") if self.kind == "month" else say_days(self.first, self.last)

    def holds(self, day: date) -> bool:
        """Say whether the day is among those shown."""
        return self.first <= day <= self.last

    def period(self, zone: ZoneInfo) -> Period:
        """Return the days as a period on the wall clock of `zone`."""
        return Period.of_days(self.first, self.last, zone)


def read_span(
    query: Mapping[str, str], *, terms: Sequence[Term], sessions: SessionQuerySet, now: datetime, zone: ZoneInfo
) -> Span:
    """Return the stretch that `?span=day&day=…`, `?span=month&month=2026-11` or `?span=term&term=<id>` asks for.

    Without a span it is a week, read by `opening_week`; without a date the stretch that holds today. Raises UnknownWeek
    for dates that no timetable has and for terms that are not among `terms`.
    """
    today = now.astimezone(zone).date()
    kind = query.get("span", "").strip()
    if kind == "day":
        day = _read_day(query.get("day", "").strip() or today.isoformat(), today)
        return Span("day", day, day)
    if kind == "month":
        return month_of(_read_month(query.get("month", "").strip() or f"{today:%Y-%m}", today))
    if kind == "term":
        return span_of(_read_term(query.get("term", "").strip(), terms, today))
    return week_of(opening_week(query, sessions=sessions, now=now, zone=zone))


def week_of(monday: date) -> Span:
    """Return the week that begins on `monday`."""
    return Span("week", monday, monday + timedelta(days=DAYS_OF_A_WEEK - 1))


def month_of(day: date) -> Span:
    """Return the month that holds `day`."""
    first = day.replace(day=1)
    return Span("month", first, (first + A_WHILE).replace(day=1) - timedelta(days=1))


def span_of(term: Term) -> Span:
    """Return the days of a term."""
    return Span("term", term.starts_on, term.ends_on, term)


def term_at(day: date, terms: Sequence[Term]) -> Term | None:
    """Return the term that holds `day`, else the one that comes next, else the latest; None where there is none."""
    holding = [term for term in terms if term.starts_on <= day <= term.ends_on]
    coming = [term for term in terms if term.starts_on > day]
    if holding:
        return max(holding, key=lambda term: (term.starts_on - term.ends_on, term.starts_on))  # the shortest
    if coming:
        return min(coming, key=lambda term: term.starts_on)
    return max(terms, key=lambda term: term.ends_on, default=None)


def _read_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if ISO_DAY.fullmatch(text) else _refuse(text)
    except ValueError:
        return _refuse(text)
    return _near(day, today)


def _read_month(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(f"{text}-01") if ISO_MONTH.fullmatch(text) else _refuse(text)
    except ValueError:
        return _refuse(text)
    return _near(day, today)


def _near(day: date, today: date) -> date:
    if abs(day.year - today.year) > YEARS_AROUND:
        raise UnknownWeek(_("The timetable does not reach that far."))
    return day


def _read_term(text: str, terms: Sequence[Term], today: date) -> Term:
    found = next((term for term in terms if str(term.pk) == text), None) if text else term_at(today, terms)
    if found is None:
        raise UnknownWeek(_("There is no such term in this timetable."))
    return found


def _refuse(text: str) -> date:
    raise UnknownWeek(_("“%(text)s” is no day or month we know.") % {"text": text[:40]})
