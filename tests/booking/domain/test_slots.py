"""Free times equal what one finds by looking at every minute of every hour of duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.domain.slots import ANYONE, STAFF, Asker, asker_for, first_free_slots, free_slots, slot_at
from booking.models import TimeOff
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import BusyPeriod, Closure, Recurrence, Reservation, Series, Session
from scheduler.period import Period
from tests.factories import (
    NOW,
    make_centre,
    make_person,
    make_room,
    make_series,
    make_service,
    make_staff,
    make_term,
)
from tests.factories_visits import Practice, make_busy, make_practice, make_visit

pytestmark = pytest.mark.django_db

WARSAW = ZoneInfo("Europe/Warsaw")
WEDNESDAY = date(2026, 11, 18)
DAY = Period.of_days(WEDNESDAY, WEDNESDAY, WARSAW)
MONTH = Period.of_days(date(2026, 11, 16), date(2026, 12, 15), WARSAW)
MINUTE = timedelta(minutes=1)


def wall(hour: int, minute: int = 0, day: date = WEDNESDAY) -> datetime:
    return datetime.combine(day, time(hour, minute), WARSAW)


def hours_of(slots) -> list[str]:
    return [f"{slot.starts_at.astimezone(WARSAW):%H:%M}" for slot in slots]


def free_hours(practice: Practice, period: Period = DAY, **question) -> list[str]:
    return hours_of(free_slots(service=practice.service, period=period, **{"now": NOW} | question))


# -- one day ----------------------------------------------------------------------------------------------------------


def test_free_hours_of_a_day_follow_the_pattern():
    practice = make_practice()
    slots = free_slots(service=practice.service, period=DAY, now=NOW)
    assert hours_of(slots) == ["09:00", "10:00", "11:00", "12:00"]
    first = slots[0]
    assert (first.ends_at - first.starts_at, first.mode) == (50 * MINUTE, "office")
    assert (first.specialist_id, first.specialist) == (practice.specialist.pk, practice.specialist.name)
    assert (first.room_id, first.room) == (practice.room.pk, practice.room.name)


def test_a_booked_visit_takes_its_hour():
    practice = make_practice()
    make_visit(practice, wall(10))
    assert free_hours(practice) == ["09:00", "11:00", "12:00"]


def test_a_cancelled_visit_takes_nothing():
    practice = make_practice()
    make_visit(practice, wall(10), status="cancelled")
    assert free_hours(practice) == ["09:00", "10:00", "11:00", "12:00"]


def test_a_visit_that_is_being_moved_is_no_obstacle_to_itself():
    practice = make_practice()
    visit = make_visit(practice, wall(10))
    assert free_hours(practice, besides=visit.pk) == ["09:00", "10:00", "11:00", "12:00"]


def test_an_imported_busy_time_takes_what_it_touches():
    practice = make_practice()
    make_busy(practice.specialist, wall(9, 30), wall(10, 15))
    assert free_hours(practice) == ["11:00", "12:00"]


def test_leave_takes_its_time_until_it_is_taken_back():
    practice = make_practice()
    leave = TimeOff.objects.create(
        member=practice.member,
        starts_at=wall(11),
        ends_at=wall(18),
        kind="leave",
        entered_at=NOW,
        changed_at=NOW,
    )
    assert free_hours(practice) == ["09:00", "10:00"]
    TimeOff.objects.filter(pk=leave.pk).update(cancelled_at=NOW)
    assert free_hours(practice) == ["09:00", "10:00", "11:00", "12:00"]


def test_hours_of_a_draft_are_not_offered():
    service = make_service(notice_hours=0)
    member = make_staff("specialist", centre=service.centre)
    series = make_series(
        make_term(service.centre.timetable), leader=member.resource, kind=Series.Kind.DUTY, published=False
    )
    service.series.add(series)
    assert free_slots(service=service, period=MONTH, now=NOW) == []


def test_a_date_that_was_cancelled_is_not_offered():
    practice = make_practice()
    session = Session.objects.get(series=practice.window.series, planned_date=WEDNESDAY)
    cancel_session(session_id=session.pk, note="", now=NOW)
    assert free_hours(practice) == []


def test_a_date_that_was_moved_is_offered_at_its_new_hours():
    practice = make_practice()
    session = Session.objects.get(series=practice.window.series, planned_date=WEDNESDAY)
    move_session(session_id=session.pk, period=Period(wall(14), wall(16)), room_id=practice.room.pk, note="", now=NOW)
    assert free_hours(practice) == ["14:00", "15:00"]


def test_a_substitute_is_offered_instead_of_the_absent_one():
    practice = make_practice()
    other = make_staff("specialist", centre=practice.service.centre)
    Session.objects.filter(series=practice.window.series, planned_date=WEDNESDAY).update(leader=other.resource)
    assert {slot.specialist_id for slot in free_slots(service=practice.service, period=DAY, now=NOW)} == {
        other.resource.pk
    }


# -- days of rest -----------------------------------------------------------------------------------------------------


def test_statutory_holidays_are_not_offered():
    practice = make_practice(day=date(2026, 9, 3))  # Thursdays; 24 December is one
    week = Period.of_days(date(2026, 12, 21), date(2027, 1, 3), WARSAW)
    days = {slot.starts_at.date() for slot in free_slots(service=practice.service, period=week, now=NOW)}
    assert days == {date(2026, 12, 31)}


def test_a_closure_of_the_centre_counts_at_once():
    practice = make_practice()
    Closure.objects.create(
        timetable=practice.specialist.timetable, name="Malowanie", starts_on=WEDNESDAY, ends_on=WEDNESDAY
    )
    assert free_hours(practice) == []


def test_a_closure_of_another_place_changes_nothing():
    practice = make_practice()
    timetable = practice.specialist.timetable
    place = timetable.places.create(name="Filia")
    Closure.objects.create(timetable=timetable, place=place, name="Remont", starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    assert free_hours(practice) == ["09:00", "10:00", "11:00", "12:00"]


# -- rooms and ways ---------------------------------------------------------------------------------------------------


def test_another_room_is_offered_when_the_first_is_taken():
    practice = make_practice()
    spare = make_room(practice.specialist.timetable)
    practice.window.rooms.add(spare)
    colleague = make_practice(practice.service, day=date(2026, 9, 3))
    make_visit(colleague, wall(10), room=practice.room)
    slots = free_slots(service=practice.service, period=DAY, now=NOW)
    assert [slot.room_id for slot in slots] == [practice.room.pk, spare.pk, practice.room.pk, practice.room.pk]


def test_a_room_where_somebody_else_has_hours_is_not_borrowed():
    practice = make_practice()
    colleague = make_practice(practice.service)
    colleague.window.rooms.add(practice.room)
    make_visit(practice, wall(10), room=colleague.room)
    own = free_slots(service=practice.service, period=DAY, now=NOW, specialist_id=colleague.specialist.pk)
    assert hours_of(own) == ["09:00", "11:00", "12:00"]


def test_a_visit_by_phone_needs_no_room():
    practice = make_practice(facts={"phone": True}, phone=True)
    colleague = make_practice(practice.service, day=date(2026, 9, 3))
    make_visit(colleague, wall(10), room=practice.room)
    assert free_hours(practice, mode="office") == ["09:00", "11:00", "12:00"]
    assert free_hours(practice, mode="phone") == ["09:00", "10:00", "11:00", "12:00"]


def test_only_ways_of_both_service_and_window_are_offered():
    practice = make_practice(facts={"phone": True, "video": True}, video=True)
    slots = free_slots(service=practice.service, period=DAY, now=NOW)
    assert [slot.mode for slot in slots[:2]] == ["office", "video"]
    assert free_hours(practice, mode="phone") == []


def test_the_way_to_a_home_must_be_free_too():
    practice = make_practice(
        facts={"home": True, "office": False, "minutes": 60, "pause_minutes": 0, "travel_minutes": 30},
        home=True,
        office=False,
    )
    make_visit(practice, wall(10), mode="home")
    assert free_hours(practice) == ["12:00"]


# -- whose question ---------------------------------------------------------------------------------------------------


def test_notice_and_horizon_limit_families_only():
    practice = make_practice(facts={"notice_hours": 50, "horizon_days": 9})  # Monday 9:00 + 50 hours: Wednesday 11:00
    assert free_hours(practice, period=MONTH) == ["11:00", "12:00", "09:00", "10:00", "11:00", "12:00"]
    assert len(free_hours(practice, period=MONTH, asker=STAFF)) == 16


def test_urgent_places_are_kept_until_urgent_visits_take_them():
    practice = make_practice(urgent_places=2)
    assert free_hours(practice) == ["09:00", "10:00"]
    assert free_hours(practice, asker=Asker(is_urgent=True)) == ["09:00", "10:00", "11:00", "12:00"]
    make_visit(practice, wall(9), is_urgent=True)
    assert free_hours(practice) == ["10:00", "11:00"]


def test_quotas_of_new_and_own_clients_are_counted_for_each_date():
    practice = make_practice(new_quota=1, own_quota=2)
    own = Asker(known_to=frozenset({practice.specialist.pk}))
    make_visit(practice, wall(9), is_first=True)
    assert free_hours(practice) == []
    assert free_hours(practice, asker=own) == ["10:00", "11:00", "12:00"]
    make_visit(practice, wall(10))
    make_visit(practice, wall(11))
    assert free_hours(practice, asker=own) == []
    assert free_hours(practice, asker=Asker(known_to=None)) == ["12:00"]
    next_week = Period.of_days(date(2026, 11, 25), date(2026, 11, 25), WARSAW)
    assert len(free_hours(practice, period=next_week)) == 4


def test_somebody_who_came_before_is_an_own_client():
    practice, person = make_practice(), make_person()
    make_visit(practice, wall(9, day=date(2026, 11, 4)), person=person, status="held")
    assert asker_for(person_id=person.pk).known_to == frozenset({practice.specialist.pk})
    assert asker_for(person_id=make_person().pk) == ANYONE


# -- anyone, the first, the exact one ---------------------------------------------------------------------------------


def test_anyone_means_all_specialists_in_order_of_time():
    practice = make_practice()
    other = make_practice(practice.service, starts=time(9, 30), ends=time(10, 30))
    slots = free_slots(service=practice.service, period=DAY, now=NOW)
    assert hours_of(slots) == ["09:00", "09:30", "10:00", "11:00", "12:00"]
    assert slots[1].specialist_id == other.specialist.pk


def test_the_first_free_time_of_each_service_is_found_together(django_assert_num_queries):
    early, late = make_practice(), make_practice(day=date(2026, 9, 4))
    none = make_service(early.service.centre)
    make_visit(early, wall(9))
    services = [early.service, late.service, none]
    with django_assert_num_queries(3):
        found = first_free_slots(services=services, now=NOW)
    assert {key: slot.starts_at for key, slot in found.items()} == {
        early.service.pk: wall(10),
        late.service.pk: wall(9, day=date(2026, 11, 20)),
    }


def test_the_exact_time_is_found_only_while_it_is_free():
    practice = make_practice()
    question = {"service": practice.service, "specialist_id": practice.specialist.pk, "mode": "office", "now": NOW}
    assert slot_at(starts_at=wall(10), **question).starts_at == wall(10)
    assert slot_at(starts_at=wall(10, 10), **question) is None
    make_visit(practice, wall(10))
    assert slot_at(starts_at=wall(10), **question) is None


@pytest.mark.parametrize("specialists", [1, 4])
def test_the_number_of_queries_depends_on_nothing(specialists, django_assert_num_queries):
    practice = make_practice(urgent_places=1)
    for _each in range(specialists - 1):
        make_visit(make_practice(practice.service, new_quota=3), wall(10))
    period = Period.of_days(WEDNESDAY, WEDNESDAY + timedelta(days=15 * specialists), WARSAW)
    with django_assert_num_queries(2):
        assert free_slots(service=practice.service, period=period, now=NOW)


# -- the oracle -------------------------------------------------------------------------------------------------------


def oracle(practice: Practice, period: Period, now: datetime) -> list[tuple[datetime, datetime]]:
    """Look at every minute of every standing date of duty, and at every minute a visit would take."""
    service, found = practice.service, []
    rows = list(Reservation.objects.filter(kind="visit").values_list("resource", "starts_at", "ends_at"))
    away = list(BusyPeriod.objects.values_list("resource", "starts_at", "ends_at"))
    step = service.step_minutes or service.minutes + service.pause_minutes
    after = max(service.pause_minutes, service.after_minutes)

    def is_taken(resource, minute):
        return any(key == resource.pk and start <= minute < end for key, start, end in [*rows, *away])

    for session in Session.objects.standing().filter(series=practice.window.series).order_by("starts_at"):
        minute, number = session.starts_at, 0
        while minute < session.ends_at:
            visit = [minute + n * MINUTE for n in range(service.minutes)]
            around = [minute + n * MINUTE for n in range(-service.before_minutes, service.minutes + after)]
            if (
                number % step == 0
                and period.contains(minute)
                and minute >= now + timedelta(hours=service.notice_hours)
                and (minute.astimezone(WARSAW).date() - now.astimezone(WARSAW).date()).days <= service.horizon_days
                and visit[-1] < session.ends_at
                and not any(is_taken(practice.specialist, each) for each in around)
                and not any(is_taken(practice.room, each) for each in visit)
            ):
                found.append((minute, visit[-1] + MINUTE))
            minute, number = minute + MINUTE, number + 1
    return found


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from([date(2026, 10, 24), date(2027, 3, 27)]),  # the clocks change in the night after
    shape=st.tuples(st.integers(10, 60), st.integers(0, 15), st.none() | st.integers(10, 45), st.integers(0, 20)),
    taken=st.lists(st.tuples(st.booleans(), st.integers(-60, 420), st.integers(1, 90)), max_size=4),
    limits=st.tuples(st.integers(0, 30), st.integers(0, 3)),
)
def test_slots_equal_an_oracle_minute_by_minute_on_nights_of_clock_changes(db, night, shape, taken, limits):
    minutes, pause, step, before = shape
    facts = {"minutes": minutes, "pause_minutes": pause, "step_minutes": step, "before_minutes": before}
    facts |= {"notice_hours": limits[0], "horizon_days": limits[1]}
    sunday = night + timedelta(days=1)
    service = make_service(make_centre(), **facts)
    practice = make_practice(service, day=sunday, starts=time(0, 30), ends=time(5, 30), recurrence=Recurrence.ONCE)
    midnight = wall(0, day=sunday).astimezone(UTC)
    for is_room, start, length in taken:
        resource = practice.room if is_room else practice.specialist
        starts_at = midnight + start * MINUTE
        make_busy(resource, starts_at, starts_at + length * MINUTE)
    now, period = wall(12, day=night).astimezone(UTC), Period.of_days(night, sunday, WARSAW)
    found = free_slots(service=service, period=period, now=now)
    assert [(slot.starts_at, slot.ends_at) for slot in found] == oracle(practice, period, now)
