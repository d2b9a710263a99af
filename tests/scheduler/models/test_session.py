"""What is asked about sessions, and the light rows that pages read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Session, Timetable, TimetableRow
from scheduler.period import Period
from tests.factories import NOW, make_equipment, make_room, make_series, make_specialist, make_term, make_timetable

WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = Period.of_week(date(2026, 11, 25), WARSAW)

pytestmark = pytest.mark.django_db


@pytest.fixture
def timetable() -> Timetable:
    return make_timetable()


def plain(session: Session) -> TimetableRow:
    """Return the row of a session, made from the models."""
    return TimetableRow(
        id=session.pk,
        series_id=session.series_id,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=session.status,
        note=session.note,
        title=session.series.title,
        kind=session.series.kind,
        room_id=session.room_id,
        room=session.room.name if session.room else None,
        leader_id=session.leader_id,
        leader=session.leader.name if session.leader else None,
    )


def test_rows_say_what_the_models_say_in_order_of_time(timetable):
    term = make_term(timetable)
    full = make_series(term, room=make_room(timetable), leader=make_specialist(timetable), title="Żonglerka")
    bare = make_series(term, title="Robotyka")
    change = full.sessions.get(planned_date=date(2026, 11, 25))
    odd = datetime(2026, 11, 26, 18, 0, 0, 500_000, tzinfo=UTC)
    move_session(session_id=change.pk, period=Period(odd, odd + timedelta(hours=1)), room_id=None, note="Ś", now=NOW)
    cancel_session(session_id=bare.sessions.get(planned_date=date(2026, 12, 2)).pk, note="", now=NOW)

    rows = Session.objects.rows()

    expected = sorted(map(plain, Session.objects.all()), key=lambda row: (row.starts_at, row.title, row.id))
    assert rows == expected
    assert {row.starts_at.tzinfo for row in rows} == {UTC}
    assert {type(row) for row in rows} == {TimetableRow}


@pytest.mark.parametrize("number", [3, 50])
def test_rows_are_read_in_one_query(django_assert_num_queries, timetable, number):
    term = make_term(timetable, ends_on=date(2026, 9, 10))
    for _ in range(number):
        make_series(term, leader=make_specialist(timetable))
    with django_assert_num_queries(1):
        assert len(Session.objects.rows()) == 2 * number


def test_session_is_within_a_period_it_shares_a_moment_with():
    session = make_series().sessions.get(planned_date=date(2026, 11, 25))
    starts, ends, minute = session.starts_at, session.ends_at, timedelta(minutes=1)
    for period, inside in [
        (Period(starts - minute, starts), False),
        (Period(starts - minute, starts + minute), True),
        (Period(starts + minute, starts + 2 * minute), True),
        (Period(ends - minute, ends), True),
        (Period(ends, ends + minute), False),
    ]:
        assert Session.objects.within(period).exists() is inside


@pytest.mark.parametrize(("audience", "shown"), [("public", True), ("participants", False), ("staff", False)])
def test_public_sessions_are_those_of_public_series(audience, shown):
    make_series(audience=audience)
    assert Session.objects.public().exists() is shown


def test_cancelled_sessions_do_not_stand():
    series = make_series()
    cancel_session(session_id=series.sessions.get(planned_date=date(2026, 11, 25)).pk, note="", now=NOW)
    assert series.sessions.count() - Session.objects.standing().count() == 1


def test_sessions_one_leads_or_helps_in_are_listed_once(timetable):
    term = make_term(timetable)
    leader, helper = make_specialist(timetable), make_specialist(timetable)
    led = make_series(term, leader=leader, resources=[helper, make_equipment(timetable)])
    make_series(term, leader=make_specialist(timetable), starts=time(10), ends=time(11))
    for resource in (leader, helper):
        assert list(Session.objects.led_by(resource.pk).order_by("pk")) == list(led.sessions.order_by("pk"))
    cancelled = led.sessions.get(planned_date=date(2026, 11, 25))
    cancel_session(session_id=cancelled.pk, note="", now=NOW)
    assert cancelled in Session.objects.led_by(leader.pk).within(WEEK)


def test_week_holds_the_night_that_began_the_longest_allowed_time_before(timetable):
    session = make_series(make_term(timetable)).sessions.first()
    starts = WEEK.start - timedelta(hours=25) + timedelta(microseconds=1)
    for ends, shown in ((WEEK.start + timedelta(microseconds=1), [session.pk]), (WEEK.start, [])):
        Session.objects.filter(pk=session.pk).update(starts_at=starts, ends_at=ends)
        found = Session.objects.within(WEEK).filter(pk=session.pk)
        assert list(found.values_list("pk", flat=True)) == shown


def test_longer_session_than_a_whole_day_cannot_be_stored(timetable):
    session = make_series(make_term(timetable)).sessions.first()
    ends = session.starts_at + timedelta(hours=25)
    Session.objects.filter(pk=session.pk).update(ends_at=ends)
    with pytest.raises(IntegrityError, match="session_lasts_a_day_at_most"), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(ends_at=ends + timedelta(seconds=1))
