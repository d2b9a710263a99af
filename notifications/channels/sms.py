"""The SMS channel: who carries short messages is a setting; nobody does unless it is set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from notifications.models import Message


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """One SMS as it is handed over. `key` is the same at every attempt, `id` leads a receipt back to the message."""

    id: str
    key: str
    number: str
    text: str
    sender: str


class Carrier(Protocol):
    """Whoever takes short messages for delivery."""

    def send(self, sms: ShortMessage) -> None:
        """Hand one over; a message under a key that was taken before is not sent again.

        Raises SmsRefusedError where trying again cannot help, SmsNotTakenError where it may.
        """


class SmsRefusedError(Exception):
    """Raised for an SMS that will never be taken: its number or its words are refused."""


class SmsNotTakenError(Exception):
    """Raised where the SMS was not taken this time: no answer, a fault there, or an account without means."""


class NoShortWordsError(Exception):
    """Raised for a message that cannot be told in an SMS, or may not."""


def is_on() -> bool:
    """Say whether this installation sends SMS at all."""
    return bool(settings.SMS_CARRIER)


def send(message: Message, *, discreet: bool = False) -> None:
    """Hand a composed message over, or raise what went wrong; a discreet one names no sender that tells anything."""
    if not is_on():
        raise NoShortWordsError("no SMS is sent from here")
    if not message.text:
        raise NoShortWordsError("it says more than an SMS can")
    if discreet and not settings.SMS_DISCREET_SENDER:
        raise NoShortWordsError("there is no sender's name that tells nothing")
    carrier = cast("Carrier", import_string(settings.SMS_CARRIER)())
    carrier.send(
        ShortMessage(
            id=str(message.pk),
            key=hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:40],
            number=message.address,
            text=message.text,
            sender=settings.SMS_DISCREET_SENDER if discreet else settings.SMS_SENDER,
        )
    )


def is_final(failure: Exception) -> bool:
    """Say whether handing the same SMS over again cannot help."""
    return isinstance(failure, SmsRefusedError)
