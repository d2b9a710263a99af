"""The page of secret calendar addresses: shown once, exchanged, turned off, and nobody else's."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.urls import reverse

from booking.models import Account, CalendarSubscription, IdempotencyKey
from booking.models.subscription import token_hash
from tests.factories import NOW, TODAY, make_account, make_co_guardian, make_family, make_person
from tests.racing import at_once

pytestmark = pytest.mark.django_db
PAGE = "/family/calendars/"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def logged_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def choices(**facts) -> dict[str, str]:
    return {"whose": "family", "privacy": "full", "alarm": "", "form_key": str(uuid.uuid4())} | facts


def make_link(client: Client, **facts) -> str:
    """Make a calendar and return its https address."""
    answer = client.post(PAGE, choices(**facts))
    assert answer.status_code == 200
    return address_in(answer.content.decode())


def address_in(text: str) -> str:
    found = re.search(r'id="address"[^>]*>\s*(http[^<\s]+)', text) or re.search(r'value="(http[^"]+\.ics)"', text)
    assert found
    return found[1]


def token_of(address: str) -> str:
    return urlsplit(address).path.removeprefix("/calendars/").removesuffix(".ics")


def path_of(name: str) -> str:
    return reverse(name, args=[CalendarSubscription.objects.get().pk])


def test_new_address_is_shown_once_in_every_way_and_only_its_hash_is_kept():
    client = logged_in(make_family().account)
    answer = client.post(PAGE, choices())
    text = answer.content.decode()
    address = address_in(text)
    subscription = CalendarSubscription.objects.get()
    assert subscription.token_hash == token_hash(token_of(address))
    assert f'href="webcal://{address.partition("://")[2]}"' in text
    google = re.search(r'href="(https://calendar\.google\.com[^"]+)"', text)
    assert google
    assert parse_qs(urlsplit(google[1]).query)["cid"] == [f"webcal://{address.partition('://')[2]}"]
    outlook = re.search(r'href="(https://outlook\.live\.com[^"]+)"', text)
    assert outlook
    assert parse_qs(urlsplit(outlook[1].replace("&amp;", "&")).query)["url"] == [address]
    assert "data:image/svg+xml" in text
    assert "nawet dzień później" in text
    assert "no-store" in answer["Cache-Control"]
    assert token_of(address) not in client.get(PAGE).content.decode()
    kept = [*BrowserSession.objects.values_list("session_data", flat=True), *map(str, IdempotencyKey.objects.values())]
    assert not any(token_of(address) in each for each in kept)


def test_address_opens_the_calendar():
    assert Client().get(urlsplit(make_link(logged_in(make_family().account))).path).status_code == 200


def test_choices_are_kept():
    family = make_family()
    make_link(logged_in(family.account), whose=str(family.child.pk), privacy="busy", alarm="60")
    subscription = CalendarSubscription.objects.get()
    assert (subscription.scope, subscription.subject_id) == ("child", family.child.pk)
    assert (subscription.privacy, subscription.alarm_minutes, subscription.owner) == ("busy", 60, family.account)


def test_page_explains_privacy_by_an_example_and_offers_each_child():
    family = make_family(children=(7, 11))
    text = logged_in(family.account).get(PAGE).content.decode()
    older = family.children[1].given_name
    for told in (f"{older}: Robotyka, Pracownia robotyki", "Zajęte", *(child.given_name for child in family.children)):
        assert told in text


def test_adult_without_children_makes_a_calendar_of_her_own():
    make_link(logged_in(make_account(make_person())))
    assert CalendarSubscription.objects.get().scope == "household"


def test_same_form_sent_again_makes_nothing_and_says_where_to_go():
    client, form = logged_in(make_family().account), choices()
    client.post(PAGE, form)
    answer = client.post(PAGE, form, follow=True)
    assert "Ten formularz był już wysłany" in answer.content.decode()
    assert CalendarSubscription.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_calendar():
    account, form = make_family().account, choices()
    answers = at_once(partial(logged_in(account).post, PAGE, form) for _ in range(2))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert CalendarSubscription.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"whose": str(uuid.uuid4())},
        {"whose": "\x00"},
        {"privacy": "everything"},
        {"alarm": "99999999999999999999"},
        {"alarm": "x"},
        {"form_key": "x"},
        {"form_key": ""},
    ],
)
def test_wrong_choice_is_told_and_makes_nothing(wrong):
    answer = logged_in(make_family().account).post(PAGE, choices(**wrong))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not CalendarSubscription.objects.exists()


def test_calendar_of_a_child_one_may_not_see_cannot_be_made():
    family = make_family()
    for account in (make_family().account, make_co_guardian(family, contact_ban=True)):
        answer = logged_in(account).post(PAGE, choices(whose=str(family.child.pk)))
        assert answer.status_code == 422
    assert not CalendarSubscription.objects.exists()


def test_too_many_calendars_are_refused_with_the_reason():
    client = logged_in(make_family().account)
    for _ in range(20):
        make_link(client)
    answer = client.post(PAGE, choices())
    assert answer.status_code == 409
    assert CalendarSubscription.objects.count() == 20


def test_exchange_asks_first_and_then_only_the_new_address_works():
    client = logged_in(make_family().account)
    old = make_link(client)
    path = path_of("calendar-rotate")
    assert "Wymienić adres na nowy?" in client.get(path).content.decode()
    assert Client().get(urlsplit(old).path).status_code == 200
    form = {"form_key": str(uuid.uuid4())}
    new = address_in(client.post(path, form).content.decode())
    assert (Client().get(urlsplit(old).path).status_code, Client().get(urlsplit(new).path).status_code) == (404, 200)
    assert client.post(path, form).status_code == 302
    assert Client().get(urlsplit(new).path).status_code == 200, "a second click does not exchange it again"
    assert client.post(path, {}).status_code == 422


def test_turning_off_asks_first_and_may_be_repeated():
    client = logged_in(make_family().account)
    address = make_link(client)
    path = path_of("calendar-revoke")
    assert "Wyłączyć adres?" in client.get(path).content.decode()
    for _ in range(2):
        assert "Adres kalendarza jest wyłączony" in client.post(path, follow=True).content.decode()
    assert Client().get(urlsplit(address).path).status_code == 404
    assert path not in client.get(PAGE).content.decode()
    for name in ("calendar-rotate", "calendar-revoke"):
        assert client.get(path_of(name)).status_code == 302
    assert client.post(path_of("calendar-rotate"), {"form_key": str(uuid.uuid4())}).status_code == 302


def test_list_says_when_a_calendar_was_fetched_and_hides_a_child_one_may_no_longer_see():
    family = make_family()
    client = logged_in(family.account)
    make_link(client, whose=str(family.child.pk))
    assert "jeszcze nie pobrany" in client.get(PAGE).content.decode()
    CalendarSubscription.objects.update(last_read_at=NOW - timedelta(hours=1))
    text = client.get(PAGE).content.decode()
    assert "poniedziałek 16 listopada, 08:00" in text
    family.child.guardians.update(ends_on=TODAY - timedelta(days=1))
    text = client.get(PAGE).content.decode()
    assert family.child.given_name not in text
    assert "Osoba, której nie możesz już widzieć" in text


def test_anonymous_reader_is_sent_to_log_in_and_strangers_find_nothing():
    owner = make_family().account
    make_link(logged_in(owner))
    stranger = logged_in(make_family().account)
    assert Client().get(PAGE)["Location"] == f"/login/?next={PAGE}"
    for name in ("calendar-rotate", "calendar-revoke"):
        path = path_of(name)
        assert Client().post(path)["Location"] == f"/login/?next={path}"
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"form_key": str(uuid.uuid4())}).status_code == 404
    assert CalendarSubscription.objects.get().revoked_at is None


def test_list_costs_the_same_for_three_and_fifteen_calendars(django_assert_num_queries, django_assert_max_num_queries):
    client = logged_in(make_family(children=(7, 9)).account)
    for _ in range(3):
        make_link(client)
    with django_assert_max_num_queries(12) as asked:
        client.get(PAGE)
    few = len(asked)
    for _ in range(12):
        make_link(client)
    with django_assert_num_queries(few):
        client.get(PAGE)
