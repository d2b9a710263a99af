"""Why a time for a visit cannot be had: the centre rests, somebody is away, there are no hours then, or it is taken."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from booking.domain.joint_slots import Taken, taken_from
from booking.domain.slots import occupied_period
from booking.errors import Refusal, refusal
from booking.models import Service
from scheduler.domain.closures import ClosedDays, list_closures, resting_days
from scheduler.models import Resource, Series, Session
from scheduler.period import Period


class Reasons:
    """What is known of a span of time, read once in a handful of queries, for saying of many times what is wrong."""

    def __init__(self, *, service: Service, people: Collection[uuid.UUID], mode: str, span: Period) -> None:
        """Read days of rest, the hours for the service, and what takes the named `people` (none: anyone gives it)."""
        self.service, self.people, self.mode = service, list(people), mode
        self.zone = service.centre.timetable.tz
        first, last = span.start.astimezone(self.zone).date(), span.end.astimezone(self.zone).date()
        closures = list_closures(service.centre.timetable, first, last)
        self._resting: dict[date, ClosedDays] = resting_days(closures, on_breaks=Series.OnBreaks.RUN)
        hours = Session.objects.standing().filter(series__services=service, series__window__isnull=False)
        hours = hours.filter(starts_at__lt=span.end, ends_at__gt=span.start)
        self._hours = list(hours.values_list("leader_id", "starts_at", "ends_at"))
        self._taken: Taken = taken_from(self.people, span)
        self._names: dict[uuid.UUID, str] = dict(
            Resource.objects.filter(pk__in=self.people).order_by("name").values_list("pk", "name")
        )

    def of(self, period: Period, *, giver: uuid.UUID | None) -> Refusal:
        """Return what keeps a visit in `period` from taking place; `giver` is the specialist, if one was named."""
        closed = self._resting.get(period.start.astimezone(self.zone).date())
        if closed is not None:
            return refusal("closed_then", name=closed.name)
        occupied = occupied_period(service=self.service, mode=self.mode, period=period)
        for key, name in self._names.items():
            if any(start < occupied.end and end > occupied.start for start, end in self._taken.get(key, ())):
                return refusal("busy_then", person=name)
        if not any(
            giver in (None, leader) and start <= period.start and end >= period.end
            for leader, start, end in self._hours
        ):
            return refusal("no_hours_then")
        return refusal("taken_then")
