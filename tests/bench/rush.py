"""Families all at once: places over HTTP on real server processes, a server killed in the middle, and throughput."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from statistics import quantiles

from django.db import connection
from django.db.models import Count, F, Q
from django.utils import timezone

from booking.management.demo.rush import invite_families, open_groups
from booking.models import Enrolment, Group
from notifications.models import Message
from tests.bench.measuring import Result, count_of, settle
from tests.bench.serving import Ask, Said, Server, ask_all, served
from tests.bench.statements import enrolments_a_second, list_groups

CREATED, SERVER_ERROR = 201, 500
RUSH, PLACES = 200, 10
CLIENTS = 32
FAMILIES = 1600
ROOM = 30_000
MOST_MILLISECONDS = 500
KILL_AFTER = 60  # answers


def measure() -> Iterator[Result]:
    """Check that nothing is lost or given twice, then measure how fast it goes."""
    with served() as server:
        yield wrong_answers(server)
    yield lost_in_a_crash()
    for groups, goal in ((1, 0.4), (30, 0.15)):
        yield from throughput(groups, goal)


def prepare(*, families: int, groups: int, places: int) -> tuple[list[Ask], list[str]]:
    """Make open groups and families with one child each; family n asks for the group n modulo their number."""
    now = timezone.now()
    keys = [str(key) for key in open_groups(groups=groups, places=places, today=now.date(), now=now)]
    invited = invite_families(families=families, today=now.date(), now=now)
    asks = [
        Ask(token, str(child), keys[number % groups], str(uuid.uuid4()))
        for number, (token, child) in enumerate(invited)
    ]
    return asks, keys


def wrong_answers(server: Server) -> Result:
    """Count what is wrong after 200 families asked at once for 10 places."""
    asks, [group] = prepare(families=RUSH, groups=1, places=PLACES)
    said, _seconds = ask_all(server.port, asks, clients=RUSH)
    statuses = sorted(str(answer.body.get("status")) for answer in said)
    positions = sorted(answer.body["position"] for answer in said if answer.body.get("status") == "waiting")
    line = (
        Enrolment.objects.waiting()
        .filter(group=uuid.UUID(group))
        .order_by("line_number")
        .values_list("line_number", flat=True)
    )
    wrong = sum(answer.status != CREATED for answer in said)
    wrong += statuses != ["enrolled"] * PLACES + ["waiting"] * (RUSH - PLACES)
    wrong += positions != list(range(1, RUSH - PLACES + 1)) or list(line) != positions
    return count_of(f"rush: wrong of {RUSH} for {PLACES} places", ours=wrong + wrong_counters(), at_most=0)


def lost_in_a_crash() -> Result:
    """Count what is wrong after the server was killed in the middle and every family asked again with the same key."""
    asks, [_group] = prepare(families=RUSH, groups=1, places=PLACES)
    with served() as server:
        before, _seconds = ask_all(server.port, asks, clients=CLIENTS, after=KILL_AFTER, then=server.kill)
    after_the_crash = wrong_counters()
    with served() as server:
        again, _seconds = ask_all(server.port, asks, clients=CLIENTS)
    wrong = sum(answer.status != CREATED for answer in again) + after_the_crash + wrong_counters()
    wrong += sum(
        first.status == CREATED and first.body != second.body for first, second in zip(before, again, strict=True)
    )
    wrong += Enrolment.objects.filter(child__in=[ask.child for ask in asks]).count() != RUSH
    unanswered = sum(answer.status == 0 for answer in before)
    return count_of(f"rush: wrong after kill -9 ({unanswered} of {RUSH} unanswered)", ours=wrong, at_most=0)


def throughput(groups: int, goal: float) -> Iterator[Result]:
    """Measure enrolments a second over HTTP; on PostgreSQL against pgbench running the same statements."""
    limit = None
    if connection.vendor == "postgresql":
        asks, keys = prepare(families=FAMILIES + 1, groups=groups, places=ROOM)
        list_groups(keys)
        settle()
        example, *families = [ask._replace(key="") for ask in asks]
        limit = enrolments_a_second(example, families, keys)
    asks, keys = prepare(families=FAMILIES, groups=groups, places=ROOM)
    settle()
    with served() as server:
        warm, _keys = prepare(families=CLIENTS, groups=1, places=ROOM)
        ask_all(server.port, [ask._replace(key="") for ask in warm], clients=CLIENTS)
        said, seconds = ask_all(server.port, [ask._replace(key="") for ask in asks], clients=CLIENTS)
    ours = len(said) / seconds
    name = f"rush: enrolments/s, {groups} group{'s' if groups > 1 else ''}"
    ratio = ours / limit if limit else ours
    yield Result(
        name=f"{name}, pgbench with the same statements" if limit else name,
        ours=ours,
        limit=limit,
        ratio=ratio,
        goal=f"≥ {goal:g}" if limit else "> 0",
        holds=ratio >= goal,
    )
    slowest = slow(said)
    # SQLite has one writer for all, so that the wait of the last is told there and judged on PostgreSQL only.
    judged = limit is not None
    yield Result(
        name=f"{name}: p99 in ms",
        ours=slowest,
        ratio=slowest,
        goal=f"< {MOST_MILLISECONDS}" if judged else "told",
        holds=slowest < MOST_MILLISECONDS or not judged,
    )
    lost = sum(answer.status != CREATED for answer in said)
    yield count_of(f"{name}: lost or oversold", ours=lost + wrong_counters(), at_most=0)


def slow(said: list[Said]) -> float:
    """Return how long the slowest hundredth waited at least, in milliseconds."""
    return quantiles([answer.milliseconds for answer in said], n=100)[-1]


def wrong_counters() -> int:
    """Count the groups whose counters do not fit their enrolments, and enrolments that nobody was told of."""
    holding = Count("enrolments", filter=Q(enrolments__status__in=["enrolled", "offered", "pending"]))
    waiting = Count("enrolments", filter=Q(enrolments__status="waiting"))
    counted = Group.objects.annotate(holding=holding, in_line=waiting)
    wrong = counted.exclude(places_taken=F("holding"), waiting=F("in_line")).count()
    wrong += Group.objects.filter(places_taken__gt=F("capacity")).count()
    return wrong + (Message.objects.count() != Enrolment.objects.count())
