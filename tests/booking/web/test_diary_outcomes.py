from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import Message
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db
EVENING = wall(20)


@pytest.fixture(autouse=True)
def stopped_clock():
    with time_machine.travel(EVENING, tick=False):
        yield


@pytest.fixture
def practice(client):
    practice = make_practice()
    client.force_login(practice.member.person.account)
    return practice


def note(client, visit, outcome, **facts):
    return client.post(reverse("diary-outcomes"), {"visit": visit.pk, "outcome": outcome} | facts, follow=True)


def test_diary_leads_to_what_is_to_be_noted(client, practice):
    assert reverse("diary-outcomes") not in client.get(reverse("diary")).content.decode()
    for hour in (9, 10):
        make_visit(practice, wall(hour))
    page = client.get(reverse("diary")).content.decode()
    assert "2 wizyty do odnotowania" in page
    assert reverse("diary-outcomes") in page


def test_each_visit_is_noted_by_one_tap_and_leaves_the_list(client, practice):
    one, other = make_visit(practice, wall(9)), make_visit(practice, wall(10))
    assert "2 wizyty do odnotowania" in client.get(reverse("diary-outcomes")).content.decode()
    for _twice in range(2):
        page = note(client, one, "held").content.decode()
        assert "1 wizyta do odnotowania" in page
    page = note(client, other, "no_show").content.decode()
    assert "Wszystko jest odnotowane" in page
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, one.changes.count(), other.status) == ("held", 1, "no_show")
    assert not Message.objects.exists()


def test_broken_off_needs_fewer_minutes_and_the_answer_says_so(client, practice):
    visit = make_visit(practice, wall(9))
    answer = note(client, visit, "interrupted", minutes="50")
    assert answer.status_code == 409
    assert "mniej niż zaplanowane 50" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.status == "booked"
    note(client, visit, "interrupted", minutes="20")
    visit.refresh_from_db()
    assert (visit.status, visit.minutes) == ("interrupted", 20)


@pytest.mark.parametrize("minutes", ["0", "-5", "9999", "wenig"])
def test_impossible_minutes_are_refused(client, practice, minutes):
    visit = make_visit(practice, wall(9))
    assert note(client, visit, "held", minutes=minutes).status_code == 409
    visit.refresh_from_db()
    assert visit.status == "booked"


def test_visits_of_others_and_unknown_words_do_not_exist(client, practice):
    foreign = make_visit(make_practice(), wall(9))
    own = make_visit(practice, wall(9))
    assert note(client, foreign, "held").status_code == 404
    assert note(client, own, "cancelled").status_code == 404
    assert client.post(reverse("diary-outcomes"), {"visit": "x", "outcome": "held"}).status_code == 404
    assert client.post(reverse("diary-outcomes"), {"visit": uuid.uuid4(), "outcome": "held"}).status_code == 404
    own.refresh_from_db()
    assert own.status == "booked"


def test_list_asks_as_often_for_fifty_as_for_three(client, practice):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("diary-outcomes"))
        return len(asked)

    for weeks in range(3):
        make_visit(practice, wall(9) - timedelta(weeks=weeks))
    few = count()
    for weeks in range(3, 50):
        make_visit(practice, wall(9) - timedelta(weeks=weeks))
    assert count() == few
