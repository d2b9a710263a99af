"""Visits in a specialist's diary: beside her meetings by the day and the week, with the hours that are still free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.domain.slots import STAFF, free_slots
from booking.models import Appointment, Service
from booking.models.appointment import COMING
from booking.models.modes import Mode
from booking.web.visit_words import VisitWords
from booking.web.week import Mark, WeekEntry
from scheduler.models import Resource, Series, Session, TimetableRow
from scheduler.models.session import SessionQuerySet
from scheduler.period import Period

RELATED = ("service", "specialist", "person", "room__place")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One line of a day: a meeting, a visit, or hours in which somebody could still come."""

    starts_at: datetime
    ends_at: datetime
    title: str
    url: str = ""
    where: str = ""
    note: str = ""
    marks: tuple[Mark, ...] = ()
    is_cancelled: bool = False
    is_free: bool = False
    is_duty: bool = False


def visits_given(resource: Resource, period: Period) -> list[Appointment]:
    """Return the visits she gives, alone or with a colleague, in order; in two queries. No time that is only held."""
    found = Appointment.objects.given_by(resource.pk).within(period).select_related(*RELATED)
    return list(found.prefetch_related("parties").order_by("starts_at", "pk"))


def visit_entries(visits: Iterable[Appointment], *, zone: ZoneInfo, now: datetime) -> list[WeekEntry]:
    """Return her visits as a week shows them; each leads to its page."""
    return [
        WeekEntry(
            starts_at=visit.starts_at.astimezone(zone),
            ends_at=visit.ends_at.astimezone(zone),
            title=_who(visit),
            url=reverse("diary-visit", args=[visit.pk]),
            where=_where(visit),
            who=visit.service.name,
            status="cancelled" if visit.is_cancelled else "scheduled",
            marks=_marks(visit, now),
            tone="session--visit",
        )
        for visit in visits
    ]


def with_visits_counted(entries: Iterable[WeekEntry], duties: Iterable[Period], visits: Sequence[Appointment]) -> Any:
    """Yield the entries of a week, duty hours with how many visits lie in them."""
    periods = {(duty.start, duty.end) for duty in duties}
    for entry in entries:
        if (entry.starts_at, entry.ends_at) not in periods:
            yield entry
            continue
        inside = [each for each in visits if each.is_holding and entry.starts_at <= each.starts_at < entry.ends_at]
        said = ngettext("%(n)d visit", "%(n)d visits", len(inside)) % {"n": len(inside)} if inside else _("no visits")
        yield replace(entry, note=" · ".join(filter(None, [entry.note, said])))


def day_lines(
    resource: Resource, sessions: SessionQuerySet, *, day: date, zone: ZoneInfo, now: datetime
) -> list[DayLine]:
    """Return what a day holds, in order: meetings, visits, and the free times of her hours from now on."""
    period = Period.of_days(day, day, zone)
    lines = [_of_session(row) for row in sessions.within(period).rows()]
    lines += [_of_visit(visit, now) for visit in visits_given(resource, period)]
    lines += _free_lines(resource, period, now)
    return sorted(lines, key=lambda line: (line.starts_at, not line.is_duty, line.ends_at, line.title))


def next_line(lines: Iterable[DayLine], now: datetime) -> DayLine | None:
    """Return what she goes to next: no duty hours as such, nothing cancelled, nothing free."""
    coming = (line for line in lines if line.ends_at > now and not (line.is_cancelled or line.is_free or line.is_duty))
    return next(coming, None)


def _of_session(row: TimetableRow) -> DayLine:
    is_duty = row.kind == Series.Kind.DUTY
    marks: tuple[Mark, ...] = (Mark(_("hours for visits")),) if is_duty else ()
    marks += (Mark(_("Moved"), "warn"),) if row.status == Session.Status.MOVED else ()
    return DayLine(
        row.starts_at,
        row.ends_at,
        row.title,
        url=reverse("diary-session", args=[row.id]),
        where=row.room or "",
        note=row.note,
        marks=marks,
        is_cancelled=row.status == Session.Status.CANCELLED,
        is_duty=is_duty,
    )


def _of_visit(visit: Appointment, now: datetime) -> DayLine:
    return DayLine(
        visit.starts_at,
        visit.ends_at,
        _who(visit),
        url=reverse("diary-visit", args=[visit.pk]),
        where=_where(visit),
        note=visit.service.name,
        marks=_marks(visit, now),
        is_cancelled=visit.is_cancelled,
    )


def _free_lines(resource: Resource, period: Period, now: datetime) -> list[DayLine]:
    """Return the free times of her hours, those of several services that begin together once."""
    services = Service.objects.filter(series__leader=resource.pk).select_related("centre__timetable").distinct()
    by_start: dict[datetime, DayLine] = {}
    for service in services if period.end > now else ():
        for slot in free_slots(service=service, period=period, now=now, specialist_id=resource.pk, asker=STAFF):
            line = by_start.get(slot.starts_at)
            names = dict.fromkeys([*(line.note.split(", ") if line else ()), service.name])
            ends_at = max(slot.ends_at, line.ends_at) if line else slot.ends_at
            by_start[slot.starts_at] = DayLine(slot.starts_at, ends_at, _("free"), note=", ".join(names), is_free=True)
    return list(by_start.values())


def _who(visit: Appointment) -> str:
    """Return who comes; further parties are counted, their names stand on the page of the visit."""
    name = str(visit.person) if visit.person else _("without a name")
    more = len(visit.parties.all())
    return f"{name} +{more}" if more else name


def _where(visit: Appointment) -> str:
    words = VisitWords(visit, visit.person, at_home=True)
    if visit.mode == Mode.OFFICE:
        return words.where
    return f"{_('home visit') if visit.mode == Mode.HOME else visit.get_mode_display()}" + (
        f": {words.where}" if words.where else ""
    )


def _marks(visit: Appointment, now: datetime) -> tuple[Mark, ...]:
    if visit.status in COMING and visit.ends_at <= now:
        return (Mark(_("note what became of it"), "warn"),)
    if visit.status not in {Appointment.Status.BOOKED, *_cancelled()}:
        return (Mark(str(visit.get_status_display()), "good" if visit.status == Appointment.Status.HELD else "warn"),)
    urgent = (Mark(_("urgent"), "danger"),) if visit.is_urgent else ()
    return (*urgent, Mark(_("first visit"))) if visit.is_first else urgent


def _cancelled() -> tuple[str, str]:
    return Appointment.Status.CANCELLED, Appointment.Status.CANCELLED_LATE
