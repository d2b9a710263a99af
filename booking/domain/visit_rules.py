"""The rules by which free times of a service are computed: lengths, pauses, notice, horizon, ways of meeting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from booking.domain.slots import lengths_of
from booking.errors import Refused, refusal
from booking.models import Service
from booking.models.modes import MODES
from scheduler.availability import Hours, openings

EXAMPLE_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # any day: only its hours are told


@dataclass(frozen=True, slots=True)
class VisitRules:
    """How visits of a service follow each other; minutes of the clock, hours and days as families count them.

    Starts are `minutes` + `pause_minutes` apart, or `step_minutes` where that is given.
    """

    minutes: int
    pause_minutes: int
    step_minutes: int | None
    before_minutes: int
    after_minutes: int
    travel_minutes: int
    notice_hours: int
    horizon_days: int
    online: bool
    modes: frozenset[str]

    @classmethod
    def of(cls, service: Service) -> VisitRules:
        """Return the rules that a service has now."""
        own = {field.name: getattr(service, field.name) for field in fields(cls)}
        return cls(**own | {"modes": frozenset(service.modes)})


@transaction.atomic
def change_visit_rules(*, service_id: uuid.UUID, rules: VisitRules) -> Service:
    """Store other rules of a service; the same again changes nothing.

    Free times follow from them at once. Visits that are booked stay as they are: their hour, length and way of
    meeting. Raises Refused (`mode_missing`) and Service.DoesNotExist.
    """
    service = Service.objects.select_for_update().get(pk=service_id)
    if not rules.modes:
        raise Refused(refusal("mode_missing"))
    for field in fields(rules):
        if field.name != "modes":
            setattr(service, field.name, getattr(rules, field.name))
    for mode in MODES:
        setattr(service, mode, mode in rules.modes)
    service.save()
    return service


def example_starts(service: Service, *, mode: str, starts: time, ends: time) -> list[time]:
    """Return when visits begin in hours from `starts` to `ends` of which nothing is taken. Pure."""
    first, until = datetime.combine(EXAMPLE_DAY, starts, UTC), datetime.combine(EXAMPLE_DAY, ends, UTC)
    found = openings(Hours((first, until)), lengths_of(service, mode), earliest=first, latest=until)
    last, free = first - timedelta(days=1), []
    for opening in found:
        begins, _ends = lengths_of(service, mode).occupied(opening.start)
        if begins >= last:
            free.append(opening.start.time())
            last = lengths_of(service, mode).occupied(opening.start)[1]
    return free
