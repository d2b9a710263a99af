"""The organiser's rules of visits: seen, explained by an example, changed; nobody else reaches them."""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Role, Service
from tests.factories import NOW, make_centre, make_family, make_service, make_staff
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


def organiser(centre) -> Client:
    return reader(make_staff(Role.ORGANISER, centre=centre).person.account)


def sent(**changes) -> dict[str, object]:
    return {
        "minutes": "30",
        "pause_minutes": "0",
        "before_minutes": "0",
        "after_minutes": "0",
        "travel_minutes": "0",
        "notice_hours": "24",
        "horizon_days": "90",
        "modes": ["office", "video"],
        "online": "on",
    } | changes


def test_rules_are_listed_and_changed():
    practice = make_practice()
    make_visit(practice, wall(10))
    client, address = organiser(practice.service.centre), reverse("board-service", args=[practice.service.pk])
    assert "A visit takes 50 minutes + 10 minutes of pause" in client.get(reverse("board-services")).content.decode()
    page = client.get(address).content.decode()
    assert "09:00, 10:00, 11:00, 12:00." in page
    assert "1 visit is booked: it keeps its hour" in page
    done = client.post(address, sent(), follow=True).content.decode()
    assert "booked visits stayed" in done
    assert "A visit takes 30 minutes" in done
    service = Service.objects.get(pk=practice.service.pk)
    assert (service.minutes, service.notice_hours, service.modes, service.online) == (30, 24, ["office", "video"], True)


@pytest.mark.parametrize("wrong", [{"minutes": "4"}, {"minutes": ""}, {"modes": []}, {"horizon_days": "0"}])
def test_wrong_rules_are_said_at_their_fields_and_change_nothing(wrong):
    service = make_service(make_centre())
    before = Service.objects.values().get(pk=service.pk)
    answer = organiser(service.centre).post(reverse("board-service", args=[service.pk]), sent(**wrong))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)
    assert Service.objects.values().get(pk=service.pk) == before


def test_specialists_read_the_rules_beside_their_hours_and_organisers_change_them_there():
    practice = make_practice()
    change = reverse("board-service", args=[practice.service.pk])
    own = reader(practice.member.person.account).get(reverse("windows")).content.decode()
    assert "A visit takes 50 minutes" in own
    assert change not in own
    query = {"specialist": str(practice.specialist.pk)}
    assert change in organiser(practice.service.centre).get(reverse("windows"), query).content.decode()


def test_nobody_else_reaches_them():
    practice = make_practice()
    addresses = [reverse("board-services"), reverse("board-service", args=[practice.service.pk])]
    accounts = [practice.member.person.account, make_family(practice.service.centre).account]
    accounts.append(make_staff(Role.COORDINATOR, centre=practice.service.centre).person.account)
    for account in accounts:
        assert [reader(account).get(address).status_code for address in addresses] == [404, 404]
    elsewhere = organiser(make_centre())
    assert elsewhere.get(addresses[1]).status_code == 404
    assert elsewhere.post(addresses[1], sent()).status_code == 404
    assert Client().get(addresses[0]).status_code == 302


def test_the_list_costs_the_same_for_many_services(django_assert_max_num_queries):
    centre = make_service(make_centre()).centre
    client = organiser(centre)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("board-services"))
    for _number in range(10):
        make_service(centre)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("board-services"))
