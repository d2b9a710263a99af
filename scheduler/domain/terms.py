"""Opening a term, changing its days, finding its lines their days in another one, discarding it while it is a draft."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from dateutil.easter import easter
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.planning import discard_draft, revise_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.errors import Refusal, Refused
from scheduler.models import Recurrence, Series, Term, Timetable

LONGEST_DAYS = 400
WEEK = timedelta(days=7)
MONTH_DAYS = 31


@transaction.atomic
def open_term(*, timetable: Timetable, name: str, starts_on: date, ends_on: date) -> Term:
    """Store an empty term; both days are included. Terms of one timetable may overlap.

    Raises Refused (`term_backwards`, `term_too_long`, `term_name_taken`).
    """
    _refuse_days(starts_on, ends_on)
    _refuse_name(timetable, name)
    return Term.objects.create(timetable=timetable, name=name, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def change_term(*, term_id: uuid.UUID, name: str, starts_on: date, ends_on: date) -> Term:
    """Rename a term or give it other days; lines that last to its end follow it, published ones as revisions.

    Raises Refused (as `open_term`; `series_outside` if a line would lie outside) and Term.DoesNotExist.
    """
    term = Term.objects.select_for_update(of=("self",)).select_related("timetable").get(pk=term_id)
    _refuse_days(starts_on, ends_on)
    _refuse_name(term.timetable, name, beside=term)
    lines = Series.objects.with_pattern().select_related("term").filter(term=term)
    plans = [(line, SeriesFacts.of(line)) for line in lines.order_by("pk")]
    for line, facts in plans:
        if facts.day < starts_on or (facts.last or facts.day) > ends_on:
            sentence = _("“%(title)s” would lie outside of the term. Change it first.")
            raise Refused(Refusal("series_outside", sentence, {"title": line.title}))
    follows = ends_on != term.ends_on
    term.name, term.starts_on, term.ends_on = name, starts_on, ends_on
    term.save()
    revised = {line.replaces_id for line, _facts in plans}
    for line, facts in plans:
        if follows and facts.last is None and line.rule_id and line.pk not in revised:
            revise_series(series_id=line.pk, facts=facts)
    return term


@transaction.atomic
def discard_term(*, term_id: uuid.UUID) -> None:
    """Forget a term of which nothing was published, with its drafts.

    Raises Refused (`published`), Term.DoesNotExist, and ProtectedError if something else belongs to it.
    """
    term = Term.objects.select_for_update(of=("self",)).get(pk=term_id)
    lines = Series.objects.filter(term=term)
    if lines.published().exists():
        raise Refused(Refusal("published", _("Lines of this term are published. Families know them.")))
    for key in lines.order_by("pk").values_list("pk", flat=True):
        discard_draft(series_id=key)
    term.delete()


def facts_for_term(facts: SeriesFacts, old: Term, new: Term) -> SeriesFacts:
    """Return the facts of a line for another term: the same weekday and place in the term, on its own dates. Pure.

    A line that began some weeks into the old term begins as many weeks into the new one, and lasts as long. Days from
    Easter are counted from the Easter of the new term, yearly dates stay on their date. Days of rest on which the old
    line met are not copied. Raises Refused (`outside_term`) if it has no day in the new term.
    """
    day = _day_in(facts, old, new)
    if day is None or not new.starts_on <= day <= new.ends_on:
        sentence = _("There is no such day in the new term.")
        raise Refused(Refusal("outside_term", sentence))
    last = None if facts.last is None else min(day + (facts.last - facts.day), new.ends_on)
    return replace(facts, day=day, last=last, forced_days={})


def _day_in(facts: SeriesFacts, old: Term, new: Term) -> date | None:
    match facts.recurrence:
        case Recurrence.EASTER:
            distance = facts.day - easter(facts.day.year)
            days = [easter(year) + distance for year in range(new.starts_on.year, new.ends_on.year + 1)]
            return next((day for day in days if new.starts_on <= day <= new.ends_on), None)
        case Recurrence.YEARLY:
            return _first_such(new, lambda day: (day.month, day.day) == (facts.day.month, facts.day.day))
        case Recurrence.MONTHLY_BY_DATE:
            begins = new.starts_on + (facts.day - old.starts_on - timedelta(days=MONTH_DAYS))
            return _first_such(new, lambda day: day.day == facts.day.day and day >= begins)
        case Recurrence.WEEKLY | Recurrence.FORTNIGHTLY | Recurrence.ONCE:
            weeks = (facts.day - _first_weekday(old.starts_on, facts.day.weekday())) // WEEK
        case _:  # such a day of a month: one that begins with the term begins with the new one
            begins_with_it = (facts.day - old.starts_on).days < MONTH_DAYS
            weeks = 0 if begins_with_it else (facts.day - old.starts_on) // WEEK
    if weeks == 0 and len(facts.weekdays) > 1:
        return new.starts_on
    return _first_weekday(new.starts_on, facts.day.weekday()) + weeks * WEEK


def _first_weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _first_such(term: Term, wanted: Callable[[date], bool]) -> date | None:
    days = (term.starts_on + timedelta(days=number) for number in range((term.ends_on - term.starts_on).days + 1))
    return next((day for day in days if wanted(day)), None)


def _refuse_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refused(Refusal("term_backwards", _("The last day comes before the first.")))
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Refused(Refusal("term_too_long", _("A term lasts at most a year. Open another one for the rest.")))


def _refuse_name(timetable: Timetable, name: str, *, beside: Term | None = None) -> None:
    others = Term.objects.filter(timetable=timetable, name=name)
    if (others.exclude(pk=beside.pk) if beside else others).exists():
        sentence = _("There is already a term called “%(name)s”. Choose another name.")
        raise Refused(Refusal("term_name_taken", sentence, {"name": name}))
