"""A series of visits, such as eight weekly meetings: planned first, then booked as far as it goes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.slots import STAFF, Slot, free_slots
from booking.errors import Refusal, Refused, refusal
from booking.models import Account, Appointment, Person
from scheduler.period import Period

LONGEST = 60
FARTHEST_WEEKS = 8
SHORTEST = 2
WEEK = timedelta(weeks=1)
NEAREST = 3


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One date of a series: free, or why not, with the nearest free times of that week."""

    starts_at: datetime
    slot: Slot | None
    reason: Refusal | None = None
    instead: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class BookedSeries:
    """What became of a series: the visits that were booked, and the dates that failed with their reasons."""

    key: uuid.UUID
    booked: tuple[Appointment, ...]
    failed: tuple[PlannedVisit, ...]


def series_starts(first: datetime, *, count: int, weeks: int, facts: VisitFacts) -> list[datetime]:
    """Return the starts of a series: the same hour on the wall clock, every so many weeks, also over a clock change.

    Raises Refused (`series_too_long`) for fewer than 2 or more than 60 visits, and for weeks that are not 1 to 8.
    """
    if not (SHORTEST <= count <= LONGEST and 1 <= weeks <= FARTHEST_WEEKS):
        raise Refused(refusal("series_too_long", count=LONGEST))
    zone = facts.service.centre.timetable.tz
    local = first.astimezone(zone).replace(tzinfo=None)
    return [(local + number * weeks * WEEK).replace(tzinfo=zone).astimezone(UTC) for number in range(count)]


def plan_appointments(
    *, facts: VisitFacts, person: Person, starts: Sequence[datetime], now: datetime
) -> list[PlannedVisit]:
    """Say of each date of a series whether it is free, or why not and what is free that week instead. Writes nothing.

    Three queries for the free times of the whole span, and one for each date's clash.
    """
    zone = facts.service.centre.timetable.tz
    span = Period(min(starts) - WEEK, max(starts) + WEEK)
    free = free_slots(
        service=facts.service,
        period=span,
        now=now,
        specialist_id=facts.specialist_id,
        mode=facts.mode,
        asker=STAFF,
    )
    return list(_planned(facts, person, starts, free, now, zone))


def book_appointments(
    *, facts: VisitFacts, person: Person, starts: Sequence[datetime], by: Account, now: datetime
) -> BookedSeries:
    """Book every date of a series that can be had, each with its own message, and return those that failed and why.

    Each visit is a transaction of its own, so that one taken meanwhile does not undo the others; asking again books
    what is missing and leaves what is there.
    """
    key = uuid.uuid4()
    booked: list[Appointment] = []
    failed: list[PlannedVisit] = []
    for start in starts:
        try:
            with transaction.atomic():
                booked.append(
                    book_appointment(
                        facts=replace(facts, starts_at=start),
                        person=person,
                        by=by,
                        now=now,
                        source=Source.DESK,
                        series_key=key,
                    )
                )
        except Refused as refused:
            failed.append(PlannedVisit(start, None, refused.refusal))
    return BookedSeries(key, tuple(booked), tuple(failed))


def _planned(  # noqa: PLR0917  the parts of one computation
    facts: VisitFacts, person: Person, starts: Sequence[datetime], free: list[Slot], now: datetime, zone: ZoneInfo
) -> Iterator[PlannedVisit]:
    length = timedelta(minutes=facts.service.minutes)
    for start in starts:
        slot = next((each for each in free if each.starts_at == start), None)
        period = Period(start, start + length)
        reason = refusal_for_visit(service=facts.service, person=person, period=period, now=now, by_staff=True)
        if slot is None:
            reason = reason or refusal("slot_taken")
        if reason is None:
            yield PlannedVisit(start, slot)
        else:
            day = start.astimezone(zone).date()
            monday = datetime.combine(day - timedelta(days=day.weekday()), time.min, zone).astimezone(UTC)
            that_week = (each for each in free if monday <= each.starts_at < monday + WEEK and each.starts_at != start)
            near = sorted((abs(each.starts_at - start), each) for each in that_week)
            yield PlannedVisit(start, None, reason, tuple(each for _distance, each in near[:NEAREST]))
