"""A series of visits is booked as far as it goes; what failed is named with its reason and what is free instead."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_booking import Party, VisitFacts
from booking.domain.appointment_series import book_appointments, plan_appointments, rhythm_after, series_starts
from booking.errors import Refused
from booking.models import Appointment, AppointmentParty, TimeOff
from scheduler.models import Closure
from tests.factories import NOW, make_account, make_family, make_person, make_service, make_staff
from tests.factories_visits import Practice, make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
EIGHT = 8


def at(hour: int, day: date = date(2026, 11, 18)) -> datetime:
    return datetime.combine(day, time(hour), WARSAW).astimezone(UTC)


def facts_of(practice: Practice) -> VisitFacts:
    return VisitFacts(practice.service, at(10), specialist_id=practice.specialist.pk)


def test_series_keeps_its_hour_over_a_clock_change():
    facts = facts_of(make_practice())
    starts = series_starts(at(10, date(2027, 3, 17)), count=3, weeks=1, facts=facts)
    assert [start.astimezone(WARSAW).strftime("%d.%m %H:%M") for start in starts] == [
        "17.03 10:00",
        "24.03 10:00",
        "31.03 10:00",
    ]
    assert starts[1] - starts[0] == timedelta(days=7)
    assert starts[2] - starts[1] == timedelta(days=7, hours=-1)


@pytest.mark.parametrize(("count", "weeks"), [(1, 1), (61, 1), (8, 0), (8, 9)])
def test_senseless_series_are_refused(count: int, weeks: int):
    with pytest.raises(Refused, match="series"):
        series_starts(at(10), count=count, weeks=weeks, facts=facts_of(make_practice()))


def test_dates_that_failed_are_named_with_what_is_free_that_week():
    practice, client, by = make_practice(), make_account(), make_account()
    facts = facts_of(practice)
    starts = series_starts(at(10), count=EIGHT, weeks=1, facts=facts)
    make_visit(practice, starts[2])
    plan = plan_appointments(facts=facts, person=client.person, starts=starts, by=client, now=NOW)
    failing = [number for number, each in enumerate(plan) if each.slot is None]
    assert 2 in failing
    taken = plan[2]
    assert taken.reason is not None
    assert (taken.reason.code, [slot.starts_at - starts[2] for slot in taken.instead]) == (
        "busy_then",
        [timedelta(hours=-1), timedelta(hours=1), timedelta(hours=2)],
    )
    booked = book_appointments(facts=facts, person=client.person, starts=starts, by=by, now=NOW)
    assert [each.starts_at for each in booked.failed] == [starts[number] for number in failing]
    assert {each.series_key for each in booked.booked} == {booked.key}
    assert len(booked.booked) + len(booked.failed) == EIGHT


def test_asking_again_books_only_what_is_missing():
    practice, client, by = make_practice(), make_account(), make_account()
    facts = facts_of(practice)
    starts = series_starts(at(10), count=3, weeks=1, facts=facts)
    book_appointments(facts=facts, person=client.person, starts=starts[:2], by=by, now=NOW)
    again = book_appointments(facts=facts, person=client.person, starts=starts, by=by, now=NOW)
    assert len(again.booked) == len(starts)
    assert Appointment.objects.count() == len(starts)


def test_each_date_says_what_is_wrong_with_it():
    practice, client = make_practice(), make_account()
    colleague = make_staff("specialist", centre=practice.service.centre)
    timetable = practice.service.centre.timetable
    week = timedelta(weeks=1)
    closed = (at(10) + week).date()
    Closure.objects.create(timetable=timetable, name="Remont", starts_on=closed, ends_on=closed)
    make_visit(practice, at(10) + 3 * week, person=client.person)
    for member, number in ((practice.member, 2), (colleague, 4)):
        away = {"starts_at": at(0) + number * week, "ends_at": at(23) + number * week}
        TimeOff.objects.create(member=member, kind="illness", entered_at=NOW, changed_at=NOW, **away)
    facts = VisitFacts(
        practice.service, at(10), specialist_id=practice.specialist.pk, colleagues=(colleague.resource_id,)
    )
    starts = [at(10) + number * week for number in range(6)] + [at(14)]
    plan = plan_appointments(facts=facts, person=client.person, starts=starts, by=client, now=NOW)
    assert [each.reason and each.reason.code for each in plan] == [
        None,
        "closed_then",
        "busy_then",
        "visit_clash",
        "busy_then",
        None,
        "no_hours_then",
    ]
    assert all(each.instead for each in plan if each.slot is None)  # there is a way on for each


def test_rhythm_goes_on_after_the_last_date():
    practice, client = make_practice(), make_account()
    facts = facts_of(practice)
    starts = series_starts(at(10), count=2, weeks=1, facts=facts)
    make_visit(practice, at(10) + timedelta(weeks=2))
    found = rhythm_after(facts=facts, person=client.person, starts=starts, weeks=1, by=client, count=2, now=NOW)
    assert [each.starts_at - at(10) for each in found] == [timedelta(weeks=3), timedelta(weeks=4)]
    assert rhythm_after(facts=facts, person=client.person, starts=starts, weeks=1, by=client, count=0, now=NOW) == []


def test_sides_come_at_their_hour_on_every_date():
    practice, client = make_practice(), make_account()
    later = timedelta(minutes=20)
    facts = VisitFacts(
        practice.service,
        at(10),
        specialist_id=practice.specialist.pk,
        parties=(Party(make_person(), at(10) + later),),
    )
    starts = series_starts(at(10), count=3, weeks=1, facts=facts)
    done = book_appointments(facts=facts, person=client.person, starts=starts, by=make_account(), now=NOW)
    assert not done.failed
    parties = AppointmentParty.objects.select_related("appointment")
    hours = {each.appointment.comes_at(each.person_id) - each.appointment.starts_at for each in parties}
    assert hours == {later}


def test_missing_consent_is_no_matter_of_the_date():
    practice = make_practice(make_service(sensitivity="sensitive", minutes=50, pause_minutes=10, notice_hours=0))
    child = make_family(practice.service.centre).child
    facts = facts_of(practice)
    starts = series_starts(at(10), count=3, weeks=1, facts=facts)
    with pytest.raises(Refused, match="consent"):
        plan_appointments(facts=facts, person=child, starts=starts, by=make_account(), now=NOW)
    done = book_appointments(facts=facts, person=child, starts=starts, by=make_account(), now=NOW)
    assert (len(done.failed), Appointment.objects.count()) == (3, 0)
