"""The command that loads the demo: the file it writes, loading twice, starting anew, and refusing."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.test import APIRequestFactory

from booking.models import Account, ApiToken, Centre, Group, Person
from notifications.models import Message
from scheduler.models import SchoolBreak
from tests.booking.management.conftest import Cards, account, cards, load

pytestmark = pytest.mark.django_db

KLOBUCK_KEYS = {
    "parent", "parent_two", "co_parent", "barred_guardian", "phone_only", "psychotherapist", "psychiatrist",
    "budget_trainer", "robotics_instructor", "educator", "organiser", "coordinator", "director", "ngo", "auditor",
    "dpo", "volunteer",
}  # fmt: skip
BOJSZOWY_KEYS = {"organiser_b", "parent_b", "ngo_b", "coordinator_b"}
APPS = ("booking", "scheduler", "notifications", "schedule")
DIFFERENT_EACH_TIME = {
    "updated_at",
    "created_at",
    "created",
    "created_on",
    "updated_on",
    "password",
    "expiry",
    "pesel_sealed",
}


def all_rows() -> dict[str, list[dict[str, object]]]:
    """Return everything that is stored, except moments of storing, salted hashes and seals."""
    found = {}
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            names = [field.attname for field in model._meta.concrete_fields]
            stable = [name for name in names if name not in DIFFERENT_EACH_TIME]
            found[model._meta.label] = list(model._base_manager.order_by("pk").values(*stable))
    return found


def test_file_has_the_accounts_that_scripts_lean_on(demo: Cards) -> None:
    assert {key for key, card in demo.items() if card["centre"] == "demo-klobuck"} >= KLOBUCK_KEYS
    assert {key for key, card in demo.items() if card["centre"] == "demo-bojszowy"} >= BOJSZOWY_KEYS
    for card in demo.values():
        assert set(card) == {"key", "name", "centre", "login", "password", "api_token"}


def test_passwords_and_tokens_of_the_file_work(demo: Cards) -> None:
    for key, card in demo.items():
        if card["login"] is None:
            continue
        request = APIRequestFactory().get("/", headers={"authorization": f"Bearer {card['api_token']}"})
        by_token, token = TokenAuthentication().authenticate(request)
        assert "demo" in card["api_token"]
        assert by_token == account(card) == authenticate(email=card["login"], password=card["password"]), key
        assert timezone.now() + timedelta(days=300) < token.expiry <= timezone.now() + timedelta(days=365)


def test_other_guardians_have_accounts_without_a_password(demo: Cards) -> None:
    others = Account.objects.exclude(email__in=[card["login"] for card in demo.values() if card["login"]])
    assert others.exists()
    assert not any(each.has_usable_password() for each in others)


def test_second_run_keeps_what_people_changed(tmp_path: Path) -> None:
    first = load(tmp_path)
    Centre.objects.filter(slug="demo-klobuck").update(name="Zmienione")
    before = all_rows()
    tokens = set(ApiToken.objects.values_list("digest", flat=True))

    (tmp_path / "demo-accounts.json").unlink()
    assert load(tmp_path) == first
    assert all_rows() == before
    assert set(ApiToken.objects.values_list("digest", flat=True)) == tokens


def test_reset_on_the_same_day_gives_the_same_rows(tmp_path: Path) -> None:
    first, before = load(tmp_path, "--reset"), all_rows()
    school_breaks = SchoolBreak.objects.count()
    Person.objects.filter(guardians__isnull=False).update(given_name="Ktoś")
    Group.objects.update(places_taken=0)
    Message.objects.create(
        dedupe_key="x", recipient_id=uuid4(), channel="desk", language="pl", kind="x",
        next_attempt_at=timezone.now(), created_at=timezone.now(),
    )  # fmt: skip

    assert load(tmp_path, "--reset") == first
    assert all_rows() == before
    assert SchoolBreak.objects.count() == school_breaks


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_production_refuses_and_nothing_changes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    Account.objects.create_user("kept@example.org")
    before = all_rows()

    with override_settings(DEMO_ALLOWED=False), pytest.raises(CommandError):
        load(tmp_path, *arguments)
    assert all_rows() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "yesterday", "2026-02-30"])
def test_impossible_days_are_refused_with_a_sentence(day: str) -> None:
    with pytest.raises(CommandError, match="argument --today: must"):
        call_command("demo", f"--today={day}")


def test_logins_are_printed_as_a_table(tmp_path: Path) -> None:
    printed = StringIO()
    with override_settings(DATA_DIR=tmp_path):
        call_command("demo", "--today=2026-07-15", stdout=printed)

    lines = printed.getvalue().splitlines()
    assert lines[0].split() == ["centre", "as", "name", "login", "password"]
    assert len(lines) == 1 + len(cards(tmp_path))
    assert "marta.zawada@example.org" in printed.getvalue()
    assert "demo_" not in printed.getvalue()
