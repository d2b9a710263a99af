"""Pins what django-scheduler 0.12 does: what Grafik leans on, and what it keeps away from. An upgrade that changes one
of these is to be seen here, before it is seen in a timetable.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from importlib.metadata import version
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
import pytz
from django.contrib import admin
from django.db.models import ProtectedError
from django.test import Client, override_settings
from schedule.models import Calendar, Event, Occurrence, Rule
from schedule.periods import Period

from tests.factories import make_series

WARSAW = ZoneInfo("Europe/Warsaw")
BEFORE, AFTER = datetime(2026, 10, 21, 16, 0, tzinfo=WARSAW), datetime(2026, 10, 28, 16, 0, tzinfo=WARSAW)

pytestmark = pytest.mark.django_db


def make_event(start: datetime = BEFORE, *, frequency: str = "WEEKLY", params: str = "", **facts) -> Event:
    """Store an event of 45 minutes that repeats."""
    rule = Rule.objects.create(name=f"{frequency} {params}"[:32], frequency=frequency, params=params)
    calendar = Calendar.objects.create(name="contract", slug=f"contract-{Calendar.objects.count()}")
    event = Event.objects.create(
        title="Robotyka", start=start, end=start + timedelta(minutes=45), rule=rule, calendar=calendar, **facts
    )
    event.refresh_from_db()
    return event


def hours(occurrences: list[Occurrence]) -> list[time]:
    return [occurrence.start.astimezone(WARSAW).time() for occurrence in occurrences]


def test_version_is_the_one_that_was_examined():
    assert version("django-scheduler") == "0.12.0"


# -- 1: clock changes -------------------------------------------------------------------------------------------------


def test_window_in_the_zone_of_the_place_keeps_the_hour_over_a_clock_change():
    found = make_event().get_occurrences(BEFORE - timedelta(days=1), AFTER + timedelta(days=1))
    assert hours(found) == [time(16, 0), time(16, 0)]


def test_window_in_utc_moves_the_hour_after_a_clock_change():
    found = make_event().get_occurrences(
        (BEFORE - timedelta(days=1)).astimezone(UTC), (AFTER + timedelta(days=1)).astimezone(UTC)
    )
    assert hours(found) == [time(16, 0), time(15, 0)]


def test_window_with_a_fixed_offset_raises():
    cest = timezone(timedelta(hours=2))
    with pytest.raises(pytz.UnknownTimeZoneError):
        make_event().get_occurrences(datetime(2026, 10, 20, tzinfo=cest), datetime(2026, 10, 30, tzinfo=cest))


def test_end_of_an_occurrence_is_wrong_in_the_night_of_a_clock_change():
    night = datetime(2026, 10, 18, 1, 0, tzinfo=WARSAW)
    event = make_event(night)
    Event.objects.filter(pk=event.pk).update(end=night.replace(hour=4))
    event.refresh_from_db()
    change = event.get_occurrences(
        datetime(2026, 10, 25, tzinfo=WARSAW), datetime(2026, 10, 26, tzinfo=WARSAW), clear_prefetch=False
    )
    assert [each.end.astimezone(WARSAW).time() for each in change] == [time(3, 0)]  # by the wall clock it is 04:00


def test_rrule_object_gives_naive_wall_clock_starts_of_the_zone_asked_for():
    found = list(islice(make_event().get_rrule_object(WARSAW), 2))
    assert found == [datetime(2026, 10, 21, 16, 0), datetime(2026, 10, 28, 16, 0)]


def test_rrule_object_of_an_event_without_a_rule_is_none():
    event = make_event()
    event.rule = None
    assert event.get_rrule_object(WARSAW) is None


# -- 2: the end of a series -------------------------------------------------------------------------------------------


def test_end_at_the_last_start_is_exclusive_in_one_method_and_inclusive_in_another():
    event = make_event(end_recurring_period=AFTER)
    window = BEFORE - timedelta(days=1), AFTER + timedelta(days=9)
    assert len(event.get_occurrences(*window)) == 1
    assert len(list(event.occurrences_after(window[0]))) == 2


def test_end_of_the_last_local_day_suits_both_methods():
    event = make_event(end_recurring_period=AFTER.replace(hour=23, minute=59, second=59))
    window = BEFORE - timedelta(days=1), AFTER + timedelta(days=9)
    assert len(event.get_occurrences(*window)) == len(list(event.occurrences_after(window[0]))) == 2


# -- 3: rules ---------------------------------------------------------------------------------------------------------


def test_weekdays_as_numbers_collapse_to_the_weekday_of_the_start():
    wednesday = make_event(frequency="MONTHLY", params="byweekday:0,2")
    assert {moment.weekday() for moment in islice(wednesday.get_rrule_object(WARSAW), 10)} == {2}


def test_weekdays_as_names_are_kept():
    wednesday = make_event(params="byweekday:MO,WE")
    assert {moment.weekday() for moment in islice(wednesday.get_rrule_object(WARSAW), 10)} == {0, 2}


def test_interval_of_zero_is_accepted_and_never_leaves_the_first_date():
    stuck = make_event(params="interval:0")
    assert len(set(islice(stuck.get_rrule_object(WARSAW), 1000))) == 1


def test_unknown_words_in_params_are_dropped_without_a_word():
    assert Rule(params="byweekday:XX;nonsense").get_params() == {"byweekday": []}


# -- 4: deleting a rule -----------------------------------------------------------------------------------------------


def test_deleting_a_rule_turns_a_bare_event_into_one_date():
    event = make_event()
    event.rule.delete()
    event.refresh_from_db()
    assert event.rule is None
    assert len(event.get_occurrences(BEFORE - timedelta(days=1), AFTER + timedelta(days=90))) == 1


def test_deleting_a_rule_that_a_series_follows_is_refused():
    series = make_series(published=False)
    with pytest.raises(ProtectedError):
        series.rule.delete()
    assert Rule.objects.filter(pk=series.rule_id).exists()


# -- 5: occurrences ---------------------------------------------------------------------------------------------------


def test_occurrences_of_different_events_are_equal():
    first, second = make_event(), make_event()
    window = BEFORE - timedelta(days=1), BEFORE + timedelta(days=1)
    assert first.get_occurrences(*window)[0] == second.get_occurrences(*window)[0]


def test_saved_occurrence_is_lost_when_the_length_of_the_event_changes():
    event = make_event()
    window = BEFORE - timedelta(days=1), BEFORE + timedelta(days=1)
    event.get_occurrences(*window)[0].cancel()
    assert [each.cancelled for each in event.get_occurrences(*window)] == [True]
    Event.objects.filter(pk=event.pk).update(end=BEFORE + timedelta(minutes=60))
    assert [each.cancelled for each in event.get_occurrences(*window)] == [False]


def test_period_asks_a_query_an_event(django_assert_num_queries):
    events = [make_event() for _ in range(5)]
    week = Period(Event.objects.filter(pk__in=[each.pk for each in events]), BEFORE, AFTER, tzinfo=WARSAW)
    with django_assert_num_queries(1 + 1 + len(events)):
        assert len(week.get_occurrences()) == 5


# -- 6: pages ---------------------------------------------------------------------------------------------------------


@override_settings(ROOT_URLCONF="schedule.urls")
def test_bundled_addresses_show_strangers_every_event():
    make_event()
    answer = Client().get("/api/occurrences", {"start": "2026-10-01", "end": "2026-11-01"})
    assert [row["title"] for row in answer.json()] == ["Robotyka", "Robotyka"]


def test_its_administration_pages_are_closed():
    assert [model for model in admin.site._registry if model.__module__.startswith("schedule.")] == []
