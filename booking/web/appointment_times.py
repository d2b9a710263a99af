"""Free times as pages show them: two weeks at a time, by the day, with the way to the weeks before and after."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

from booking.domain.joint_slots import joint_slots
from booking.domain.slots import STAFF, Asker, Slot, asker_for, free_slots
from booking.models import Appointment, Person, Service
from booking.web.visit_words import DayOfSlots, days_of
from scheduler.period import Period

DAYS = 14
FARTHEST = timedelta(days=732)
KNOWN_YEARS = range(2000, 2101)  # as REST knows them
STAFF_AHEAD = timedelta(days=366)  # no horizon binds staff; hours are published for a school year at most


@dataclass(frozen=True, slots=True)
class FreeDays:
    """The days of two weeks that have free times; `before` and `after` are the first days of the weeks beside them.

    `next` is the first free time of the same kind at all, where these weeks have none.
    """

    first: date
    last: date
    days: list[DayOfSlots]
    before: date | None
    after: date | None
    next: Slot | None = None


def free_days(  # noqa: PLR0913  a question is made of these facts
    request: HttpRequest,
    service: Service,
    now: datetime,
    *,
    person: Person | None = None,
    visit: Appointment | None = None,
    specialist_id: uuid.UUID | None = None,
    mode: str = "",
    colleagues: Collection[uuid.UUID] = (),
    by_staff: bool = False,
) -> FreeDays:
    """Return the free times of the two weeks that the query's `from` names, or of those from today on.

    A `visit` that is being moved keeps who gives it and the way of meeting, and counts as not being there. Where
    `colleagues` come too, only times at which they are free are shown.
    """
    zone = service.centre.timetable.tz
    today = timezone.localdate(now, zone)
    first = max(today, _day(request.GET.get("from", ""), today))
    last = first + timedelta(days=DAYS - 1)
    asker = _asker(person, by_staff=by_staff)
    together = visit.colleagues.values_list("pk", flat=True) if visit else colleagues

    def free(since: date, until: date) -> list[Slot]:
        found = free_slots(
            service=service,
            period=Period.of_days(since, until, zone),
            now=now,
            specialist_id=visit.specialist_id if visit else specialist_id,
            mode=visit.mode if visit else mode,
            asker=asker,
            besides=visit.pk if visit else None,
        )
        found = joint_slots(found, service=service, colleagues=list(together), besides=visit.pk if visit else None)
        return [slot for slot in found if visit is None or slot.starts_at != visit.starts_at]

    found = free(first, last)
    horizon = today + (STAFF_AHEAD if by_staff else timedelta(days=service.horizon_days))
    return FreeDays(
        first,
        last,
        days_of({slot.starts_at: slot for slot in reversed(found)}.values()),
        before=max(today, first - timedelta(days=DAYS)) if first > today else None,
        after=last + timedelta(days=1) if last < horizon else None,
        next=None if found else next(iter(free(today, horizon)), None),
    )


def read_start(text: str) -> datetime:
    """Return the instant that a button of a free time sends. Raises Http404 for what no button sends."""
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if timezone.is_naive(start) or start.year not in KNOWN_YEARS:  # at the ends of the calendar no zone can be applied
        raise Http404
    return start


def _asker(person: Person | None, *, by_staff: bool) -> Asker:
    if by_staff:
        return STAFF
    return asker_for(person_id=person.pk) if person else Asker()


def _day(text: str, today: date) -> date:
    """Return the day a link names, within two years of today, or today."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or abs(day - today) > FARTHEST:
        return today
    return day
