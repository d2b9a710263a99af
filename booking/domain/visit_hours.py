"""The hours that specialists gave, counted for reports: numbers of visits and minutes, never a name of a client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from booking.models import Appointment, Centre, WalkIn
from booking.models.appointment import ATTENDED
from scheduler.models import Resource
from scheduler.period import Period

Status = Appointment.Status
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """What one specialist did of one service in a time: visits by what became of them, and minutes that took place.

    `joined` says that she gave them together with the colleague in whose row they stand, too.
    """

    specialist: str
    service: str
    held: int
    interrupted: int
    no_show: int
    excused: int
    cancelled_late: int
    minutes: int
    joined: bool = False

    @property
    def attended(self) -> int:
        """The visits to which somebody came."""
        return self.held + self.interrupted


@dataclass(frozen=True, slots=True)
class WalkIns:
    """Who came to a service without an appointment; of the nameless ones the little that is known."""

    service: str
    visits: int
    named: int
    minutes: int
    sex: dict[str, int]
    age: dict[str, int]


def hours_given(*, centre: Centre, first: date, last: date, specialist: Resource | None = None) -> list[Hours]:
    """Return the visits and minutes of each specialist and service on these days, both included.

    A visit without minutes of its own counts as long as it was planned. Of a visit that two gave together, each has
    the hours; the row of the one who joined says so, so that a sum counts the visit once. In two queries.
    """
    found = _visits(centre, first, last)
    own = found if specialist is None else found.filter(specialist=specialist)
    joined = found.filter(colleagues__isnull=False) if specialist is None else found.filter(colleagues=specialist)
    rows = [*_rows(own, "specialist"), *_rows(joined, "colleagues", joined=True)]
    return sorted(rows, key=lambda row: (row.specialist, row.joined, row.service))


def walk_ins(*, centre: Centre, first: date, last: date, specialist: Resource | None = None) -> list[WalkIns]:
    """Return by service who came without an appointment on these days, both included; in one query."""
    found = _visits(centre, first, last).filter(source=Appointment.Source.AFTERWARDS, status__in=ATTENDED)
    if specialist is not None:
        found = found.filter(specialist=specialist)
    counts = {f"sex_{each}": Count("pk", filter=Q(walk_in__sex=each)) for each in WalkIn.Sex.values}
    counts |= {f"age_{each}": Count("pk", filter=Q(walk_in__age=each)) for each in WalkIn.Age.values}
    rows: Any = found.values("service", "service__name").annotate(
        visits=Count("pk"), named=Count("person"), took=Coalesce(Sum("minutes"), 0), **counts
    )
    return [
        WalkIns(
            service=row["service__name"],
            visits=row["visits"],
            named=row["named"],
            minutes=row["took"],
            sex={each: row[f"sex_{each}"] for each in WalkIn.Sex.values},
            age={each: row[f"age_{each}"] for each in WalkIn.Age.values},
        )
        for row in rows.order_by("service__name", "service")
    ]


def _visits(centre: Centre, first: date, last: date) -> QuerySet[Appointment]:
    period = Period.of_days(first, last, centre.timetable.tz)
    return Appointment.objects.filter(
        service__centre=centre, starts_at__gte=period.start, starts_at__lt=period.end
    ).order_by()


def _rows(found: QuerySet[Appointment], giver: str, *, joined: bool = False) -> Iterator[Hours]:
    """Yield one row a person who gave it, named by the field `giver`, and service; none where nothing took place."""
    came = Q(status__in=ATTENDED)
    numbers: dict[str, Any] = {
        name: Count("pk", filter=Q(status=name))
        for name in (Status.HELD, Status.INTERRUPTED, Status.NO_SHOW, Status.EXCUSED, Status.CANCELLED_LATE)
    }
    rows = found.values(giver, f"{giver}__name", "service", "service__name").annotate(
        said=Coalesce(Sum("minutes", filter=came), 0),
        planned=Sum(F("ends_at") - F("starts_at"), filter=came & Q(minutes__isnull=True)),
        **numbers,
    )
    for row in rows:
        if any(row[name] for name in numbers):
            yield Hours(
                specialist=row[f"{giver}__name"],
                service=row["service__name"],
                minutes=row["said"] + (row["planned"] // MINUTE if row["planned"] else 0),
                joined=joined,
                **{name: row[name] for name in numbers},
            )
