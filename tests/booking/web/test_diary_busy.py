"""Times taken elsewhere stand in the diary of whom they concern as "busy", by the day and the week."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories import NOW
from tests.factories_visits import make_busy, make_practice, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def diary(member, **query: str):
    client = Client()
    client.force_login(member.person.account)
    return client.get(reverse("diary"), query).context


def test_busy_time_takes_the_place_of_a_free_one_in_day_and_week():
    practice = make_practice()
    make_busy(practice.specialist, TEN, TEN + timedelta(hours=1))
    facts = diary(practice.member, on=f"{TEN:%Y-%m-%d}")
    lines = [(line.starts_at, line.title, line.is_free) for line in facts["lines"]]
    assert (TEN, "Zajęty termin", False) in lines
    assert TEN not in {start for start, _title, is_free in lines if is_free}
    day = next(day for day in facts["week"].days if day.date == TEN.date())
    assert [(entry.starts_at, entry.url) for entry in day.sessions if entry.title == "Zajęty termin"] == [(TEN, "")]


def test_days_away_end_with_each_day_and_do_not_stretch_the_week():
    practice = make_practice()
    make_busy(practice.specialist, TEN - timedelta(days=1), TEN + timedelta(days=1))
    facts = diary(practice.member, on=f"{TEN:%Y-%m-%d}")
    busy = next(line for line in facts["lines"] if line.title == "Zajęty termin")
    assert busy.ends_at - busy.starts_at == timedelta(days=1)
    assert (facts["week"].from_hour, facts["week"].until_hour) >= (7, 0)
    assert facts["week"].until_hour <= 20


def test_nobody_else_sees_it():
    practice, other = make_practice(), make_practice()
    make_busy(practice.specialist, TEN, TEN + timedelta(hours=1))
    titles = {line.title for line in diary(other.member, on=f"{TEN:%Y-%m-%d}")["lines"]}
    assert "Zajęty termin" not in titles
