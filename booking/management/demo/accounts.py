"""Who can log in to the demo, with which password and token, and the file and table that say so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils.crypto import salted_hmac
from knox.crypto import hash_token
from knox.settings import CONSTANTS

from booking.management.demo.shapes import demo_id
from booking.models import Account, ApiToken, Person

PASSWORD = "grafik-demo"  # noqa: S105  printed for everyone who starts the demo
TOKEN_PREFIX = "demo_"  # noqa: S105  what a token of the demo begins with
TOKEN_DAYS = 365


@dataclass(frozen=True, slots=True)
class AccountCard:
    """What a visitor of the demo needs to be somebody; without a login the person has no account."""

    key: str
    name: str
    centre: str | None
    login: str | None = None
    password: str | None = None
    api_token: str | None = None


def card(key: str, *, name: str, centre: str | None, login: str | None) -> AccountCard:
    """Return the card of an account; its token depends on the installation's secret and is the same in every load."""
    if login is None:
        return AccountCard(key, name, centre)
    return AccountCard(key, name, centre, login, PASSWORD, demo_token(f"{centre}/{key}"))


def demo_token(name: str) -> str:
    """Return the token that belongs to a name."""
    return TOKEN_PREFIX + salted_hmac("grafik.demo.token", name, algorithm="sha256").hexdigest()


def store_accounts(people: Iterable[Person]) -> dict[str, Account]:
    """Give an account to each person who has e-mail, and return the accounts by login.

    They are entered with a code sent by e-mail until they are given a password.
    """
    accounts = [
        Account(
            id=demo_id("account", person.email),
            email=person.email,
            person=person,
            language=person.language,
            password=make_password(None),
        )
        for person in people
        if person.email
    ]
    Account.objects.bulk_create(accounts)
    return {str(account.email): account for account in accounts}


def hand_out(cards: Iterable[AccountCard], accounts: Mapping[str, Account], *, now: datetime) -> None:
    """Give the accounts of the cards their password and their token, which ends a year after `now`."""
    named = [(each, accounts[each.login]) for each in cards if each.login]
    Account.objects.filter(pk__in=[account.pk for _, account in named]).update(password=make_password(PASSWORD))
    store_tokens(((account, each.api_token or "") for each, account in named), expiry=now + timedelta(days=TOKEN_DAYS))


def store_tokens(tokens: Iterable[tuple[Account, str]], *, expiry: datetime) -> None:
    """Store the hashes of tokens in one insert."""
    ApiToken.objects.bulk_create(
        ApiToken(
            user=account,
            digest=hash_token(token),
            token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH],
            expiry=expiry,
            name="demo",
        )
        for account, token in tokens
    )


def write_cards(cards: Iterable[AccountCard], path: Path) -> None:
    """Write the cards as JSON for scripts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(each) for each in cards], ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def table(cards: Iterable[AccountCard]) -> str:
    """Return the cards as lines of text for people."""
    rows = [("centre", "as", "name", "login", "password")]
    rows += [(each.centre or "–", each.key, each.name, each.login or "–", each.password or "–") for each in cards]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
