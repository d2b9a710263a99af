"""Delivery: claims one message after another, composes it, sends it, and notes what became of it.

Any number of workers may do this on any number of machines. A claim is a lease: if its worker dies, another one
takes the message when the lease has run out, and sends it under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils import translation

from notifications.channels import email, sms
from notifications.kinds import COMPOSERS, NothingToTellError
from notifications.models import Message, MessageQuerySet
from notifications.receipts import ask_desk
from notifications.routing import Route, route_of

logger = logging.getLogger(__name__)

State, Channel = Message.State, Message.Channel
LEASE = timedelta(minutes=10)
# How long to wait after the first, second, … failure; after the last one the message has failed.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
MOST_ATTEMPTS = len(PAUSES) + 1
# An SMS is not waited for long: where it cannot be sent soon, the desk still has time to call.
MOST_ATTEMPTS_BY_SMS = 4
ERROR_LENGTH = Message._meta.get_field("error").max_length  # noqa: SLF001  Django's documented way to a field
SUBJECT_LENGTH = Message._meta.get_field("subject").max_length  # noqa: SLF001  as above


def claim_next(*, now: datetime, resting: Collection[str] = ()) -> Message | None:
    """Take the message that has waited longest and return it, leased to the caller, or None if nothing is due.

    Messages of a channel that is `resting` are left for later.

    Two callers never get the same message: PostgreSQL skips rows that somebody else is taking, SQLite lets one writer
    in at a time, and the change itself asks once more whether the message is still due.
    """
    due = Message.objects.due(now).exclude(channel__in=resting) if resting else Message.objects.due(now)
    if not due.exists():  # asked without a lock: an idle worker is in nobody's way
        return None
    with transaction.atomic():
        skips = connection.features.has_select_for_update_skip_locked
        waiting = due.select_for_update(skip_locked=True) if skips else due
        message = waiting.order_by("next_attempt_at", "pk").first()
        if message is None:
            return None
        taken = due.filter(pk=message.pk).update(
            state=State.SENDING, lease_until=now + LEASE, attempts=message.attempts + 1
        )
        message.refresh_from_db()
        return message if taken else None


def deliver_next(*, mailbox: BaseEmailBackend, now: datetime, resting: set[str]) -> bool:
    """Claim and deliver one message; False if nothing is due. No transaction is open while composing and sending.

    A carrier that took no SMS is put among the `resting` channels, so that nobody's letter waits for it time and again.
    """
    message = claim_next(now=now, resting=resting)
    if message is None:
        return False
    try:
        if message.attempts > MOST_ATTEMPTS:
            _give_up(message, "every worker that tried to send it died", now)
        elif (route := route_of(message, now)).not_before is not None and route.not_before > now:
            _settle(message, state=State.QUEUED, next_attempt_at=route.not_before, attempts=message.attempts - 1)
        else:
            _compose(message, route, now)
            _send(message, mailbox, now, discreet=route.reword is not None)
    except NothingToTellError as reason:
        _settle(message, state=State.SUPPRESSED, error=str(reason))
    except sms.NoShortWordsError as reason:
        if not ask_desk(_still_ours(message), now=now, why=str(reason)):
            _settle(message, state=State.SUPPRESSED, error=str(reason))
    except Exception as failure:  # noqa: BLE001  whatever is wrong with one message must not stop the others
        mailbox.close()  # a connection that failed is opened anew for the next letter
        resting.update(_resting_after(failure))
        _note_failure(message, failure, now)
    return True


def deliver_due(*, clock: Callable[[], datetime], most: int = 100, until: Callable[[], bool] = lambda: False) -> int:
    """Deliver up to `most` messages over one connection to the mail server and return how many were taken.

    Before each message `clock` is asked for the present moment, and `until` whether to stop.
    """
    mailbox = get_connection()
    count, resting = 0, set[str]()
    try:
        while count < most and not until() and deliver_next(mailbox=mailbox, now=clock(), resting=resting):
            count += 1
    finally:
        mailbox.close()
    return count


def _compose(message: Message, route: Route, now: datetime) -> None:
    """Turn the facts into words in the recipient's language and keep them, so that what was said can be shown."""
    if route.channel == Channel.SMS != message.channel:
        message.desk = Message.Desk.IF_LOST  # it is the only way now
    message.channel, message.address = route.channel, route.address  # a letter on paper says other things
    with translation.override(message.language):
        text = COMPOSERS[message.kind](message, now)
        text = route.reword(text) if route.reword else text
    by_sms = message.channel == Channel.SMS
    message.subject = " ".join(text.subject.split())[:SUBJECT_LENGTH]
    message.text, message.calendar = (text.short, "") if by_sms else (text.body, text.calendar)
    _still_ours(message).update(
        channel=message.channel,
        desk=message.desk,
        address=message.address,
        subject=message.subject,
        text=message.text,
        calendar=message.calendar,
    )


def _send(message: Message, mailbox: BaseEmailBackend, now: datetime, *, discreet: bool) -> None:
    if message.channel == Channel.DESK:
        _settle(message, state=State.AT_DESK, error=message.error)  # why an SMS did not tell it
        return
    if message.channel == Channel.SMS:
        sms.send(message, discreet=discreet)
        _settle(message, state=State.SENT, sent_at=now)
        ask_desk(Message.objects.filter(pk=message.pk, receipt=Message.Receipt.UNDELIVERED), now=now)  # it was quicker
        return
    mailbox.open()
    email.send(message, mailbox, discreet=discreet)
    _settle(message, state=State.SENT, sent_at=now)


def _resting_after(failure: Exception) -> set[str]:
    """Return the channels that are not to be tried again at once."""
    return {Channel.SMS} if isinstance(failure, sms.SmsNotTakenError) else set()


def _note_failure(message: Message, failure: Exception, now: datetime) -> None:
    error = email.explain(failure)
    most = MOST_ATTEMPTS_BY_SMS if message.channel == Channel.SMS else MOST_ATTEMPTS
    if email.is_final(failure) or sms.is_final(failure) or message.attempts >= most:
        _give_up(message, error, now)
    else:
        _settle(message, state=State.QUEUED, error=error, next_attempt_at=now + PAUSES[message.attempts - 1])


def _give_up(message: Message, error: str, now: datetime) -> None:
    """Let the desk tell it if nobody else does; otherwise it has failed, with the reason kept."""
    if not ask_desk(_still_ours(message), now=now, why=error[:ERROR_LENGTH], lost=True):
        _settle(message, state=State.FAILED, error=error)


def _settle(message: Message, *, state: str, error: str = "", **changes: datetime | int) -> None:
    """Give the lease back with what became of the message; kind and id are all that the log learns."""
    kept = _still_ours(message).update(state=state, lease_until=None, error=error[:ERROR_LENGTH], **changes)
    logger.info("%s %s %s", state if kept else "taken over by another worker:", message.kind, message.pk)


def _still_ours(message: Message) -> MessageQuerySet:
    """Return the row if no other worker has taken it since: each claim counts one attempt more."""
    return Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)
