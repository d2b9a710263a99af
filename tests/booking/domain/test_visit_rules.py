"""The rules of visits: free times follow from them at once, and nothing that is booked changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from booking.domain.slots import free_slots
from booking.domain.visit_rules import VisitRules, change_visit_rules, example_starts
from booking.errors import Refused
from booking.models import Appointment, Service
from scheduler.models import Reservation
from scheduler.period import Period
from tests.factories import NOW, make_centre, make_service
from tests.factories_visits import Practice, make_practice, make_visit, wall

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
WEDNESDAY = date(2026, 11, 18)


def starts(practice: Practice) -> list[str]:
    service = Service.objects.select_related("centre__timetable").get(pk=practice.service.pk)
    slots = free_slots(service=service, period=Period.of_days(WEDNESDAY, WEDNESDAY, WARSAW), now=NOW)
    return [f"{slot.starts_at.astimezone(WARSAW):%H:%M}" for slot in slots]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["09:00", "11:00", "12:00"]),
        ({"minutes": 30, "pause_minutes": 0}, ["09:00", "09:30", "11:00", "11:30", "12:00", "12:30"]),
        ({"minutes": 90, "step_minutes": 30}, ["11:00", "11:30"]),
        ({"step_minutes": 30}, ["09:00", "11:00", "11:30", "12:00"]),
        ({"notice_hours": 51}, ["12:00"]),
        ({"horizon_days": 1}, []),
        ({"modes": frozenset({"phone"})}, []),
    ],
)
def test_free_times_follow_from_the_rules_and_booked_visits_stay(changes, expected):
    practice = make_practice()
    make_visit(practice, wall(10))
    before = [list(model._default_manager.order_by("pk").values()) for model in (Appointment, Reservation)]
    rules = replace(VisitRules.of(practice.service), **changes)
    for _time in range(2):
        changed = change_visit_rules(service_id=practice.service.pk, rules=rules)
    assert VisitRules.of(changed) == rules
    assert starts(practice) == expected
    assert [list(model._default_manager.order_by("pk").values()) for model in (Appointment, Reservation)] == before


def test_a_service_is_given_in_some_way():
    practice = make_practice()
    rules = replace(VisitRules.of(practice.service), minutes=20, modes=frozenset())
    with pytest.raises(Refused) as refused:
        change_visit_rules(service_id=practice.service.pk, rules=rules)
    assert refused.value.refusal.code == "mode_missing"
    assert Service.objects.get(pk=practice.service.pk).minutes == 50


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"minutes": 50, "pause_minutes": 10}, [9, 10, 11, 12]),
        ({"minutes": 90, "pause_minutes": 30}, [9, 11]),
        ({"minutes": 50, "pause_minutes": 10, "before_minutes": 10}, [9, 11]),
        ({"minutes": 300}, []),
    ],
)
def test_an_example_tells_what_the_rules_come_to(facts, expected):
    service = make_service(make_centre(), **facts)
    found = example_starts(service, mode="office", starts=time(9), ends=time(13))
    assert [start.hour for start in found] == expected
