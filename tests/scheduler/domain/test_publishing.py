"""Publishing is an upsert: what stands keeps its identity, and what nobody changed is not written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import starmap
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from scheduler.domain.closures import list_closures, resting_days
from scheduler.domain.publishing import plan_publication, publish_series
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.errors import Refused
from scheduler.models import Closure, Recurrence, Reservation, Series, Session, Term
from scheduler.period import Period
from scheduler.recurrence import planned_dates
from tests.factories import (
    NOW,
    PUBLISHED_AT,
    make_equipment,
    make_room,
    make_series,
    make_specialist,
    make_term,
    make_timetable,
)

WARSAW = ZoneInfo("Europe/Warsaw")
WRITES = ("INSERT", "UPDATE", "DELETE")

pytestmark = pytest.mark.django_db


def publish(*series: Series, now: datetime = NOW):
    return publish_series(series_ids=[each.pk for each in series], now=now)


def facts() -> list[tuple]:
    """Return all that is stored about sessions and what they hold."""
    sessions = Session.objects.order_by("pk").values_list()
    return [*sessions, *Reservation.objects.order_by("session", "resource").values_list()]


def session_on(series: Series, day: date) -> Session:
    return series.sessions.get(planned_date=day)


def change_pattern(series: Series, *, days: int = 0, minutes: int = 0) -> None:
    """Move every coming date of a series, as an organiser who edits its pattern does."""
    event = series.event
    event.start += timedelta(days=days, minutes=minutes)
    event.end += timedelta(days=days, minutes=minutes)
    event.save()


def written(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured if query["sql"].lstrip().upper().startswith(WRITES)]


# -- what is published ------------------------------------------------------------------------------------------------


def test_first_publication_gives_every_date_that_is_not_a_day_of_rest():
    room = make_room(make_timetable())
    leader = make_specialist(room.timetable)
    series = make_series(make_term(room.timetable), room=room, leader=leader, published=False)

    publication = publish(series, now=PUBLISHED_AT)

    dropped = {each.day for each in publication.dropped}
    planned = [each for each in planned_dates(series) if each.day not in dropped]
    assert list(series.sessions.order_by("planned_date").values_list("planned_date", "starts_at", "ends_at")) == [
        (each.day, each.period.start, each.period.end) for each in planned
    ]
    assert Reservation.objects.filter(resource=room).count() == len(planned)
    assert Reservation.objects.filter(resource=leader).count() == len(planned)
    assert {each.reason.name for each in publication.dropped if each.day == date(2026, 11, 11)} == {
        "Narodowe Święto Niepodległości"
    }
    series.refresh_from_db()
    assert series.published_at == PUBLISHED_AT


def test_plan_of_a_publication_writes_nothing():
    series = make_series(published=False)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        plan = plan_publication(series_ids=[series.pk], now=PUBLISHED_AT)
    assert len(plan.added) == 37
    assert written(captured) == []
    assert not Session.objects.exists()


def test_first_publication_in_the_middle_of_a_term_gives_past_dates_too():
    series = make_series(published=False)
    publish(series, now=NOW)
    assert series.sessions.filter(starts_at__lt=NOW).count() == 10


def test_later_publication_adds_nothing_to_the_past():
    series = make_series()
    change_pattern(series, days=1)
    publish(series)
    past = series.sessions.filter(starts_at__lt=NOW)
    assert {session.local_date.weekday() for session in past} == {2}


# -- publish after publish --------------------------------------------------------------------------------------------


def test_second_publication_writes_nothing():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    before = facts()
    with CaptureQueriesContext(connection) as captured:
        publication = publish(series)
    assert written(captured) == []
    assert publication.is_empty
    assert facts() == before


class AnyTimetable(TestCase):
    """Each example runs in a transaction of its own."""

    lines = st.lists(
        st.tuples(
            st.sampled_from(Recurrence.values),
            st.dates(date(2026, 9, 1), date(2027, 2, 28)),
            st.integers(8, 18),
            st.sampled_from(Series.OnBreaks.values),
        ),
        min_size=1,
        max_size=4,
    )

    def make(self, term: Term, recurrence: str, day: date, hour: int, on_breaks: str) -> Series:
        room = make_room(term.timetable)
        by_easter = recurrence == Recurrence.EASTER  # counted from a feast, not from any day
        return make_series(
            term,
            recurrence=recurrence,
            day=date(2027, 3, day.day) if by_easter else day,
            starts=time(hour),
            ends=time(hour, 50),
            on_breaks=on_breaks,
            room=room,
            published=False,
        )  # fmt: skip  one line of facts, one of wishes

    @settings(max_examples=15)
    @given(lines)
    def test_publishing_twice_is_publishing_once(self, lines):
        term = make_term()
        series = list(starmap(lambda *each: self.make(term, *each), lines))
        publish(*series, now=PUBLISHED_AT)
        before = facts()
        assert publish(*series, now=PUBLISHED_AT + timedelta(hours=1)).is_empty
        assert publish(*reversed(series), now=NOW).is_empty
        assert facts() == before

    @settings(max_examples=15)
    @given(lines, st.dates(date(2026, 9, 1), date(2027, 6, 20)), st.integers(0, 20))
    def test_no_session_is_on_a_day_of_rest(self, lines, first, days):
        term = make_term()
        Closure.objects.create(
            timetable=term.timetable, name="Remont", starts_on=first, ends_on=first + timedelta(days=days)
        )
        series = list(starmap(lambda *each: self.make(term, *each), lines))
        publish(*series, now=PUBLISHED_AT)
        closures = list_closures(term.timetable, term.starts_on, term.ends_on)
        for each in series:
            resting = resting_days(closures, on_breaks=each.on_breaks)
            happens = {session.local_date for session in each.sessions.all()}
            assert happens.isdisjoint(resting)
            assert happens | resting.keys() >= {planned.day for planned in planned_dates(each)}

    @settings(max_examples=15)
    @given(lines, st.integers(1, 6), st.integers(-60, 60))
    def test_edits_of_one_series_leave_the_others_as_they_are(self, lines, days, minutes):
        term = make_term()
        edited, *others = [self.make(term, *each) for each in [*lines, lines[0]]]
        publish(edited, *others, now=PUBLISHED_AT)
        before = {each.pk: list(each.sessions.order_by("pk").values()) for each in others}
        change_pattern(edited, days=days, minutes=minutes)
        publish(edited, *others)
        assert {each.pk: list(each.sessions.order_by("pk").values()) for each in others} == before


# -- changes ----------------------------------------------------------------------------------------------------------


def test_new_hour_keeps_identities_and_raises_the_sequence_of_coming_dates():
    series = make_series()
    before = {session.pk: session for session in series.sessions.all()}
    change_pattern(series, minutes=30)

    publication = publish(series)

    after = {session.pk: session for session in series.sessions.all()}
    assert after.keys() == before.keys()
    for key, session in after.items():
        moved = before[key].starts_at > NOW
        assert session.sequence == before[key].sequence + moved
        assert session.starts_at == before[key].starts_at + moved * timedelta(minutes=30)
        assert session.changed_at == (NOW if moved else before[key].changed_at)
    assert {session.pk for session in publication.changed} == {key for key in after if before[key].starts_at > NOW}


def test_new_weekday_cancels_coming_dates_and_adds_others():
    series = make_series()
    change_pattern(series, days=1)
    publication = publish(series)
    coming = series.sessions.filter(starts_at__gt=NOW)
    assert {session.local_date.weekday() for session in coming.standing()} == {3}
    cancelled = coming.filter(status=Session.Status.CANCELLED)
    assert {session.pk for session in publication.removed} == {session.pk for session in cancelled}
    assert not Reservation.objects.filter(session__in=cancelled).exists()


def test_dates_taken_back_and_given_again_have_the_same_identity():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    before = dict(series.sessions.values_list("planned_date", "pk"))
    closure = Closure.objects.create(
        timetable=series.timetable, name="Remont", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 12)
    )
    publish(series)
    assert [session_on(series, day).status for day in (date(2026, 12, 2), date(2026, 12, 9))] == ["cancelled"] * 2
    assert not Reservation.objects.filter(session__planned_date=date(2026, 12, 2)).exists()
    closure.delete()
    publish(series)
    back = session_on(series, date(2026, 12, 2))
    assert (back.status, back.sequence) == ("scheduled", 2)
    assert back.reservations.count() == 1
    assert dict(series.sessions.values_list("planned_date", "pk")) == before


@pytest.mark.parametrize("days", [0, 1])
def test_date_changed_by_hand_is_left_alone(days):
    series = make_series()
    moved, cancelled = session_on(series, date(2026, 11, 25)), session_on(series, date(2026, 12, 2))
    later = Period(moved.starts_at + timedelta(days=2), moved.ends_at + timedelta(days=2))
    move_session(session_id=moved.pk, period=later, room_id=None, note="", now=NOW)
    cancel_session(session_id=cancelled.pk, note="", now=NOW)
    by_hand = Session.objects.filter(pk__in=[moved.pk, cancelled.pk]).order_by("pk")
    before = list(by_hand.values())
    change_pattern(series, days=days, minutes=15)
    publish(series)
    assert list(by_hand.values()) == before


def test_past_is_left_alone():
    series = make_series()
    past = series.sessions.filter(starts_at__lte=NOW).order_by("pk")
    before = list(past.values())
    assert before
    change_pattern(series, minutes=45)
    Closure.objects.create(
        timetable=series.timetable, name="Remont", starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 1)
    )
    publish(series)
    assert list(past.values()) == before


def test_session_that_goes_on_or_would_have_been_earlier_today_is_left_alone():
    series = make_series()
    today = datetime(2026, 11, 18, 13, 0, tzinfo=WARSAW)
    before = session_on(series, today.date())
    change_pattern(series, minutes=-240)
    publish(series, now=today)
    assert session_on(series, today.date()).starts_at == before.starts_at
    change_pattern(series, minutes=300)
    publish(series, now=today.replace(hour=16, minute=10))
    assert session_on(series, today.date()).starts_at == before.starts_at


def test_new_leader_and_room_are_reserved_and_the_old_ones_are_free():
    timetable = make_timetable()
    old, new = make_room(timetable), make_room(timetable)
    series = make_series(make_term(timetable), room=old)
    Series.objects.filter(pk=series.pk).update(room=new)
    publish(series)
    coming = Reservation.objects.filter(session__series=series, starts_at__gt=NOW)
    assert {each.resource_id for each in coming} == {new.pk}
    assert {session.room_id for session in series.sessions.filter(starts_at__gt=NOW)} == {new.pk}


def test_equipment_added_later_is_reserved_without_a_change_that_families_would_see():
    timetable = make_timetable()
    series = make_series(make_term(timetable))
    before = list(series.sessions.order_by("pk").values())
    kit = make_equipment(timetable)
    series.resources.add(kit)

    publication = publish(series)

    coming = series.sessions.filter(starts_at__gt=NOW)
    assert kit.reservations.count() == coming.count() == len(publication.rebooked)
    assert list(series.sessions.order_by("pk").values()) == before
    assert publish(series).is_empty
    series.resources.remove(kit)
    publish(series)
    assert kit.reservations.count() == 0


# -- clashes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["room", "leader", "equipment"])
def test_clash_is_refused_and_nothing_is_written(kind):
    timetable = make_timetable()
    resource = {"room": make_room, "leader": make_specialist, "equipment": make_equipment}[kind](timetable)
    wish = {"resources": [resource]} if kind == "equipment" else {kind: resource}
    term = make_term(timetable)
    make_series(term, **wish)
    late = make_series(term, starts=time(16, 30), ends=time(17, 15), published=False, **wish)
    before = facts()

    with pytest.raises(Refused) as caught:
        publish(late)

    assert caught.value.refusal.code == "clash"
    assert str(caught.value.refusal) == f"{resource.name}: zajęte 2 września 2026 w godz. 16:30–16:45."
    assert facts() == before
    late.refresh_from_db()
    assert late.published_at is None


def test_two_drafts_that_need_the_same_room_are_refused_together():
    room = make_room(make_timetable())
    term = make_term(room.timetable)
    drafts = [make_series(term, room=room, published=False) for _ in range(2)]
    with pytest.raises(Refused):
        publish(*drafts)
    assert facts() == []


def test_touching_series_share_a_room():
    room = make_room(make_timetable())
    term = make_term(room.timetable)
    make_series(term, room=room)
    make_series(term, room=room, starts=time(16, 45), ends=time(17, 30))
    assert Session.objects.count() == 2 * 37


def test_series_may_take_the_hour_its_own_dates_give_back():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    change_pattern(series, minutes=15)
    assert publish(series).changed


def test_two_series_may_swap_rooms_in_one_publication():
    timetable = make_timetable()
    first, second = make_room(timetable), make_room(timetable)
    term = make_term(timetable)
    one, other = make_series(term, room=first), make_series(term, room=second)
    Series.objects.filter(pk=one.pk).update(room=second)
    Series.objects.filter(pk=other.pk).update(room=first)
    publish(one, other)
    assert {each.room_id for each in one.sessions.filter(starts_at__gt=NOW)} == {second.pk}


def test_equipment_is_given_out_to_its_last_unit_and_no_further():
    timetable = make_timetable()
    kits = make_equipment(timetable, units=3)
    term = make_term(timetable)
    for _ in range(3):
        make_series(term, resources=[kits])
    assert set(kits.reservations.values_list("unit", flat=True)) == {1, 2, 3}
    with pytest.raises(Refused):
        make_series(term, resources=[kits], starts=time(16, 40), ends=time(17, 0))


def test_standing_reservations_pass_to_another_unit_where_that_makes_room():
    timetable = make_timetable()
    kits = make_equipment(timetable, units=2)
    term = make_term(timetable, ends_on=date(2026, 9, 30))
    at_once = make_series(term, resources=[kits], starts=time(10), ends=time(11))
    long = make_series(term, resources=[kits], starts=time(10), ends=time(11, 30))
    after = make_series(term, resources=[kits], starts=time(11), ends=time(12))
    first_kit = set(at_once.sessions.values_list("reservations__unit", flat=True))
    assert first_kit == set(after.sessions.values_list("reservations__unit", flat=True)) == {1}
    Reservation.objects.filter(session__series=long).delete()
    Reservation.objects.filter(session__series=after).update(unit=2)

    whole_morning = make_series(term, resources=[kits], starts=time(10), ends=time(12))

    assert whole_morning.sessions.count() == at_once.sessions.count()
    assert kits.reservations.count() == 3 * at_once.sessions.count()


# -- queries ----------------------------------------------------------------------------------------------------------


def queries_of_publishing(*, lines: int, ends_on: date) -> tuple[int, int, int]:
    """Return how many queries planning, publishing (without its inserts in batches) and publishing again take."""
    timetable = make_timetable()
    term = make_term(timetable, ends_on=ends_on)
    series = [make_series(term, room=make_room(timetable), published=False) for _ in range(lines)]
    with CaptureQueriesContext(connection) as plan:
        plan_publication(series_ids=[each.pk for each in series], now=PUBLISHED_AT)
    with CaptureQueriesContext(connection) as first:
        publish(*series, now=PUBLISHED_AT)
    with CaptureQueriesContext(connection) as again:
        publish(*series)
    batches = [sql for sql in written(first) if sql.startswith("INSERT")]
    assert len(batches) < 10
    return len(plan), len(first) - len(batches), len(again)


def test_number_of_queries_does_not_depend_on_the_number_of_sessions():
    few = queries_of_publishing(lines=1, ends_on=date(2026, 9, 20))
    many = queries_of_publishing(lines=6, ends_on=date(2027, 6, 25))
    assert few == many


def test_unknown_series_are_no_series():
    assert publish_series(series_ids=[], now=NOW).is_empty
