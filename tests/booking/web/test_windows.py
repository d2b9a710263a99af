"""The pages of hours for visits: whose they are, what a change shows first, what stays to be settled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import OpeningWindow, Role
from scheduler.domain.planning import revise_series
from scheduler.domain.publishing import publish_series
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Closure, Series, Session
from tests.factories import NOW, make_account, make_centre, make_room, make_service, make_staff, make_term
from tests.factories_visits import make_practice, make_visit, wall

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def reader(account) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def sent(service, **changes) -> dict[str, object]:
    return {
        "services": [str(service.pk)],
        "recurrence": "weekly",
        "weekdays": ["2"],
        "day": "2026-11-18",
        "starts": "10:00",
        "ends": "13:00",
        "modes": ["office"],
        "on_breaks": "run",
        "urgent_places": "0",
    } | changes


def test_a_specialist_opens_her_hours():
    member = make_staff("specialist", centre=make_centre())
    make_term(member.centre.timetable)
    service, room = make_service(member.centre), make_room(member.centre.timetable)
    client = reader(member.person.account)
    assert "No hours are open" in client.get(reverse("windows")).content.decode()
    answer = client.post(reverse("window-new"), sent(service, room=str(room.pk)), follow=True)
    page = answer.content.decode()
    assert "The hours are open" in page
    assert service.name in page
    window = OpeningWindow.objects.get()
    assert (window.series.leader, window.series.room) == (member.resource, room)


def test_what_is_missing_is_said_and_nothing_is_stored():
    member = make_staff("specialist", centre=make_centre())
    service = make_service(member.centre)
    client = reader(member.person.account)
    assert client.post(reverse("window-new"), sent(service, services=[])).status_code == 422
    refused = client.post(reverse("window-new"), sent(service))
    assert refused.status_code == 409
    assert "No term of the timetable includes this day" in refused.content.decode()
    assert not Series.objects.exists()


def test_a_change_shows_the_booked_visits_first_and_keeps_them():
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    assert client.get(address).status_code == 200
    shown = client.post(address, sent(practice.service))
    page = shown.content.decode()
    assert "It concerns 1 booked visit" in page
    assert str(visit.person) in page
    assert Series.objects.count() == 1
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page).group(1)
    done = client.post(address, sent(practice.service, fingerprint=fingerprint), follow=True).content.decode()
    assert "Booked visits stayed" in done
    assert "1 booked visit waits for a decision" in done
    visit.refresh_from_db()
    assert (visit.status, visit.starts_at) == ("booked", wall(9))


@pytest.mark.parametrize(
    ("pattern", "first", "days"),
    [
        ({"recurrence": "first_third_in_month", "day": date(2026, 9, 4)}, "2026-11-20", [20, 4, 18]),
        ({"recurrence": "fortnightly", "day": date(2026, 9, 4)}, "2026-11-27", [27, 11]),
    ],
)
def test_a_change_of_the_hours_only_keeps_their_days(pattern, first, days):
    practice = make_practice(**pattern)
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    page = client.get(address)
    assert page.context["form"].initial["day"].isoformat() == first
    assert "The change counts from" in page.content.decode()
    kept = {"recurrence": pattern["recurrence"], "weekdays": ["4"], "day": first}
    plan = client.post(address, sent(practice.service, **kept)).context["plan"]
    assert [session.local_date.day for session in plan.coming][: len(days)] == days
    assert not plan.turns_weeks


def test_a_day_of_the_month_keeps_its_weekday_from_whatever_day_it_changes():
    practice = make_practice(recurrence="first_third_in_month", day=date(2026, 9, 4))
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    asked = sent(practice.service, recurrence="first_third_in_month", weekdays=["4"], day="2026-11-30")
    plan = client.post(address, asked).context["plan"]
    assert [session.local_date.day for session in plan.coming][:2] == [4, 18]
    refused = client.post(address, asked | {"weekdays": ["4", "5"]})
    assert refused.status_code == 422
    assert "Choose one weekday" in refused.content.decode()


def test_hours_that_go_over_into_the_other_weeks_say_so():
    practice = make_practice(recurrence="fortnightly", day=date(2026, 9, 4))
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    asked = sent(practice.service, recurrence="fortnightly", weekdays=["4"], day="2026-11-20")
    assert "until now these hours were in the other weeks" in client.post(address, asked).content.decode()


def test_hours_of_a_single_day_move_to_another_day():
    practice = make_practice(recurrence="once", day=date(2026, 11, 25))
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    asked = sent(practice.service, recurrence="once", day="2026-12-02")
    plan = client.post(address, asked).context["plan"]
    client.post(address, asked | {"fingerprint": plan.fingerprint})
    standing = Session.objects.standing().filter(leader=practice.specialist)
    assert [session.local_date for session in standing] == [date(2026, 12, 2)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends": "09:00"}, "The hours must end after they begin"),
        ({"last": "2026-11-01"}, "The last day comes before the first"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(wrong, sentence):
    practice = make_practice()
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    answer = client.post(address, sent(practice.service, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_plan_that_is_no_longer_true_is_shown_anew():
    practice = make_practice()
    client, address = reader(practice.member.person.account), reverse("window", args=[practice.window.pk])
    answer = client.post(address, sent(practice.service, fingerprint="stale"))
    assert answer.status_code == 409
    assert "What this does" in answer.content.decode()
    assert Series.objects.count() == 1


def test_hours_are_closed_after_a_look():
    practice = make_practice()
    client, address = reader(practice.member.person.account), reverse("window-close", args=[practice.window.pk])
    page = client.post(address, {"from_day": "2026-11-25"}).content.decode()
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page).group(1)
    done = client.post(address, {"from_day": "2026-11-25", "fingerprint": fingerprint}, follow=True)
    assert "The hours are closed" in done.content.decode()
    assert Series.objects.get(pk=practice.window.pk).last_on.isoformat() == "2026-11-24"


def test_a_visit_without_hours_is_settled_by_leaving_it():
    practice = make_practice()
    visit = make_visit(practice, wall(18))
    client = reader(practice.member.person.account)
    assert "1 booked visit waits for a decision" in client.get(reverse("windows")).content.decode()
    page = client.post(reverse("window-visit-keep", args=[visit.pk]), follow=True).content.decode()
    assert "waits for a decision" not in page


def test_organisers_choose_whose_hours_they_see():
    practice = make_practice()
    other = make_practice(practice.service, starts=time(14), ends=time(16))
    client = reader(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    page = client.get(reverse("windows"), {"specialist": str(other.specialist.pk)}).content.decode()
    assert "14:00" in page
    assert "09:00" not in page
    assert "Hours of everybody" in page


def test_an_organiser_sees_the_hours_of_everybody_first():
    practice = make_practice()
    make_practice(practice.service, starts=time(14), ends=time(16))
    make_visit(practice, wall(18))
    idle = make_staff("specialist", centre=practice.service.centre)
    client = reader(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    page = client.get(reverse("windows")).content.decode()
    assert "09:00" in page
    assert "14:00" in page
    assert "1 booked visit waits for a decision" in page
    assert f'<option value="{idle.resource.pk}">' in page
    assert "09:00" in reader(practice.member.person.account).get(reverse("windows"), {"all": "1"}).content.decode()


def test_the_hours_of_everybody_cost_the_same_for_many(django_assert_max_num_queries):
    practice = make_practice()
    client = reader(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("windows"))
    for hour in range(4):
        make_practice(practice.service, starts=time(14 + hour), ends=time(15 + hour))
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("windows"))


def test_the_page_of_a_date_names_the_visits_in_its_hours():
    practice = make_practice()
    visit = make_visit(practice, wall(9))
    organiser = make_staff(Role.ORGANISER, centre=practice.service.centre).person.account
    session = Session.objects.get(leader=practice.specialist, planned_date=date(2026, 11, 18))
    page = reader(organiser).get(reverse("board-session", args=[session.pk])).content.decode()
    assert "1 visit is booked in these hours" in page
    assert "09:00–09:50" in page
    assert visit.is_holding


def test_days_are_closed_once_their_visits_were_seen():
    practice = make_practice()
    make_visit(practice, wall(9))
    client = reader(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    asked = {"name": "Remont", "starts_on": "2026-11-18", "ends_on": "2026-11-19"}
    shown = client.post(reverse("board-closures"), asked)
    assert "1 visit is booked then" in shown.content.decode()
    assert not Closure.objects.exists()
    make_visit(practice, wall(10))
    again = client.post(reverse("board-closures"), asked | {"seen": shown.context["seen"]})
    assert "2 visits are booked then" in again.content.decode()
    done = client.post(reverse("board-closures"), asked | {"seen": again.context["seen"]}, follow=True)
    assert "2 booked visits wait for a decision" in done.content.decode()
    assert Closure.objects.count() == 1


def test_strangers_find_nothing():
    practice = make_practice()
    visit = make_visit(practice, wall(18))
    addresses = [reverse("windows"), reverse("window-new"), reverse("window", args=[practice.window.pk])]
    for account in (make_account(), make_staff(Role.COORDINATOR, centre=practice.service.centre).person.account):
        assert [reader(account).get(address).status_code for address in addresses] == [404, 404, 404]
    colleague = reader(make_staff("specialist", centre=practice.service.centre).person.account)
    assert colleague.get(addresses[2]).status_code == 404
    assert colleague.post(reverse("window-visit-keep", args=[visit.pk])).status_code == 404
    assert colleague.get(addresses[0], {"specialist": str(practice.specialist.pk)}).status_code == 404
    assert Client().get(addresses[0]).status_code == 302


@pytest.mark.parametrize("number", [1, 6])
def test_the_list_costs_the_same_for_many_windows(number, django_assert_max_num_queries):
    practice = make_practice()
    for hour in range(number - 1):
        window = make_practice(practice.service, starts=time(14 + hour), ends=time(15 + hour)).window
        Series.objects.filter(pk=window.pk).update(leader=practice.specialist)
    client = reader(practice.member.person.account)
    with django_assert_max_num_queries(22):
        client.get(reverse("windows"))


def test_who_plans_hours_of_a_sensitive_service_sees_the_time_of_its_visits_only():
    practice = make_practice(facts={"sensitivity": "sensitive", "name": "Psychoterapia poufna"})
    visit = make_visit(practice, wall(18))
    organiser = reader(make_staff(Role.ORGANISER, centre=practice.service.centre).person.account)
    for client, is_named in ((organiser, False), (reader(practice.member.person.account), True)):
        page = client.get(reverse("windows"), {"specialist": str(practice.specialist.pk)}).content.decode()
        assert "18:00–18:50" in page
        assert (str(visit.person) in page) == is_named


def test_hours_without_a_coming_date_are_listed_no_more():
    practice = make_practice()
    client = reader(practice.member.person.account)
    assert "09:00–13:00" in client.get(reverse("windows")).content.decode()
    line = Series.objects.with_pattern().select_related("term").get(pk=practice.window.pk)
    revise_series(series_id=line.pk, facts=replace(SeriesFacts.of(line), last=date(2026, 11, 17)))
    publish_series(series_ids=[line.pk], now=NOW)
    assert "09:00–13:00" not in client.get(reverse("windows")).content.decode()
