from __future__ import annotations

from datetime import timedelta

import pytest

from booking.domain.appointment_outcomes import record_outcome
from booking.domain.on_duty import next_duty, on_duty_today
from booking.models import TimeOff
from tests.factories import NOW
from tests.factories_visits import make_practice, make_visit

pytestmark = pytest.mark.django_db
WEDNESDAY_TEN = NOW.replace(day=18, hour=9)  # 10 on the clock of Warsaw


@pytest.fixture
def practice():
    return make_practice(facts={"sensitivity": "sensitive"})


def duty(practice, now=WEDNESDAY_TEN):
    return on_duty_today(centre=practice.service.centre, now=now)


def test_board_says_who_is_free_now_and_until_when(practice):
    (row,) = duty(practice)
    assert (row.specialist, row.room, row.services) == (practice.specialist, practice.room, (practice.service.name,))
    assert (row.is_now, row.is_free, row.changes_at) == (True, True, WEDNESDAY_TEN + timedelta(hours=3))
    make_visit(practice, WEDNESDAY_TEN + timedelta(hours=1))
    assert duty(practice)[0].changes_at == WEDNESDAY_TEN + timedelta(hours=1)


def test_board_says_who_is_busy_and_when_she_is_free_again(practice):
    make_visit(practice, WEDNESDAY_TEN - timedelta(minutes=30))
    make_visit(practice, WEDNESDAY_TEN + timedelta(minutes=30))
    (row,) = duty(practice)
    assert (row.is_free, row.changes_at) == (False, WEDNESDAY_TEN + timedelta(minutes=90))


def test_board_shows_who_waits_in_vain_as_free(practice):
    visit = make_visit(practice, WEDNESDAY_TEN - timedelta(minutes=10))
    record_outcome(appointment_id=visit.pk, outcome="no_show", by=practice.member.person.account, now=WEDNESDAY_TEN)
    (row,) = duty(practice)
    assert (row.is_free, row.changes_at) == (True, WEDNESDAY_TEN + timedelta(hours=3))


def test_board_shows_who_comes_later_and_forgets_who_has_gone(practice):
    early = WEDNESDAY_TEN - timedelta(hours=3)
    assert [row.is_now for row in duty(practice, early)] == [False]
    assert duty(practice, WEDNESDAY_TEN + timedelta(hours=3)) == []


def test_board_leaves_out_who_is_away(practice):
    moments = {"starts_at": WEDNESDAY_TEN - timedelta(hours=1), "ends_at": WEDNESDAY_TEN + timedelta(hours=5)}
    TimeOff.objects.create(member=practice.member, kind="illness", entered_at=NOW, changed_at=NOW, **moments)
    assert duty(practice) == []


def test_board_asks_as_often_for_many_as_for_one(practice, django_assert_num_queries, django_assert_max_num_queries):
    with django_assert_max_num_queries(7) as asked:
        duty(practice)
    for _ in range(3):
        make_practice(practice.service)
    with django_assert_num_queries(len(asked)):
        assert len(duty(practice)) == 4


def test_hours_by_phone_say_so():
    practice = make_practice()
    assert duty(practice)[0].ways == ()
    practice.window.office, practice.window.phone = False, True
    practice.window.save()
    assert duty(practice)[0].ways == ("telefonicznie",)


def test_next_duty_is_of_somebody_who_is_not_away(practice):
    evening = WEDNESDAY_TEN + timedelta(hours=9)
    found = next_duty(centre=practice.service.centre, now=evening)
    assert (found.specialist, found.starts_at) == (practice.specialist, WEDNESDAY_TEN + timedelta(days=6, hours=23))
    moments = {"starts_at": evening, "ends_at": evening + timedelta(days=10)}
    TimeOff.objects.create(member=practice.member, kind="illness", entered_at=NOW, changed_at=NOW, **moments)
    later = next_duty(centre=practice.service.centre, now=evening)
    assert later.starts_at == WEDNESDAY_TEN + timedelta(days=13, hours=23)
    assert next_duty(centre=make_practice().service.centre, now=evening + timedelta(days=3650)) is None
