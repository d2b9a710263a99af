"""Writing to the outbox: in the caller's transaction, once a cause."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, and by which way; `address` is empty for those whom the desk calls or writes to."""

    id: uuid.UUID
    name: str
    channel: str
    address: str
    language: str


def enqueue(*, recipients: Iterable[Recipient], kind: str, facts: dict[str, Any], cause: str, now: datetime) -> None:
    """Queue one message a recipient, in one insert; a cause that was told before is not told again.

    `kind` names a composer of `notifications.kinds`; `facts` is plain JSON that the composer reads when the message
    is sent; `cause` names what happened, such as `session-cancelled:<id>:<sequence>`.
    """
    enqueue_each(dict.fromkeys(recipients, facts), kind=kind, cause=cause, now=now)


def enqueue_each(told: Mapping[Recipient, dict[str, Any]], *, kind: str, cause: str, now: datetime) -> None:
    """Queue one message a recipient, each with facts of its own, in one insert; otherwise as `enqueue`."""
    Message.objects.bulk_create(
        [
            Message(
                dedupe_key=f"{cause}:{recipient.id}",
                recipient_id=recipient.id,
                recipient_name=recipient.name,
                channel=recipient.channel,
                address=recipient.address,
                language=recipient.language,
                kind=kind,
                facts=facts,
                next_attempt_at=now,
                created_at=now,
            )
            for recipient, facts in told.items()
        ],
        ignore_conflicts=True,
    )
