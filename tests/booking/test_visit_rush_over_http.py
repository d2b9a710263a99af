"""Thirty families want one hour of one specialist, over HTTP on real server processes: one gets it."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.client import HTTPConnection
from threading import Barrier
from typing import Any

import pytest
from django.utils import timezone

from booking.domain.slots import free_slots
from booking.management.demo.accounts import store_tokens
from booking.models import Appointment
from notifications.models import Message
from scheduler.models import Reservation
from scheduler.period import Period
from tests.bench.serving import PATIENCE, served
from tests.factories import make_centre, make_family, make_service, make_term
from tests.factories_visits import make_practice

pytestmark = pytest.mark.django_db(transaction=True)

FAMILIES = 30


def test_thirty_families_ask_for_one_hour_and_one_gets_it():
    practice, now = _practice(), timezone.now()
    families = [make_family(practice.service.centre) for _number in range(FAMILIES)]
    tokens = [
        (family.account, f"demo_visit_{number:04d}_{family.child.pk.hex}") for number, family in enumerate(families)
    ]
    store_tokens(tokens, expiry=now + timedelta(days=1))
    wanted, following, *_more = free_slots(
        service=practice.service, period=Period(now, now + timedelta(days=30)), now=now
    )
    bodies = [
        {
            "service": str(practice.service.pk),
            "specialist": str(practice.specialist.pk),
            "person": str(family.child.pk),
            "starts_at": wanted.starts_at.isoformat(),
        }
        for family in families
    ]
    with served() as server:
        said = _ask_together(server.port, [(token, body) for (_owner, token), body in zip(tokens, bodies, strict=True)])

    assert Counter(status for status, _body in said) == {201: 1, 409: FAMILIES - 1}
    for status, body in said:
        if status == 409:
            assert body["code"] == "slot_taken"
            assert datetime.fromisoformat(body["slots"][0]["starts_at"]) == following.starts_at
    visit = Appointment.objects.get()
    assert visit.starts_at == wanted.starts_at
    assert Reservation.objects.filter(visit=visit.pk).count() == Reservation.objects.filter(visit__isnull=False).count()
    assert set(Message.objects.values_list("facts__visit", flat=True)) == {str(visit.pk)}


def _practice() -> Any:
    """Make hours every week from tomorrow on: the servers read the real clock."""
    service = make_service(make_centre(), minutes=50, pause_minutes=10, notice_hours=0)
    today = timezone.localdate()
    term = make_term(service.centre.timetable, starts_on=today, ends_on=today + timedelta(days=40))
    return make_practice(service, day=today + timedelta(days=1), term=term)


def _ask_together(port: int, asks: list[tuple[str, dict[str, str]]]) -> list[tuple[int, Any]]:
    """Send all the requests in the same moment, each over a connection of its own."""
    start = Barrier(len(asks), timeout=PATIENCE)

    def ask(one: tuple[str, dict[str, str]]) -> tuple[int, Any]:
        token, body = one
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"Host": "localhost", "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        start.wait()
        connection.request("POST", "/api/v1/appointments/", json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    with ThreadPoolExecutor(len(asks)) as threads:
        return list(threads.map(ask, asks))
