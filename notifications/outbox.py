"""Writing to the outbox: in the caller's transaction, once a cause."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.kinds import BY_SMS, BySms
from notifications.models import Message

Channel = Message.Channel


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, and by which way; `address` is empty for those whom the desk calls or writes to.

    `sms` is the number to which she lets an SMS be sent, or empty.
    """

    id: uuid.UUID
    name: str
    channel: str
    address: str
    language: str
    sms: str = ""


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
                recipient_id=recipient.id,
                recipient_name=recipient.name,
                language=recipient.language,
                kind=kind,
                facts=facts,
                next_attempt_at=now,
                created_at=now,
                **way,
            )
            for recipient, facts in told.items()
            for way in _ways(recipient, kind, cause)
        ],
        ignore_conflicts=True,
    )


def _ways(recipient: Recipient, kind: str, cause: str) -> Iterator[dict[str, str]]:
    """Yield the ways to this recipient: her usual one, and an SMS in its place or beside it where she allows it."""
    key = f"{cause}:{recipient.id}"
    usual = {"dedupe_key": key, "channel": recipient.channel, "address": recipient.address}
    worth = BY_SMS.get(kind, BySms.NEVER) if recipient.sms else BySms.NEVER
    if worth != BySms.NEVER and recipient.channel == Channel.DESK:
        yield usual | {"channel": Channel.SMS, "address": recipient.sms, "desk": Message.Desk.IF_LOST}
        return
    yield usual
    if worth == BySms.BESIDE:
        yield {"dedupe_key": f"{key}:sms", "channel": Channel.SMS, "address": recipient.sms}
