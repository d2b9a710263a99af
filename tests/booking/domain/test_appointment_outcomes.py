"""What became of a visit is noted in one word, and hours are counted without names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_outcomes import hours_given, record_outcome
from booking.errors import Refused
from booking.models import Appointment
from notifications.models import Message
from tests.factories import make_account
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")


def at(hour: int, day: int = 18) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour), WARSAW).astimezone(UTC)


EVENING = at(20)


def note(visit: Appointment, outcome: str, *, now: datetime = EVENING, minutes: int | None = None) -> Appointment:
    return record_outcome(appointment_id=visit.pk, outcome=outcome, minutes=minutes, by=make_account(), now=now)


def test_outcome_is_noted_once_corrected_and_told_to_nobody():
    visit = make_visit(make_practice(), at(10))
    for _time in range(2):
        note(visit, "no_show")
    assert visit.changes.count() == 1
    held = note(visit, "held", minutes=65)
    assert (held.status, held.minutes, visit.changes.count()) == ("held", 65, 2)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "minutes", "now", "code"),
    [
        ("held", None, at(9), "visit_not_begun"),
        ("booked", None, at(20), "unknown_outcome"),
        ("cancelled_late", None, at(20), "unknown_outcome"),
        ("held", 0, at(20), "minutes_wrong"),
        ("held", 1441, at(20), "minutes_wrong"),
    ],
)
def test_senseless_outcomes_change_nothing(outcome: str, minutes: int | None, now: datetime, code: str):
    visit = make_visit(make_practice(), at(10))
    with pytest.raises(Refused) as answer:
        note(visit, outcome, minutes=minutes, now=now)
    visit.refresh_from_db()
    assert (answer.value.refusal.code, visit.status, visit.changes.count()) == (code, "booked", 0)


def test_hours_count_what_took_place_as_long_as_it_took():
    practice = make_practice()
    note(make_visit(practice, at(9)), "held")
    note(make_visit(practice, at(10)), "held", minutes=80)
    note(make_visit(practice, at(11)), "no_show")
    make_visit(practice, at(12), status="cancelled_late")
    make_visit(practice, at(9, 25))
    note(make_visit(practice, at(9) + timedelta(weeks=2)), "held", now=at(20) + timedelta(weeks=2))
    (row,) = hours_given(centre=practice.service.centre, first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert row[4:] == (2, 1, 0, 1, 50 + 80)
    assert (row.specialist, row.service) == (practice.specialist.name, practice.service.name)
