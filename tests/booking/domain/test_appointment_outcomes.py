"""What became of a visit is noted in one word, by which hours are counted later."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_changes import cancel_appointment
from booking.domain.appointment_outcomes import outcomes_for, record_outcome, visits_without_outcome
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
        ("cancelled", None, at(20), "unknown_outcome"),
        ("interrupted", None, at(20), "broken_off_after"),
        ("interrupted", 50, at(20), "broken_off_after"),
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


def test_visit_that_was_broken_off_says_after_how_many_minutes():
    visit = make_visit(make_practice(), at(10))
    broken = note(visit, "interrupted", minutes=15)
    assert (broken.status, broken.minutes, broken.is_holding) == ("interrupted", 15, True)


def test_late_call_is_noted_afterwards_and_can_be_corrected():
    visit = make_visit(make_practice(), at(10))
    late = note(visit, "cancelled_late", minutes=20)
    assert (late.status, late.minutes, late.sequence) == ("cancelled_late", None, 1)
    held = note(visit, "held")
    assert (held.status, held.sequence) == ("held", 2)


def test_visit_that_was_cancelled_in_advance_stays_so():
    visit = make_visit(make_practice(), at(10))
    cancel_appointment(appointment_id=visit.pk, by=None, now=at(9, 17))
    assert outcomes_for(Appointment.objects.get(pk=visit.pk), now=EVENING) == ()
    with pytest.raises(Refused) as answer:
        note(visit, "held")
    visit.refresh_from_db()
    assert (answer.value.refusal.code, visit.status) == ("visit_cancelled", "cancelled")


def test_who_came_without_an_appointment_did_come():
    visit = make_visit(make_practice(), at(10), status="held", source="afterwards")
    assert outcomes_for(visit, now=EVENING) == ("held", "interrupted")
    with pytest.raises(Refused):
        note(visit, "no_show")
    visit.refresh_from_db()
    assert visit.status == "held"


def test_visits_to_note_are_over_and_nobody_noted_them():
    practice = make_practice()
    late, early = make_visit(practice, at(11)), make_visit(practice, at(9))
    make_visit(practice, at(10), status="held")
    make_visit(practice, at(12), status="offered", expires_at=at(8))
    make_visit(practice, at(9, 25))
    assert list(visits_without_outcome(practice.specialist, now=EVENING)) == [late, early]
    assert list(visits_without_outcome(make_practice().specialist, now=EVENING)) == []
