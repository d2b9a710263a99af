"""Visits as a calendar shows them: each side at its own hour, and never more than the service may tell outside."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from booking.messages.appointments import entry_of
from booking.messages.service_words import service_title, specialist_title
from booking.models import Appointment, CalendarSubscription
from booking.models.appointment import AppointmentQuerySet
from booking.models.modes import Mode
from scheduler.ical import Entry

Privacy = CalendarSubscription.Privacy
Status = Appointment.Status
RELATED = ("service__centre", "specialist", "room__place")


def visit_entries(
    visits: AppointmentQuerySet, *, people: Mapping[uuid.UUID, str], privacy: str, prefixed: bool
) -> Iterator[Entry]:
    """Yield the entries of visits in the active language, in order of time; in two queries.

    `people` are the given names of those whose calendar it is: with none it is a specialist's or a room's, which names
    nobody who comes. `prefixed` puts the names before the title, as a calendar of several people needs. A visit at home
    shows no address.
    """
    rows = visits.select_related(*RELATED).prefetch_related("parties").order_by("starts_at", "pk")
    for visit in rows:
        yield _entry(visit, people, privacy, prefixed=prefixed)


def _entry(visit: Appointment, people: Mapping[uuid.UUID, str], privacy: str, *, prefixed: bool) -> Entry:
    coming = [visit.person_id, *(party.person_id for party in visit.parties.all())]
    names = tuple(people[key] for key in coming if key is not None and key in people)
    full = privacy == Privacy.FULL
    entry = entry_of(visit, starts_at=_comes_at(visit, people), names=names if full and prefixed else ())
    if privacy == Privacy.BUSY:
        return replace(entry, summary=_("Busy"), location="", description="")
    if not people:
        entry = replace(entry, summary=_title_for_staff(visit))
    return replace(entry, description=_details(visit, people) if full else "", categories=names if full else ())


def _title_for_staff(visit: Appointment) -> str:
    title = service_title(visit.service)
    return _("Held for an answer: %(title)s") % {"title": title} if visit.status == Status.OFFERED else title


def _comes_at(visit: Appointment, people: Mapping[uuid.UUID, str]) -> datetime | None:
    """Return when this side comes, or None for the start: the one it was booked for, and whoever gives it."""
    if not people or visit.person_id in people:
        return None
    return next((party.arrives_at for party in visit.parties.all() if party.person_id in people), None)


def _details(visit: Appointment, people: Mapping[uuid.UUID, str]) -> str:
    how = "" if visit.mode == Mode.OFFICE else str(visit.get_mode_display())
    if visit.mode == Mode.HOME and not people:
        how = _("Visit at the family's home")
    specialist = specialist_title(visit)
    with_whom = _("With: %(name)s") % {"name": specialist} if specialist else ""
    return "\n".join(filter(None, [how, with_whom]))
