"""Until when an offer holds: a day, less near the start, nothing after the cut-off and nothing at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.domain.offer_times import OfferRules, deadline, offer_deadline
from booking.models import Policy
from tests.factories import NOW, make_centre, make_group, make_weekly_group

WARSAW = ZoneInfo("Europe/Warsaw")
RULES = OfferRules(hours=24, least_minutes=60, cutoff_minutes=120, near_hours=24, quiet_from=21, quiet_until=7)
HOUR = timedelta(hours=1)


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=WARSAW).astimezone(UTC)


def until(now: datetime, first: datetime | None, last: datetime | None = None) -> datetime | None:
    return deadline(now=now, first=first, last=last or first, rules=RULES, zone=WARSAW)


START = local(20, 16)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (local(16, 10), local(17, 10)),  # far from the start: a whole day
        (local(19, 18), local(20, 14)),  # near it: what is left until the cut-off
        (local(20, 13), local(20, 14)),  # the least time there is
        (local(20, 13, 1), None),
        (local(20, 16), None),
        (local(16, 20, 59), local(17, 20, 59)),
        (local(16, 21), None),  # at night
        (local(17, 6, 59), None),
        (local(17, 7), local(18, 7)),
        (local(19, 22), local(20, 14)),  # at night, but the start is near
    ],
)
def test_deadline_before_the_first_meeting(now, expected):
    assert until(now, START) == expected


def test_running_course_counts_to_its_last_meeting():
    first, last = local(1, 16, month=9), local(20, 16)
    assert until(local(16, 10), first, last) == local(17, 10)
    assert until(local(20, 13, 30), first, last) is None
    assert until(local(25, 10), first, last) is None


def test_course_without_meetings_has_a_day_but_no_night():
    assert until(local(16, 10), None) == local(17, 10)
    assert until(local(16, 23), None) is None


def test_cut_off_holds_over_the_change_of_the_clock():
    start = local(25, 8, month=10)  # the clocks go back at 3:00 of this day
    assert until(local(24, 20, month=10), start) == start - 2 * HOUR
    assert until(start - 3 * HOUR, start) == start - 2 * HOUR
    assert until(start - 3 * HOUR + timedelta(seconds=1), start) is None


@given(minutes=st.integers(-60 * 24 * 10, 60 * 24 * 10), length=st.integers(0, 60 * 24 * 60))
def test_deadline_is_never_in_the_night_after_the_cut_off_or_too_short(minutes, length):
    now = START + timedelta(minutes=minutes)
    last = START + timedelta(minutes=length)
    end = until(now, START, last)
    if end is None:
        return
    start = START if now < START else last
    assert now + HOUR <= end <= now + 24 * HOUR
    assert end <= start - 2 * HOUR
    assert 7 <= now.astimezone(WARSAW).hour < 21 or start - now <= 24 * HOUR


@pytest.mark.django_db
def test_numbers_of_the_centre_go_before_the_country_and_that_before_the_house():
    group = make_weekly_group()
    centre = group.activity.centre
    assert offer_deadline(group, now=NOW) == NOW + 24 * HOUR
    key = Policy.Key.OFFER_HOURS
    Policy.objects.create(key=key, value=48, valid_from=date(2026, 1, 1), source="zarządzenie")
    assert offer_deadline(group, now=NOW) == NOW + 48 * HOUR
    Policy.objects.create(key=key, value=12, valid_from=date(2026, 1, 1), source="regulamin", centre=centre)
    Policy.objects.create(key=key, value=6, valid_from=date(2026, 11, 17), source="regulamin", centre=centre)
    Policy.objects.create(key=key, value=1, valid_from=date(2026, 1, 2), source="inny", centre=make_centre())
    assert offer_deadline(group, now=NOW) == NOW + 12 * HOUR
    assert offer_deadline(group, now=NOW + 24 * HOUR) == NOW + 30 * HOUR


@pytest.mark.django_db
def test_course_that_is_over_offers_nothing():
    group = make_group()
    assert offer_deadline(group, now=group.term.period.end) is None
