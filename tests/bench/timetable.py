"""A month of the timetable, through the query path of the pages, against django-scheduler and a bare query."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from schedule.models import Event
from schedule.periods import Period as SchedulePeriod
from schedule.views import api_occurrences

from scheduler.domain.publishing import publish_series
from scheduler.models import Session, Timetable, TimetableRow
from scheduler.models.session import LONGEST_SESSION
from scheduler.period import Period
from tests.bench.measuring import Result, count_of, settle, take_turns, times_faster, times_the_limit
from tests.bench.year import WARSAW, make_drafts, make_exceptions
from tests.factories import PUBLISHED_AT

EXCEPTIONS = 50
OCTOBER = Period.of_days(date(2026, 10, 1), date(2026, 10, 31), WARSAW)  # the clocks go back on the 25th
COLUMNS = (
    "id",
    "series_id",
    "starts_at",
    "ends_at",
    "status",
    "note",
    "series__title",
    "series__kind",
    "room_id",
    "room__name",
    "leader_id",
    "leader__name",
)  # fmt: skip  the columns of a timetable row
TURNS = 21


def measure() -> Iterator[Result]:
    """Compare how long the sessions of October take, and whether every hour is right."""
    series = make_drafts(ends_on=date(2027, 6, 25))
    publish_series(series_ids=[line.pk for line in series], now=PUBLISHED_AT)
    make_exceptions(series, date(2026, 10, 26), number=EXCEPTIONS)
    settle()
    timetable = series[0].timetable
    taken = take_turns(
        {
            "ours": lambda: month(timetable),
            "values_list": lambda: bare_query(timetable),
            "period": lambda: schedule_period(timetable.calendar.event_set.all()),
            "prefetched": lambda: schedule_period(timetable.calendar.event_set.select_related("rule")),
            "json": lambda: schedule_json(timetable),
        },
        turns=TURNS,
    )
    yield times_the_limit("timetable: month, bare values_list", taken, limit="values_list", at_most=1.5)
    yield times_faster("timetable: month, django-scheduler Period", taken, peer="period", at_least=20)
    yield times_faster("timetable: month, Period with rules loaded", taken, peer="prefetched", at_least=5)
    yield times_faster("timetable: month, django-scheduler JSON", taken, peer="json", at_least=50)
    yield count_of("timetable: queries, Period", ours=queries(timetable), peer=schedule_queries(timetable), at_most=2)
    yield wrong_hours(timetable)


def month(timetable: Timetable) -> list[TimetableRow]:
    """Read a month as the public week does a week."""
    return Session.objects.of_timetable(timetable.pk).public().within(OCTOBER).rows()


def bare_query(timetable: Timetable) -> list[tuple[Any, ...]]:
    """Read the same rows with nothing around the ORM."""
    return list(
        Session.objects.filter(
            timetable=timetable,
            series__audience="public",
            starts_at__gt=OCTOBER.start - LONGEST_SESSION,
            starts_at__lt=OCTOBER.end,
            ends_at__gt=OCTOBER.start,
        )
        .order_by("starts_at")
        .values_list(*COLUMNS)
    )


def schedule_period(events: QuerySet[Event]) -> list[Any]:
    """Read the month with django-scheduler's Period, in the zone of the place."""
    start, end = OCTOBER.start.astimezone(WARSAW), OCTOBER.end.astimezone(WARSAW)
    found: list[Any] = SchedulePeriod(events, start, end, tzinfo=WARSAW).get_occurrences()
    return found


def schedule_json(timetable: Timetable, **asked: str) -> list[dict[str, Any]]:
    """Read the month as django-scheduler's own calendar page does."""
    asked = {"start": "2026-10-01", "end": "2026-11-01", "calendar_slug": timetable.calendar.slug} | asked
    answer = api_occurrences(RequestFactory().get("/", {"timezone": "Europe/Warsaw"} | asked))
    found: list[dict[str, Any]] = json.loads(answer.content)
    return found


def queries(timetable: Timetable) -> int:
    """Count the queries of a month."""
    with CaptureQueriesContext(connection) as captured:
        month(timetable)
    return len(captured)


def schedule_queries(timetable: Timetable) -> int:
    """Count the queries of a month of django-scheduler."""
    with CaptureQueriesContext(connection) as captured:
        schedule_period(timetable.calendar.event_set.all())
    return len(captured)


def wrong_hours(timetable: Timetable) -> Result:
    """Count the sessions of October and of the whole year that do not begin at the hour they are planned at.

    The peer is django-scheduler's JSON view, asked without a zone as its page does by default.
    """
    planned = {event.title: event.start.astimezone(WARSAW).time() for event in Event.objects.all()}
    by_hand = Counter(Session.objects.filter(changed_by_hand=True).values_list("series__title", flat=True))
    assert sum(by_hand.values()) == EXCEPTIONS
    year = Session.objects.of_timetable(timetable.pk).filter(changed_by_hand=False).rows()
    ours = sum(row.starts_at.astimezone(WARSAW).time() != planned[row.title] for row in year)
    shown = [row for row in schedule_json(timetable, timezone="") if not row["existed"]]
    theirs = sum(local_time(row["start"]) != planned[row["title"]] for row in shown)
    return count_of("timetable: wrong hours, django-scheduler JSON", ours=ours, peer=theirs, at_most=0)


def local_time(text: str) -> time:
    """Return the hour on the wall in Warsaw."""
    return datetime.fromisoformat(text).astimezone(WARSAW).time()
