"""On which days a timetable or one of its places rests, and why: statutory holidays, school breaks, own closures."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

import holidays
from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scheduler.domain.change_log import log_changes
from scheduler.errors import Refusal, Refused
from scheduler.models import Closure, Place, SchoolBreak, Series, Timetable, TimetableChange

ClosureKind = Literal["holiday", "school_break", "own", "leave"]
HOLIDAY_LANGUAGES = {"pl": "pl", "en": "en_US", "uk": "uk"}
RANK = {"holiday": 0, "own": 1, "school_break": 2}
LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True, order=True)
class ClosedDays:
    """Days of rest, both ends included; of one place only if `place_id` says which."""

    starts_on: date
    ends_on: date
    kind: ClosureKind
    name: str
    place_id: uuid.UUID | None = field(default=None, compare=False)
    id: uuid.UUID | None = field(default=None, compare=False)

    def days(self) -> list[date]:
        """Return each day."""
        return [self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]


def statutory_holidays(first: date, last: date) -> list[ClosedDays]:
    """Return Poland's days off by law from `first` to `last`, named in the reader's language.

    Act of 18 January 1951 on days off work (Dz.U. 2020 poz. 1920 with later changes; 24 December since 2025), as the
    `holidays` library keeps it. Sundays themselves are not listed.
    """
    language = HOLIDAY_LANGUAGES.get(get_language() or "pl", "pl")
    years = range(first.year, last.year + 1)
    found = holidays.country_holidays("PL", years=years, language=language)
    return [ClosedDays(day, day, "holiday", name) for day, name in sorted(found.items()) if first <= day <= last]


def list_closures(timetable: Timetable, first: date, last: date, *, of_places: bool = False) -> list[ClosedDays]:
    """Return all days of rest that touch `first`..`last` (both included), in order, in two queries.

    Days on which only one place is closed are listed when asked for with `of_places`.
    """
    breaks = SchoolBreak.objects.filter(
        Q(voivodeship="") | Q(voivodeship=timetable.voivodeship), starts_on__lte=last, ends_on__gte=first
    )
    own = Closure.objects.filter(timetable=timetable, starts_on__lte=last, ends_on__gte=first)
    if not of_places:
        own = own.filter(place__isnull=True)
    return sorted(
        [
            *statutory_holidays(first, last),
            *(ClosedDays(row.starts_on, row.ends_on, "school_break", str(row.get_kind_display())) for row in breaks),
            *(ClosedDays(row.starts_on, row.ends_on, "own", row.name, row.place_id, row.pk) for row in own),
        ]
    )


def resting_days(closures: list[ClosedDays], *, on_breaks: str, place: Place | None = None) -> dict[date, ClosedDays]:
    """Return the days a series with this habit rests on, each with its reason. Pure.

    `place` is where it meets: its own closures count, and one that rests with the schools is closed to everybody
    during their breaks. A statutory holiday is named before a school break that covers it.
    """
    runs = on_breaks == Series.OnBreaks.RUN and not (place and place.rests_with_schools)
    resting: dict[date, ClosedDays] = {}
    for closed in sorted(closures, key=lambda each: RANK[each.kind]):
        if closed.kind == "school_break" and runs:
            continue
        if closed.place_id is not None and (place is None or closed.place_id != place.pk):
            continue
        for day in closed.days():
            resting.setdefault(day, closed)
    return resting


def closed_on(timetable: Timetable, day: date, *, on_breaks: str, place: Place | None) -> ClosedDays | None:
    """Return why a series with this habit would rest on that day at that place, None if it may meet; two queries."""
    closures = list_closures(timetable, day, day, of_places=True)
    return resting_days(closures, on_breaks=on_breaks, place=place).get(day)


@transaction.atomic
def add_closure(
    *, timetable: Timetable, name: str, starts_on: date, ends_on: date, place: Place | None = None, now: datetime
) -> Closure:
    """Store days of rest of the whole timetable or of one place; both ends are included.

    Published dates on them stand until the term is published again: its preview shows them as removed.
    Raises Refused (`closure_backwards`, `closure_too_long`, `unknown_place`).
    """
    if ends_on < starts_on:
        raise Refused(Refusal("closure_backwards", _("The last day comes before the first.")))
    if (ends_on - starts_on).days >= LONGEST_DAYS:
        raise Refused(Refusal("closure_too_long", _("A closure lasts at most a year.")))
    if place is not None and place.timetable_id != timetable.pk:
        raise Refused(Refusal("unknown_place", _("There is no such place in this timetable.")))
    closure = Closure.objects.create(timetable=timetable, name=name, starts_on=starts_on, ends_on=ends_on, place=place)
    log_changes(timetable.pk, TimetableChange.Subject.CLOSURE, {TimetableChange.What.ADDED: [closure.pk]}, now=now)
    return closure


@transaction.atomic
def remove_closure(*, closure_id: uuid.UUID, now: datetime) -> None:
    """Forget days of rest; dates that fell on them come back when the term is published again.

    Raises Closure.DoesNotExist.
    """
    closure = Closure.objects.select_for_update(of=("self",)).get(pk=closure_id)
    closure.delete()
    what = {TimetableChange.What.REMOVED: [closure_id]}
    log_changes(closure.timetable_id, TimetableChange.Subject.CLOSURE, what, now=now)
