"""The kinds of messages: each has a composer that turns a row's facts into words in the recipient's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """What is told; `calendar` is an iCalendar file or empty."""

    subject: str
    body: str
    calendar: str = ""


Composer = Callable[["Message"], Text]
COMPOSERS: dict[str, Composer] = {}


def composes(kind: str) -> Callable[[Composer], Composer]:
    """Make a function the composer of a kind. It is called with the recipient's language active."""

    def register(composer: Composer) -> Composer:
        COMPOSERS[kind] = composer
        return composer

    return register
