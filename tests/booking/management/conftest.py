"""The demo, loaded once a module and rolled back after it; tests that ask for it only read."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.test import override_settings

from booking.models import Account, Person

Cards = dict[str, dict[str, Any]]

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 12, tzinfo=ZoneInfo("Europe/Warsaw"))


@pytest.fixture(scope="module")
def demo(kept_rows: None, tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """Give the account cards of a loaded demo by key."""
    return load(tmp_path_factory.mktemp("demo"))


def load(folder: Path, *arguments: str) -> Cards:
    """Run the command as it stands on TODAY and return the cards it wrote."""
    with override_settings(DATA_DIR=folder):
        call_command("demo", f"--today={TODAY}", *arguments, verbosity=0)
    return cards(folder)


def cards(folder: Path) -> Cards:
    """Return the written account cards by key."""
    return {card["key"]: card for card in json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))}


def account(card: dict[str, Any]) -> Account:
    return Account.objects.get(email=card["login"])


def person(name: str) -> Person:
    given_name, family_name = name.split()
    return Person.objects.get(given_name=given_name, family_name=family_name)
