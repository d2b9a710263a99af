from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from notifications import routing
from notifications.kinds import BY_SMS, COMPOSERS, BySms, NothingToTellError, Text
from notifications.models import Message
from tests.notifications.carrier import SMSAPI, TOKEN, CarrierServer, open_carrier
from tests.notifications.post import SMTP_BACKEND, Post, open_post


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """Letters go to a real server on this machine."""
    with open_post() as post:
        settings.EMAIL_BACKEND = SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 5
        yield post


@pytest.fixture
def carrier(settings) -> Iterator[CarrierServer]:
    """Short messages go through SMSAPI's own client to a real server on this machine."""
    with open_carrier() as carrier:
        settings.SMS_CARRIER, settings.SMSAPI_TOKEN, settings.SMSAPI_URL = SMSAPI, TOKEN, carrier.url
        settings.SMS_SENDER, settings.SMS_DISCREET_SENDER = "CUS", "Info"
        yield carrier


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    """Three kinds of messages that only the tests know, on the way they were queued for: their readers are nobody."""
    monkeypatch.setattr(routing, "ROUTERS", [])

    def note(message: Message, now: datetime) -> Text:
        facts = message.facts
        body, short = "Gęślą jaźń,\n– do środy.\n", facts.get("short", "Wizyta 25.11, 16:00.")
        return Text(f"Zażółć {facts['n']}", body, facts.get("calendar", ""), short=short)

    def vanished(message: Message, now: datetime) -> Text:
        raise NothingToTellError("what it was about is gone")

    def broken(message: Message, now: datetime) -> Text:
        raise RuntimeError("no words" * 100)

    for kind, composer in (("note", note), ("vanished", vanished), ("broken", broken)):
        monkeypatch.setitem(COMPOSERS, kind, composer)
        monkeypatch.setitem(BY_SMS, kind, BySms.BESIDE)
