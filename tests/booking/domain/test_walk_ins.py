from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.visit_hours import hours_given
from booking.domain.walk_ins import WalkInFacts, correct_walk_in, record_walk_in, take_back_walk_in
from booking.errors import Refused
from booking.models import Appointment, WalkIn
from notifications.models import Message
from tests.factories import NOW, TODAY, make_family
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
AN_HOUR_AGO = NOW - timedelta(hours=1)
WEDNESDAY_TEN = NOW.replace(day=18, hour=9)  # 10 on the clock of Warsaw


@pytest.fixture
def practice():
    return make_practice(facts={"sensitivity": "sensitive"})


def record(practice, **facts) -> Appointment:
    facts = {"starts_at": AN_HOUR_AGO, "minutes": 40} | facts
    wanted = WalkInFacts(service=practice.service, specialist=practice.specialist, **facts)
    return record_walk_in(facts=wanted, by=practice.member.person.account, now=NOW)


def test_anonymous_visit_keeps_no_name_and_counts_in_hours(practice):
    visit = record(practice, sex="female", age="adult")
    assert (visit.status, visit.source, visit.person, visit.minutes) == ("held", "afterwards", None, 40)
    assert (visit.walk_in.sex, visit.walk_in.age) == ("female", "adult")
    (hours,) = hours_given(centre=practice.service.centre, first=TODAY, last=TODAY)
    assert (hours.held, hours.minutes) == (1, 40)


def test_visit_with_a_name_is_told_nobody_and_seen_by_no_family(practice):
    family = make_family(practice.service.centre)
    visit = record(practice, person=family.guardian)
    assert not WalkIn.objects.exists()
    assert not Message.objects.exists()
    assert list(Appointment.objects.visible_to(family.account, TODAY)) == []
    assert list(Appointment.objects.visible_to(practice.member.person.account, TODAY)) == [visit]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"starts_at": NOW + timedelta(minutes=1)}, "walk_in_to_come"),
        ({"starts_at": NOW - timedelta(days=32)}, "walk_in_too_old"),
        ({"minutes": 61}, "walk_in_not_over"),
        ({"minutes": 0}, "minutes_wrong"),
        ({"minutes": 721}, "minutes_wrong"),
    ],
)
def test_impossible_visit_is_refused_and_nothing_is_kept(practice, facts, code):
    with pytest.raises(Refused) as refused:
        record(practice, **facts)
    assert refused.value.refusal.code == code
    assert not Appointment.objects.exists()


def facts_of(practice, **facts) -> WalkInFacts:
    facts = {"starts_at": AN_HOUR_AGO, "minutes": 40} | facts
    return WalkInFacts(service=practice.service, specialist=practice.specialist, **facts)


def test_entry_is_corrected_and_what_stood_there_is_logged(practice):
    person = make_family(practice.service.centre).guardian
    visit, by = record(practice, sex="male"), practice.member.person.account
    facts = facts_of(practice, minutes=20, person=person)
    corrected = correct_walk_in(visit_id=visit.pk, facts=facts, by=by, now=NOW)
    assert (corrected.pk, corrected.minutes, corrected.person) == (visit.pk, 20, person)
    assert not WalkIn.objects.exists()
    assert visit.changes.first().was["minutes"] == 40
    back = correct_walk_in(visit_id=visit.pk, facts=facts_of(practice, sex="female"), by=by, now=NOW)
    assert (back.person, WalkIn.objects.get().sex) == (None, "female")
    assert not Message.objects.exists()


def test_entry_by_mistake_is_taken_back_and_counts_nowhere(practice):
    visit, by = record(practice), practice.member.person.account
    for _twice in range(2):
        take_back_walk_in(visit_id=visit.pk, by=by, now=NOW)
    assert hours_given(centre=practice.service.centre, first=TODAY, last=TODAY) == []
    assert visit.changes.filter(kind="cancelled").count() == 1
    with pytest.raises(Refused):
        correct_walk_in(visit_id=visit.pk, facts=facts_of(practice), by=by, now=NOW)


def test_old_entries_and_booked_visits_are_not_corrected_here(practice):
    visit, by = record(practice), practice.member.person.account
    later, booked = NOW + timedelta(days=32), make_visit(practice, NOW - timedelta(days=1))
    for call in (correct_walk_in, take_back_walk_in):
        more = {"facts": facts_of(practice)} if call is correct_walk_in else {}
        with pytest.raises(Refused) as refused:
            call(visit_id=visit.pk, by=by, now=later, **more)
        assert refused.value.refusal.code == "walk_in_too_old"
        with pytest.raises(Appointment.DoesNotExist):
            call(visit_id=booked.pk, by=by, now=NOW, **more)
    visit.refresh_from_db()
    assert (visit.status, visit.minutes) == ("held", 40)
