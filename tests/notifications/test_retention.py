from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import Message
from notifications.retention import erase_old_texts

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
TELLING = {"subject": "s", "text": "t", "calendar": "c", "address": "a", "recipient_name": "n", "facts": {"n": 1}}


def make_message(*, state: str, age: timedelta) -> Message:
    moment = NOW - age
    return Message.objects.create(
        dedupe_key=str(uuid.uuid4()),
        recipient_id=uuid.uuid4(),
        channel="email",
        language="pl",
        kind="note",
        state=state,
        next_attempt_at=moment,
        created_at=moment,
        sent_at=moment if state == "sent" else None,
        **TELLING,
    )


def test_texts_older_than_a_year_are_erased_and_the_proof_stays():
    old = [make_message(state=state, age=timedelta(days=366)) for state in ("sent", "failed", "suppressed", "at_desk")]
    kept = [make_message(state="sent", age=timedelta(days=364)), make_message(state="queued", age=timedelta(days=366))]

    assert erase_old_texts(now=NOW) == len(old)
    assert erase_old_texts(now=NOW) == 0

    for message in old:
        erased = Message.objects.get(pk=message.pk)
        assert {key: getattr(erased, key) for key in TELLING} == dict.fromkeys(TELLING, "") | {"facts": {}}
        assert (erased.recipient_id, erased.kind, erased.state) == (message.recipient_id, "note", message.state)
    for message in kept:
        assert Message.objects.get(pk=message.pk).text == "t"
