"""The kinds of messages: each has a composer that turns a row's facts into words in the recipient's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """What is told; `calendar` is an iCalendar file or empty.

    `discreet` is the one line that may be said to somebody to whom nothing may be named: a time, say, or nothing.
    `short` is all that an SMS says, or empty where an SMS would say too little.
    """

    subject: str
    body: str
    calendar: str = ""
    discreet: str = ""
    short: str = ""


class BySms(Enum):
    """Whether a kind is worth an SMS to those who allow it.

    `INSTEAD`: in place of what the desk would have to tell. `BESIDE`: so, and beside an e-mail too, for it is read
    too late or forgotten otherwise.
    """

    NEVER = "never"
    INSTEAD = "instead"
    BESIDE = "beside"


class NothingToTellError(Exception):
    """Raised by a composer whose message has lost its subject or its reader; the reason is kept, nothing is sent."""


Composer = Callable[["Message", datetime], Text]
COMPOSERS: dict[str, Composer] = {}
BY_SMS: dict[str, BySms] = {}


def composes(kind: str, *, sms: BySms = BySms.NEVER) -> Callable[[Composer], Composer]:
    """Make a function the composer of a kind, and say whether the kind is worth an SMS.

    It is called with the message and the present moment while the recipient's language is active, and may raise
    NothingToTellError.
    """

    def register(composer: Composer) -> Composer:
        COMPOSERS[kind] = composer
        BY_SMS[kind] = sms
        return composer

    return register
