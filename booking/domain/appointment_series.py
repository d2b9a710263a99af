"""A series of visits, such as eight weekly meetings: planned first, then booked as far as it goes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from booking.domain.appointment_booking import Party, Source, VisitFacts, book_appointment
from booking.domain.appointment_rules import refusal_for_visit
from booking.domain.appointment_telling import tell_series
from booking.domain.joint_slots import joint_slots
from booking.domain.slot_reasons import Reasons
from booking.domain.slots import STAFF, Slot, free_slots
from booking.domain.visit_consents import consent_refusal
from booking.errors import Refusal, Refused, refusal
from booking.models import Account, Appointment, Person
from scheduler.period import Period

LONGEST = 60
FARTHEST_WEEKS = 8
SHORTEST = 2
SPARE = 8
WEEK = timedelta(weeks=1)
NEAREST = 3


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One date of a series: free, or why not and the nearest free times instead, of that week or of those beside it."""

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
    *, facts: VisitFacts, person: Person, starts: Sequence[datetime], by: Account, now: datetime
) -> list[PlannedVisit]:
    """Say of each date of a series whether it is free, or why not and what is free near it instead. Writes nothing.

    What concerns those who come, whatever the date, is refused as a whole: raises Refused (`missing_consent`,
    `consent_at_desk`).
    `by` is told of another visit of those who come only if she may see it.

    A dozen queries for the whole span, and one for each date's and each side's clash.
    """
    on = timezone.localdate(now, facts.service.centre.timetable.tz)
    for each in (person, *(party.person for party in facts.parties)):
        missing = consent_refusal(person=each, service=facts.service, on=on)
        if missing is not None:
            raise Refused(missing)
    span = Period(min(starts) - WEEK, max(starts) + WEEK + WEEK)
    found = free_slots(
        service=facts.service,
        period=span,
        now=now,
        specialist_id=facts.specialist_id,
        mode=facts.mode,
        asker=STAFF,
    )
    free = joint_slots(found, service=facts.service, colleagues=facts.colleagues)
    people = {*facts.colleagues, *([facts.specialist_id] if facts.specialist_id else [])}
    reasons = Reasons(service=facts.service, people=people, mode=facts.mode, span=span)
    return list(_planned(facts, person, starts, free, by, now, reasons))


def rhythm_after(  # noqa: PLR0913  a series is made of these facts
    *, facts: VisitFacts, person: Person, starts: Sequence[datetime], weeks: int, count: int, by: Account, now: datetime
) -> list[Slot]:
    """Return the next free times in the rhythm of a series after its end, at most `count`: for dates that failed."""
    zone = facts.service.centre.timetable.tz
    last = max(starts).astimezone(zone).replace(tzinfo=None)
    tried = [(last + number * weeks * WEEK).replace(tzinfo=zone) for number in range(1, count + SPARE + 1)]
    if not count:
        return []
    wished = [each.astimezone(UTC) for each in tried]
    plan = plan_appointments(facts=facts, person=person, starts=wished, by=by, now=now)
    return [each.slot for each in plan if each.slot][:count]


@transaction.atomic
def book_appointments(
    *,
    facts: VisitFacts,
    person: Person,
    starts: Sequence[datetime],
    by: Account,
    now: datetime,
    key: uuid.UUID | None = None,
) -> BookedSeries:
    """Book every date of a series that can be had, tell of them in one message, and return those that failed and why.

    One taken meanwhile does not undo the others; asking again books what is missing and leaves what is there. `key`
    joins dates that are booked later with those of before.
    """
    key = key or uuid.uuid4()
    booked: list[Appointment] = []
    failed: list[PlannedVisit] = []
    for start in starts:
        try:
            with transaction.atomic():
                made = book_appointment(
                    facts=_at(facts, start),
                    person=person,
                    by=by,
                    now=now,
                    source=Source.DESK,
                    series_key=key,
                    tell=False,
                )
                booked.append(made)
        except Refused as refused:
            failed.append(PlannedVisit(start, None, refused.refusal))
    new = [each for each in booked if (each.series_key, each.created_at) == (key, now)]
    tell_series(new, now=now, by=by)
    return BookedSeries(key, tuple(booked), tuple(failed))


def _at(facts: VisitFacts, start: datetime) -> VisitFacts:
    """Return the same visit at another start; sides with an hour of their own come as much later as before."""
    parties = tuple(
        Party(party.person, party.arrives_at and start + (party.arrives_at - facts.starts_at))
        for party in facts.parties
    )
    return replace(facts, starts_at=start, parties=parties)


def _planned(  # noqa: PLR0913, PLR0917  the parts of one computation
    facts: VisitFacts,
    person: Person,
    starts: Sequence[datetime],
    free: list[Slot],
    by: Account,
    now: datetime,
    reasons: Reasons,
) -> Iterator[PlannedVisit]:
    length = timedelta(minutes=facts.service.minutes)
    everybody = (person, *(party.person for party in facts.parties))
    seen = set(starts)
    for start in starts:
        slot = next((each for each in free if each.starts_at == start), None)
        period = Period(start, start + length)
        clashes = (
            refusal_for_visit(service=facts.service, person=each, period=period, now=now, by=by, by_staff=True)
            for each in everybody
        )
        reason = next(filter(None, clashes), None)
        if slot is not None and reason is None:
            yield PlannedVisit(start, slot)
        else:
            reason = reason or reasons.of(period, giver=facts.specialist_id)
            yield PlannedVisit(start, None, reason, _near(start, free, seen, reasons.zone))


def _near(start: datetime, free: list[Slot], seen: set[datetime], zone: ZoneInfo) -> tuple[Slot, ...]:
    """Return the nearest free times that are no date of the series: of the same week, or else of a week around it."""
    day = start.astimezone(zone).date()
    monday = datetime.combine(day - timedelta(days=day.weekday()), time.min, zone).astimezone(UTC)
    others = {each.starts_at: each for each in reversed(free) if each.starts_at not in seen}.values()
    that_week = [each for each in others if monday <= each.starts_at < monday + WEEK]
    around = that_week or [each for each in others if abs(each.starts_at - start) <= WEEK]
    return tuple(sorted(around, key=lambda each: (abs(each.starts_at - start), each.starts_at))[:NEAREST])
