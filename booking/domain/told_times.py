"""When what a message is about begins: what makes telling it urgent."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from booking.models import Appointment
from notifications.models import Message
from scheduler.models import Session


def starts_of(messages: Iterable[Message]) -> dict[uuid.UUID, datetime]:
    """Return by message when a family would set out: at the hour they know of, or at the new one if that is sooner.

    Messages that are about no hour are left out. In at most two queries.
    """
    told = list(messages)
    sessions = _starts(Session, {key for message in told if (key := message.facts.get("session"))})
    visits = _starts(Appointment, {key for message in told if (key := message.facts.get("visit"))})
    known = sessions | visits
    found = {message.pk: sorted(_moments(message, known)) for message in told}
    return {key: moments[0] for key, moments in found.items() if moments}


def _starts(model: type[Session | Appointment], ids: set[str]) -> dict[str, datetime]:
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", "starts_at")  # noqa: SLF001  Django's documented way
    return {str(pk): starts_at for pk, starts_at in rows}


def _moments(message: Message, known: dict[str, datetime]) -> Iterator[datetime]:
    facts = message.facts
    for key in ("session", "visit"):
        if facts.get(key) in known:
            yield known[facts[key]]
    for told in (facts, *facts.get("changes", ())):
        before = (told.get("was") or {}).get("starts_at")
        if before:
            yield datetime.fromisoformat(before)
