"""Visits on a printed month: what the desk serves, called as on every paper, without what is kept from a guardian."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from booking.domain.visit_readers import hidden_from_somebody
from booking.models import Appointment, Person
from booking.models.modes import Mode
from booking.web.desk_access import Desk
from booking.web.visit_words import VisitWords
from booking.web.week import WeekEntry
from scheduler.period import Period

RELATED = ("service__centre", "specialist", "person", "room__place")


@dataclass(frozen=True, slots=True)
class MonthVisits:
    """The visits of one person in a month; `kept_back` counts those that are left out of the paper."""

    entries: list[WeekEntry]
    kept_back: int


def month_visits(desk: Desk, person: Person, *, period: Period, zone: ZoneInfo, with_hidden: bool) -> MonthVisits:
    """Return the visits of a person in `period` as a paper names them, in a fixed number of queries.

    Those that a decision hides from a guardian are left out, unless they are asked for.
    """
    served = Appointment.objects.at_desk_of(desk.account, desk.today).of_person(person.pk).within(period).holding()
    told = served.exclude(source=Appointment.Source.AFTERWARDS).exclude(status=Appointment.Status.OFFERED)
    visits = list(told.select_related(*RELATED).prefetch_related("parties").order_by("starts_at", "pk"))
    hidden = set() if with_hidden else hidden_from_somebody(visits, on=desk.today)
    entries = [_entry(visit, person, zone) for visit in visits if visit.pk not in hidden]
    return MonthVisits(entries, len(hidden))


def in_order(entries: Sequence[WeekEntry]) -> list[WeekEntry]:
    """Return entries as a day lists them."""
    return sorted(entries, key=lambda entry: entry.order)


def _entry(visit: Appointment, person: Person, zone: ZoneInfo) -> WeekEntry:
    words = VisitWords(visit, person, discreet=True)
    where = words.where if visit.mode == Mode.OFFICE else str(visit.get_mode_display())
    return WeekEntry(
        starts_at=words.starts_at.astimezone(zone),
        ends_at=visit.ends_at.astimezone(zone),
        title=words.title,
        where=where,
        who=words.specialist,
    )
