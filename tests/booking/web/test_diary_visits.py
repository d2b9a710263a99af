"""Visits in a specialist's diary: her day and week, who comes and how to reach them, and what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from booking.models import AppointmentParty, Role
from notifications.models import Message
from tests.factories import NOW, make_centre, make_family, make_person, make_staff
from tests.factories_safety import make_safe_contact
from tests.factories_visits import make_practice, make_visit, make_window, wall

pytestmark = pytest.mark.django_db
TEN = wall(10)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def practice():
    return make_practice()


@pytest.fixture
def client(practice) -> Client:
    return signed_in(practice.member)


@pytest.fixture
def family(practice):
    return make_family(practice.service.centre)


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.person.account)
    return client


def diary(client, **query: str) -> str:
    return client.get(reverse("diary"), query).content.decode()


def test_day_shows_visits_between_the_hours_that_are_still_free(client, practice, family):
    visit = make_visit(practice, TEN, person=family.child, is_first=True)
    page = diary(client, on="2026-11-18")
    day = page[page.index('aria-labelledby="day"') : page.index("week-nav")]
    assert reverse("diary-visit", args=[visit.pk]) in day
    assert str(family.child) in day
    assert "pierwsza wizyta" in day
    assert day.count(">wolne<") == 3
    assert [hour for hour in ("9:00", "11:00", "12:00") if hour in day] == ["9:00", "11:00", "12:00"]
    week = page[page.index("week-nav") :]
    assert reverse("diary-visit", args=[visit.pk]) in week
    assert "1 wizyta" in week


def test_hours_are_told_from_visits_and_paper_says_whose_it_is(client, practice):
    page = diary(client, on="2026-11-18")
    assert '<span class="tag">godziny przyjęć</span>' in page
    assert f'<p class="only-print"><strong>{practice.member.person}</strong></p>' in page
    assert 'diary-day no-print"' not in page
    assert 'diary-day no-print"' in diary(client, on="2026-11-19"), "an empty day takes no sheet of paper"


@pytest.mark.parametrize("on", ["2026-99-99", "x", "1900-01-01"])
def test_impossible_day_is_400(client, on):
    assert client.get(reverse("diary"), {"on": on}).status_code == 400


def test_visit_page_tells_who_comes_where_and_whom_to_call(client, practice, family):
    family.guardian.phone = "+48601234567"
    family.guardian.save()
    visit = make_visit(practice, TEN, person=family.child, mode="home", address="ul. Leśna 3")
    page = client.get(reverse("diary-visit", args=[visit.pk])).content.decode()
    assert all(each in page for each in (str(family.child), "ul. Leśna 3", "+48601234567", family.guardian.given_name))


def test_safe_contact_stands_in_place_of_the_phone(client, practice, family):
    family.guardian.phone = "+48601234567"
    family.guardian.save()
    make_safe_contact(family.guardian, channel="phone", phone="+48700000001", discreet=True)
    visit = make_visit(practice, TEN, person=family.child)
    page = client.get(reverse("diary-visit", args=[visit.pk])).content.decode()
    assert "+48700000001" in page
    assert "+48601234567" not in page


def test_sides_stand_apart_with_their_hours(client, practice, family):
    visit = make_visit(practice, TEN, person=family.guardian)
    other = make_person(given_name="Zdzisław")
    AppointmentParty.objects.create(appointment=visit, person=other, arrives_at=TEN + timedelta(minutes=20))
    page = client.get(reverse("diary-visit", args=[visit.pk])).content.decode()
    assert "przychodzi o 10:00" in page
    assert "przychodzi o 10:20" in page


@pytest.mark.parametrize("kept", [("held", 45), ("no_show", None), ("excused", None)])
def test_outcome_is_noted_in_two_taps_and_nobody_is_told(client, practice, family, kept):
    visit = make_visit(practice, TEN - timedelta(weeks=1), person=family.child)
    page = reverse("diary-visit", args=[visit.pk])
    assert "dokumentacji" in client.get(page).content.decode()
    assert client.post(page, {"act": "outcome", "outcome": kept[0], "minutes": "45"}).status_code == 302
    visit.refresh_from_db()
    assert (visit.status, visit.minutes) == kept
    assert not Message.objects.exists()


def test_wrong_outcomes_change_nothing(client, practice, family):
    past = make_visit(practice, TEN - timedelta(weeks=1), person=family.child)
    coming = make_visit(practice, TEN, person=family.child)
    page = reverse("diary-visit", args=[past.pk])
    assert client.post(page, {"act": "outcome", "outcome": "held", "minutes": "-1"}).status_code == 422
    assert client.post(page, {"act": "outcome", "outcome": "booked", "minutes": "5"}).status_code == 404
    early = client.post(reverse("diary-visit", args=[coming.pk]), {"act": "outcome", "outcome": "held", "minutes": "5"})
    assert early.status_code == 409
    for visit in (past, coming):
        visit.refresh_from_db()
        assert (visit.status, visit.minutes) == ("booked", None)


def test_colleague_takes_over_and_may_open_the_visit_then(client, practice, family):
    colleague = make_staff(Role.SPECIALIST, centre=practice.service.centre)
    make_window(practice.service, specialist=colleague.resource)
    visit = make_visit(practice, TEN, person=family.child)
    page = reverse("diary-visit", args=[visit.pk])
    assert signed_in(colleague).get(page).status_code == 404
    gone = client.post(page, {"act": "reassign", "hand-over-specialist": str(colleague.resource.pk)})
    assert gone.url == reverse("diary")
    assert signed_in(colleague).get(page).status_code == 200
    assert client.get(page).status_code == 404
    told = set(Message.objects.values_list("recipient_id", flat=True))
    assert told == {family.guardian.pk, colleague.person_id}


def test_visits_of_others_and_of_ones_own_family_are_not_in_the_diary(client, practice, family):
    other = make_practice(facts={"name": "Inna"})
    visit = make_visit(other, TEN, person=family.child)
    assert client.get(reverse("diary-visit", args=[visit.pk])).status_code == 404
    mother = Client()
    mother.force_login(family.account)
    own = make_visit(practice, TEN, person=family.child)
    assert mother.get(reverse("diary-visit", args=[own.pk])).status_code == 404
    assert Client().get(reverse("diary-visit", args=[own.pk])).status_code == 302


def test_diary_asks_as_many_queries_for_many_visits_as_for_few(
    client, practice, django_assert_max_num_queries, django_assert_num_queries
):
    make_visit(practice, TEN)
    with django_assert_max_num_queries(34) as few:
        diary(client, on="2026-11-18")
    for hour in (9, 11, 12):
        make_visit(practice, wall(hour), person=make_person())
    with django_assert_num_queries(len(few)):
        diary(client, on="2026-11-18")


def test_centre_without_visits_still_has_a_diary():
    member = make_staff(Role.INSTRUCTOR, centre=make_centre())
    assert signed_in(member).get(reverse("diary")).status_code == 200
