"""Free times of a specialist and of many, against two bare queries with a sweep, and against libres on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.domain.slots import free_slots
from booking.models import Service
from scheduler.models import Reservation, Session
from scheduler.period import Period
from tests.bench.libres_peer import libres_of
from tests.bench.measuring import Call, Result, count_of, settle, take_turns, times_faster, times_the_limit
from tests.factories import NOW, make_centre, make_room, make_service, make_staff
from tests.factories_visits import Practice, make_visit, make_window

WARSAW = ZoneInfo("Europe/Warsaw")
TURNS = 21
FIRST_DAY = date(2026, 11, 17)
THIRTY_DAYS = Period.of_days(FIRST_DAY, FIRST_DAY + timedelta(days=29), WARSAW)
SIXTY_DAYS = Period.of_days(FIRST_DAY, FIRST_DAY + timedelta(days=59), WARSAW)
SPECIALISTS = 10
HOUR = timedelta(hours=1)


def measure() -> Iterator[Result]:
    """Compare how long the free times of thirty days take, and count the queries of one specialist and of ten."""
    service = make_service(make_centre(), minutes=50, pause_minutes=10, notice_hours=0, horizon_days=90)
    service = Service.objects.select_related("centre__timetable").get(pk=service.pk)
    practices = [make_busy_practice(service) for _ in range(SPECIALISTS)]
    settle()
    one = practices[0]
    assert starts(one) == bare_sweep(one)
    calls: dict[str, Call] = {"ours": lambda: starts(one), "bare": lambda: bare_sweep(one)}
    with libres_of(one, THIRTY_DAYS) as libres:
        if libres is not None:
            assert libres() == starts(one)
            calls["libres"] = libres
        taken = take_turns(calls, turns=TURNS)
    yield times_the_limit("slots: 30 days, two bare SELECTs and a sweep", taken, limit="bare", at_most=3)
    if "libres" in calls:
        yield times_faster("slots: 30 days, libres", taken, peer="libres", at_least=25)
    few = queries(one, THIRTY_DAYS)
    yield count_of("slots: queries, one specialist, 30 days", ours=few, at_most=3)
    yield count_of("slots: queries, ten specialists, 60 days", ours=queries(None, SIXTY_DAYS, service), at_most=few)


def make_busy_practice(service: Service) -> Practice:
    """Make a specialist with three visits on every working day, of which one is booked for weeks ahead."""
    member, room = make_staff("specialist", centre=service.centre), make_room(service.centre.timetable)
    window = make_window(
        service,
        specialist=member.resource,
        day=date(2026, 9, 1),
        weekdays=range(5),
        starts=time(9),
        ends=time(12),
        room=room,
    )
    practice = Practice(service, member, member.resource, room, window)
    for session in Session.objects.filter(leader=member.resource).within(SIXTY_DAYS).order_by("starts_at"):
        make_visit(practice, session.starts_at + HOUR)
    return practice


def starts(practice: Practice) -> list[datetime]:
    """Return when visits can start, as pages and REST are answered."""
    found = free_slots(service=practice.service, period=THIRTY_DAYS, now=NOW, specialist_id=practice.specialist.pk)
    return [slot.starts_at for slot in found]


def bare_sweep(practice: Practice) -> list[datetime]:
    """Return the same with two queries and a sweep that knows nothing of rooms, ways, notice, leave or quotas."""
    within = {"starts_at__lt": THIRTY_DAYS.end, "ends_at__gt": THIRTY_DAYS.start}
    duties = Session.objects.filter(leader=practice.specialist, series__kind="duty", **within).exclude(
        status="cancelled"
    )
    visits = Reservation.objects.filter(resource=practice.specialist, kind="visit", **within)
    taken = list(visits.order_by("starts_at").values_list("starts_at", "ends_at"))
    found, position = [], 0
    for start, end in duties.order_by("starts_at").values_list("starts_at", "ends_at"):
        while start + HOUR <= end:
            while position < len(taken) and taken[position][1] <= start:
                position += 1
            if position == len(taken) or taken[position][0] >= start + HOUR:
                found.append(start)
            start += HOUR  # noqa: PLW2901  the sweep moves on
    return found


def queries(practice: Practice | None, period: Period, service: Service | None = None) -> int:
    """Count the queries of a question about one specialist, or about everybody."""
    asked = practice.service if practice else service
    assert asked is not None
    specialist_id = practice.specialist.pk if practice else None
    with CaptureQueriesContext(connection) as captured:
        assert free_slots(service=asked, period=period, now=NOW, specialist_id=specialist_id)
    return len(captured)
