"""An hour that becomes free goes to the first who asked for it and may have it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.domain.appointment_changes import cancel_appointment
from booking.domain.appointment_offers import offer_earlier_times
from booking.domain.slot_watches import fulfil_watch, stop_watching, watch_slots
from booking.domain.slots import free_slots
from booking.errors import Refused
from booking.models import Appointment, Person, SlotWatch
from scheduler.period import Period
from tests.factories import NOW, make_account, make_person
from tests.factories_visits import Practice, make_practice, make_visit

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
NINE = datetime.combine(date(2026, 11, 18), time(9), ZoneInfo("Europe/Warsaw")).astimezone(UTC)


def wish(practice: Practice, *, minutes: int = 0, earlier_than: datetime = LATER, **facts) -> SlotWatch:
    facts = {"person": make_person()} | facts
    now = NOW + timedelta(minutes=minutes)
    return watch_slots(service=practice.service, earlier_than=earlier_than, by=make_account(), now=now, **facts)


def given_nine() -> Person | None:
    """Offer what is free and return who got the time at nine, if anybody did."""
    offer_earlier_times(now=NOW)
    visit = Appointment.objects.filter(status="offered", starts_at=NINE).select_related("person").first()
    return visit.person if visit else None


def test_the_first_who_asked_is_next():
    practice = make_practice()
    second, first = wish(practice, minutes=2), wish(practice, minutes=1)
    assert given_nine() == first.person
    assert Appointment.objects.get(person=second.person).starts_at == NINE + timedelta(hours=1)


def test_changing_a_wish_keeps_its_place():
    practice, person = make_practice(facts={"phone": True}), make_person()
    first = wish(practice, person=person)
    wish(practice, minutes=1)
    again = wish(practice, minutes=2, person=person, mode="office")
    assert (again.pk, again.mode, again.created_at) == (first.pk, "office", first.created_at)
    assert given_nine() == person


def test_wishes_that_do_not_fit_are_passed_over():
    practice = make_practice(facts={"phone": True})
    other = make_practice(practice.service, starts=time(14), ends=time(16), phone=True)
    wish(practice, specialist=other.specialist)
    wish(practice, mode="phone")
    wish(practice, earlier_than=NINE)
    wish(other, earlier_than=NOW + timedelta(minutes=1))
    stop_watching(watch_id=wish(practice).pk, now=NOW)
    fulfil_watch(watch_id=wish(practice).pk, now=NOW)
    assert given_nine() is None
    day_after = NINE + timedelta(days=1)
    own = wish(practice, minutes=9, specialist=practice.specialist, mode="office", earlier_than=day_after)
    assert given_nine() == own.person


def test_times_that_did_not_suit_are_not_offered_others_are():
    practice = make_practice()
    taken = make_visit(practice, NINE)
    free = free_slots(service=practice.service, period=Period(NOW, LATER), now=NOW)
    watch = wish(practice, passing_over=free)
    assert given_nine() is None
    assert not Appointment.objects.filter(status="offered").exists()
    cancel_appointment(appointment_id=taken.pk, by=make_account(), now=NOW, by_staff=True)
    assert given_nine() == watch.person


def test_somebody_with_a_visit_then_is_passed_over_unless_it_is_the_one_to_be_moved():
    practice = make_practice()
    elsewhere = make_practice(facts={"minutes": 60})
    busy = make_person()
    make_visit(elsewhere, NINE, person=busy)
    wish(practice, person=busy, earlier_than=NINE + timedelta(minutes=1))
    assert given_nine() is None
    person = make_person()
    booked = make_visit(practice, NINE + timedelta(hours=2), person=person)
    wish(practice, minutes=1, person=person, appointment=booked, earlier_than=booked.starts_at)
    assert given_nine() == person


def test_a_quota_passes_new_people_over():
    practice = make_practice(new_quota=0)
    wish(practice)
    known = make_person()
    make_visit(practice, NINE - timedelta(days=14), person=known, status="held")
    wish(practice, minutes=1, person=known)
    assert given_nine() == known


@pytest.mark.parametrize(("ways", "mode"), [({"home": True}, "home"), ({"home": True, "office": False}, "")])
def test_a_visit_at_home_of_which_nobody_knows_where_is_not_waited_for(ways, mode):
    practice = make_practice(facts=ways, **ways)
    with pytest.raises(Refused) as refused:
        wish(practice, mode=mode)
    assert refused.value.refusal.code == "watch_at_home"
    assert not SlotWatch.objects.exists()


def test_a_wish_for_a_moment_that_has_passed_is_refused():
    practice = make_practice()
    with pytest.raises(Refused) as refused:
        wish(practice, earlier_than=NOW)
    assert refused.value.refusal.code == "watch_too_late"
    assert not SlotWatch.objects.exists()


def test_ending_a_wish_twice_changes_nothing():
    watch = wish(make_practice())
    stop_watching(watch_id=watch.pk, now=NOW)
    again = fulfil_watch(watch_id=watch.pk, now=LATER)
    assert (again.end, again.ended_at) == ("taken_back", NOW)
