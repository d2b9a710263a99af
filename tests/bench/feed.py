"""A family's calendar of a whole year, as a phone fetches it, against a bare query of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.domain.subscriptions import create_subscription
from booking.models import Account, Activity, Enrolment
from scheduler.models import Series, Session
from scheduler.period import Period
from tests.bench.measuring import Result, count_of, settle, take_turns, times_the_limit
from tests.bench.year import FIRST_MONDAY, WARSAW
from tests.factories import (
    NOW,
    make_activity,
    make_centre,
    make_enrolment,
    make_family,
    make_group,
    make_room,
    make_series,
    make_specialist,
    make_term,
    make_weekly_group,
)

WORKING_DAYS, BLOCKS_FROM, BLOCKS = 5, 13, 6  # six blocks of half an hour on each working day
YEAR = Period.of_days(NOW.date() - timedelta(days=30), NOW.date() + timedelta(days=365), WARSAW)
TURNS = 11
KILOBYTES_AT_MOST = 250


def measure() -> Iterator[Result]:
    """Compare a fetch of two children's year with reading its rows, and a second fetch with the first."""
    with time_machine.travel(NOW, tick=False):
        account = household()
        _kept, token = create_subscription(owner=account, scope="household", now=NOW)
        address, client = f"/calendars/{token}.ics", Client()
        settle()
        first = client.get(address)
        keys = Enrolment.objects.values_list("group__series", flat=True).distinct()
        series = list(keys)
        rows = len(bare_query(series))
        known = {"if-none-match": first["ETag"]}
        taken = take_turns(
            {
                "ours": lambda: client.get(address),
                "again": lambda: client.get(address, headers=known),
                "values_list": lambda: bare_query(series),
            },
            turns=TURNS,
        )
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
    yield times_the_limit(f"feed: {rows} sessions of a family, bare values_list", taken, limit="values_list", at_most=8)
    ratio = taken.ratio("again", "ours")
    yield Result(
        name="feed: unchanged (304), against writing it",
        ours=taken.median("again"),
        limit=taken.median("ours"),
        ratio=ratio,
        goal="≤ 0.5",
        holds=ratio <= 0.5,
    )
    yield count_of("feed: kilobytes", ours=len(first.content) // 1000, at_most=KILOBYTES_AT_MOST)
    yield count_of("feed: queries", ours=len(captured), at_most=16)


def household() -> Account:
    """Store a family of two children in day care on every working day, one of them in robotics too."""
    centre = make_centre()
    term = make_term(centre.timetable, starts_on=FIRST_MONDAY, ends_on=date(2027, 6, 25))
    lines = [_block(term, day, number) for day in range(WORKING_DAYS) for number in range(BLOCKS)]
    day_care = make_activity(centre, kind=Activity.Kind.DAY_CARE, name="Świetlica")
    group = make_group(day_care, name="Słoneczka", term=term, series=lines)
    family = make_family(centre, children=(7, 9))
    for child in family.children:
        make_enrolment(child, group)
    make_enrolment(family.child, make_weekly_group(make_activity(centre)))
    return family.account


def _block(term: Any, day: int, number: int) -> Series:
    hour, minutes = divmod(BLOCKS_FROM * 60 + number * 30, 60)
    ends = divmod(BLOCKS_FROM * 60 + number * 30 + 30, 60)
    return make_series(
        term,
        title=f"Blok {number + 1}",
        day=FIRST_MONDAY + timedelta(days=day),
        starts=time(hour, minutes),
        ends=time(*ends),
        room=make_room(term.timetable),
        leader=make_specialist(term.timetable),
    )


def bare_query(series: list[Any]) -> list[tuple[Any, ...]]:
    """Read the rows of the calendar with nothing around the ORM."""
    found = Session.objects.filter(series__in=series).within(YEAR).order_by("starts_at")
    columns = ("id", "series_id", "starts_at", "ends_at", "status", "sequence", "changed_at", "note")
    return list(found.values_list(*columns, "series__title", "room__name", "leader__name"))
