"""What an absence touches, as the organiser's pages show it, and what was chosen there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from booking.domain.cover import Choice, CoverPlan
from booking.domain.cover_visits import VisitChoice
from booking.models import Account, Appointment
from booking.web.cover_forms import read_choices, rows_of
from booking.web.cover_visit_forms import filled, fillings, read_visit_choices, visit_rows_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for dates and visits; with `fills` it is only to be filled in so for all visits and shown."""

    dates: Mapping[uuid.UUID, Choice] = field(default_factory=dict)
    visits: Mapping[uuid.UUID, VisitChoice] = field(default_factory=dict)
    fills: bool = False
    filling: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Chosen:
        """Return what was sent; names that are no dates and no visits are passed over."""
        return cls(_dates(sent), read_visit_choices(sent), "fill" in sent, sent.get("all_visits", ""))


def plan_facts(plan: CoverPlan, chosen: Chosen, *, reader: Account, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return what the proposals of a plan are shown with."""
    at_desk = visits_at_desk(reader, [visit.pk for visit in plan.visits], now)
    visits = filled(plan, chosen.filling) if chosen.fills else chosen.visits
    rows = rows_of(plan, chosen.dates, zone)
    visit_rows = visit_rows_of(plan, visits, at_desk=at_desk, zone=zone)
    return {
        "plan": plan,
        "rows": rows,
        "visit_rows": visit_rows,
        "can_settle": bool(rows) or any(row.has_ways for row in visit_rows),
        "fillings": fillings(chosen.filling),
        "at_desk": at_desk,
    }


def visits_at_desk(reader: Account, visits: Iterable[uuid.UUID | None], now: datetime) -> set[uuid.UUID]:
    """Return which of these visits the reader may open; of the others only the hour is told."""
    mine = Appointment.objects.at_desk_of(reader, timezone.localdate(now))
    return set(mine.filter(pk__in=[key for key in visits if key]).values_list("pk", flat=True))


def _dates(sent: Mapping[str, str]) -> dict[uuid.UUID, Choice]:
    found = {}
    for key, choice in read_choices(sent).items():
        try:
            found[uuid.UUID(key)] = choice
        except ValueError:
            continue
    return found
