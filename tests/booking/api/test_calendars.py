"""Secret calendar addresses through REST: shown once, exchanged, turned off."""

from __future__ import annotations

import pytest
from django.test import Client

from booking.models import CalendarSubscription
from tests.booking.api.callers import V1, caller, problem_of
from tests.factories import make_family

pytestmark = pytest.mark.django_db


def test_calendar_address_is_shown_once_and_again_only_to_its_own_key():
    family = make_family()
    client = caller(family.account)
    url = f"{V1}/calendar-subscriptions/"
    key = {"Idempotency-Key": "cal-1"}
    first = client.post(url, {"scope": "household", "alarm_minutes": 30}, headers=key)
    made = first.json()
    assert first.status_code == 201
    assert made["url"].startswith("http")
    assert made["webcal_url"] == "webcal" + made["url"].removeprefix("https").removeprefix("http")
    assert (made["scope"], made["privacy"], made["alarm_minutes"], made["subject"]) == ("household", "full", 30, None)
    assert client.post(url, {"scope": "household", "alarm_minutes": 30}, headers=key).json() == made
    assert CalendarSubscription.objects.count() == 1

    shown = client.get(f"{url}{made['id']}/")
    assert shown.json() == {name: value for name, value in made.items() if name not in {"url", "webcal_url"}}
    kept = family.account.idempotency_keys.get()
    token = made["url"].rpartition("/")[2].removesuffix(".ics")
    assert token not in str(kept.answer), "the secret lies sealed"


def test_calendar_address_is_exchanged_and_turned_off():
    family = make_family()
    client = caller(family.account)
    url = f"{V1}/calendar-subscriptions/"
    made = client.post(url, {"scope": "child", "subject": str(family.child.pk), "privacy": "busy"}).json()
    old = made["url"].partition("//")[2].partition("/")[2]
    fresh = client.post(f"{url}{made['id']}/rotate/").json()
    new = fresh["url"].partition("//")[2].partition("/")[2]
    assert fresh["id"] == made["id"]
    assert [Client().get(f"/{path}").status_code for path in (old, new)] == [404, 200]

    stale = {"If-Match": '"stale"'}
    problem_of(client.delete(f"{url}{made['id']}/", headers=stale), 412, "precondition_failed")
    problem_of(client.post(f"{url}{made['id']}/rotate/", headers=stale), 412, "precondition_failed")
    gone = client.delete(f"{url}{made['id']}/", headers={"Idempotency-Key": "d"})
    again = client.delete(f"{url}{made['id']}/", headers={"Idempotency-Key": "d"})
    assert (gone.status_code, gone.content, again.status_code) == (204, b"", 204)
    assert again["Idempotent-Replayed"] == "true"
    problem_of(client.get(f"{url}{made['id']}/"), 404, "not_found")
    assert Client().get(f"/{new}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "required"),
        ({"scope": "everything"}, 400, "invalid_choice"),
        ({"scope": "household", "privacy": "none"}, 400, "invalid_choice"),
        ({"scope": "household", "alarm_minutes": -1}, 400, "min_value"),
        ({"scope": "household", "alarm_minutes": 2**70}, 400, "max_value"),
        ({"scope": "household", "subject": "1"}, 400, "invalid"),
        ({"scope": "household", "owner": "x"}, 400, "unknown_field"),
        ({"scope": "household", "token_hash": "x"}, 400, "unknown_field"),
        ({"scope": "child"}, 404, "not_found"),
        ({"scope": "specialist"}, 404, "not_found"),
        ({"scope": "centre", "subject": "00000000-0000-4000-8000-000000000000"}, 404, "not_found"),
    ],
)
def test_calendar_address_that_cannot_be_made_is_refused(body, status, code):
    problem_of(caller(make_family().account).post(f"{V1}/calendar-subscriptions/", body), status, code)
    assert not CalendarSubscription.objects.exists()
