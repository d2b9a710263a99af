"""The command that prepares load tests: what it prints can be used at once."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.test import APIRequestFactory

from booking.domain.enrolment import enrol_child
from booking.domain.refusals import refusal_for
from booking.errors import Refused
from booking.models import Account, Enrolment, Group, Person

pytestmark = pytest.mark.django_db


def prepare(*, families: int, groups: int, places: int) -> dict[str, Any]:
    printed = StringIO()
    call_command("prepare_rush", families=families, groups=groups, places=places, stdout=printed)
    prepared: dict[str, Any] = json.loads(printed.getvalue())
    return prepared


def account_of(token: str) -> Account:
    request = APIRequestFactory().get("/", headers={"authorization": f"Bearer {token}"})
    account, _ = TokenAuthentication().authenticate(request)
    assert isinstance(account, Account)
    return account


def test_printed_families_may_take_the_printed_places() -> None:
    prepared = prepare(families=3, groups=2, places=2)
    now = timezone.now()
    group = Group.objects.get(pk=prepared["groups"][0])

    outcomes = []
    for row in prepared["children"]:
        by = account_of(row["token"])
        child = Person.objects.bookable_by(by, now.date()).get(pk=row["child"])
        try:
            outcomes.append(enrol_child(child=child, group=group, by=by, now=now).status)
        except Refused as refused:
            outcomes.append(refused.refusal.code)
    assert outcomes == ["enrolled", "enrolled", "waiting"]


def test_groups_are_open_and_do_not_clash_with_each_other() -> None:
    prepared = prepare(families=1, groups=30, places=4)
    groups = Group.objects.filter(pk__in=prepared["groups"])
    child = Person.objects.get(pk=prepared["children"][0]["child"])
    by, now = account_of(prepared["children"][0]["token"]), timezone.now()

    assert set(groups.values_list("capacity", "places_taken", "entry")) == {(4, 0, "open")}
    first, *others = groups.select_related("activity", "term__timetable")
    enrol_child(child=child, group=first, by=by, now=now)
    assert [refusal_for(child=child, group=group, now=now) for group in others] == [None] * 29


def test_second_rush_adds_to_the_first() -> None:
    first, second = prepare(families=2, groups=1, places=1), prepare(families=2, groups=1, places=1)

    assert first["groups"] != second["groups"]
    assert len({row["token"] for row in [*first["children"], *second["children"]]}) == 4
    assert Group.objects.get(pk=first["groups"][0]).activity == Group.objects.get(pk=second["groups"][0]).activity


def test_families_cannot_be_entered_with_a_password() -> None:
    prepare(families=2, groups=1, places=1)
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_preparing_400_families_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(100):
        prepare(families=400, groups=1, places=5)


def test_production_refuses_and_nothing_changes() -> None:
    with override_settings(DEMO_ALLOWED=False), pytest.raises(CommandError):
        prepare(families=1, groups=1, places=1)
    assert (Account.objects.count(), Group.objects.count(), Enrolment.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 5000, "1.5", ""])
def test_impossible_numbers_are_refused_with_a_sentence(number: str) -> None:
    with pytest.raises(CommandError, match="argument --families: must be a whole number"):
        call_command("prepare_rush", f"--families={number}", "--groups=1", "--places=1")
