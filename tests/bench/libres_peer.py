"""The same hours and visits in libres, a library for reservations of the OneGov Cloud; it works on PostgreSQL only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from scheduler.models import Reservation, Session
from scheduler.period import Period
from tests.bench.measuring import Call
from tests.factories_visits import Practice

WARSAW = ZoneInfo("Europe/Warsaw")
VISIT, STEP = timedelta(minutes=50), timedelta(minutes=60)
# Minutes. libres knows no pattern of 50 minutes and 10 of pause, so each visit is an allocation of its own.
RASTER = 5

END_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextmanager
def libres_of(practice: Practice, period: Period) -> Iterator[Call | None]:
    """Give a question to libres for the same free times, or None on another engine."""
    if connection.vendor != "postgresql":
        yield None
        return
    scheduler = _scheduler()
    _copy(practice, period, scheduler)
    try:
        yield _question(scheduler, period)
    finally:
        with connection.cursor() as cursor:  # libres leaves connections open, and the database could not be dropped
            cursor.execute(END_OTHERS)


def _copy(practice: Practice, period: Period, scheduler: Any) -> None:
    """Store the hours and the visits in libres."""
    hours = Session.objects.filter(leader=practice.specialist, series__kind="duty").within(period)
    for starts_at, ends_at in hours.order_by("starts_at").values_list("starts_at", "ends_at"):
        start = starts_at
        while start + VISIT <= ends_at:
            scheduler.allocate((start, start + VISIT), raster=RASTER)
            start += STEP
    scheduler.commit()
    visits = Reservation.objects.filter(resource=practice.specialist, kind="visit")
    for start in visits.filter(starts_at__gte=period.start, ends_at__lte=period.end).values_list(
        "starts_at", flat=True
    ):
        scheduler.approve_reservations(scheduler.reserve("anna@example.org", (start, start + VISIT)))
    scheduler.commit()


def _scheduler() -> Any:
    """Return libres' scheduler of one resource, in the database of the measurement."""
    registry = import_module("libres.context.registry").create_default_registry()
    context = registry.register_context("bench")
    known = connection.get_connection_params()
    address = {name: str(known[name]) for name in ("host", "port", "user", "password", "dbname") if known.get(name)}
    url = import_module("sqlalchemy").URL.create("postgresql+psycopg", query=address)
    context.set_setting("dsn", url.render_as_string(hide_password=False))
    scheduler = import_module("libres.db.scheduler").Scheduler(context, "specialist", "Europe/Warsaw")
    scheduler.setup_database()
    scheduler.commit()
    return scheduler


def _question(scheduler: Any, period: Period) -> Callable[[], list[datetime]]:
    first = period.start.astimezone(WARSAW)  # it compares the hours of the day too, on the wall clock
    last = period.end.astimezone(WARSAW) - timedelta(minutes=1)

    def ask() -> list[datetime]:
        found = scheduler.search_allocations(first, last)
        starts = [start.astimezone(UTC) for allocation in found for start, _end in allocation.free_slots()]
        scheduler.session.rollback()  # the next question reads the database again, as another request does
        return starts

    return ask
