from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from notifications.kinds import COMPOSERS, NothingToTellError, Text
from notifications.models import Message
from tests.notifications.post import SMTP_BACKEND, Post, open_post


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """Letters go to a real server on this machine."""
    with open_post() as post:
        settings.EMAIL_BACKEND = SMTP_BACKEND
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", post.port, 5
        yield post


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    """Three kinds of messages that only the tests know."""

    def note(message: Message, now: datetime) -> Text:
        return Text(f"Zażółć {message.facts['n']}", "Gęślą jaźń,\n– do środy.\n", message.facts.get("calendar", ""))

    def vanished(message: Message, now: datetime) -> Text:
        raise NothingToTellError("what it was about is gone")

    def broken(message: Message, now: datetime) -> Text:
        raise RuntimeError("no words" * 100)

    for kind, composer in (("note", note), ("vanished", vanished), ("broken", broken)):
        monkeypatch.setitem(COMPOSERS, kind, composer)
