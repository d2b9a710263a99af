"""The kinds of messages: each has a composer that turns a row's facts into words in the recipient's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """What is told; `calendar` is an iCalendar file or empty.

    `discreet` is the one line that may be said to somebody to whom nothing may be named: a time, say, or nothing.
    """

    subject: str
    body: str
    calendar: str = ""
    discreet: str = ""


class NothingToTellError(Exception):
    """Raised by a composer whose message has lost its subject or its reader; the reason is kept, nothing is sent."""


Composer = Callable[["Message", datetime], Text]
COMPOSERS: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Make a function the composer of a kind.

    It is called with the message and the present moment while the recipient's language is active, and may raise
    NothingToTellError.
    """

    def register(composer: Composer) -> Composer:
        COMPOSERS[kind] = composer
        return composer

    return register
