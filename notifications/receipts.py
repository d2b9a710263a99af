"""What becomes of an SMS after it was taken: receipts, and handing over to the desk what did not arrive."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from notifications.models import Message, MessageQuerySet

State, Channel, Desk = Message.State, Message.Channel, Message.Desk


@transaction.atomic
def note_receipt(*, message_id: uuid.UUID | str, receipt: Message.Receipt, now: datetime) -> bool:
    """Note what the carrier says of an SMS; repeating it changes nothing. False for a message nobody knows.

    What will not arrive and nobody else tells goes to the desk at once. What arrived after all is told.
    """
    found = Message.objects.select_for_update().filter(pk=message_id)
    message = found.first()
    if message is None:
        return False
    if receipt == Message.Receipt.NONE or message.receipt == Message.Receipt.DELIVERED:
        return True
    Message.objects.filter(pk=message_id).update(receipt=receipt, receipt_at=now)
    if receipt == Message.Receipt.DELIVERED:
        waiting = Message.objects.filter(pk=message_id, state=State.AT_DESK, desk=Desk.ASKED)
        waiting.update(state=State.SENT, channel=Channel.SMS, sent_at=now)
    else:
        ask_desk(Message.objects.filter(pk=message_id, state=State.SENT), now=now)
    return True


def ask_desk(messages: MessageQuerySet, *, now: datetime, why: str = "", lost: bool = False) -> int:
    """Let the desk tell those of these SMS that nobody else tells; return how many.

    `lost` says that it is known that they did not arrive. They are composed anew, for what is said on the phone or by
    letter is more than an SMS says.
    """
    waiting = messages.filter(channel=Channel.SMS, desk=Desk.IF_LOST)
    facts = {"receipt": Message.Receipt.UNDELIVERED, "receipt_at": now} if lost else {}
    return waiting.update(
        **facts,
        channel=Channel.DESK,
        desk=Desk.ASKED,
        state=State.QUEUED,
        attempts=0,
        next_attempt_at=now,
        lease_until=None,
        sent_at=None,
        error=why,
    )
