"""One request, one effect: the answer to a write is kept with its key in the transaction of the effect."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import IntegrityError, transaction

from booking.domain.retention import ANSWERS_KEPT
from booking.errors import Refused, refusal
from booking.models import Account, IdempotencyKey


class Answer(NamedTuple):
    """What a write answered: an HTTP status, a JSON body (None for none) and the address of what was made."""

    status: int
    body: Any = None
    location: str = ""


class _Known(Exception):  # noqa: N818  not an error: the key was used before
    """Ends the transaction of a request whose key is known already."""


def answer_once(
    *, account: Account, key: str, fingerprint: str, effect: Callable[[], Answer], now: datetime
) -> tuple[Answer, bool]:
    """Return the answer of `effect` and whether it is the repeated one of an earlier call with the same key.

    The key's row is inserted before the effect and becomes visible with it. So a second request with the same key
    waits for the first (PostgreSQL at the unique index, SQLite at its one writer) and then repeats its answer, and an
    effect that fails takes the row with it. What `effect` returns is kept, a refusal too: a request that arrives twice
    must not be refused once and granted the second time behind the caller's back. Whoever wants to try again uses a new
    key. What it raises is not kept. Raises Refused (`idempotency_key_reused`, `idempotency_answer_lost`).
    """
    mine = IdempotencyKey(account=account, key=key, fingerprint=fingerprint, status=0, answer="", created_at=now)
    try:
        return _first_time(mine, effect), False
    except _Known:
        first = IdempotencyKey.objects.filter(account=account, key=key).first()
    if first is not None and first.created_at >= now - ANSWERS_KEPT:
        return _first_answer(first, fingerprint), True
    if first is not None:  # too old; deleted by its id, never what somebody else has put there meanwhile
        IdempotencyKey.objects.filter(pk=first.pk).delete()
    return answer_once(account=account, key=key, fingerprint=fingerprint, effect=effect, now=now)


@transaction.atomic
def _first_time(mine: IdempotencyKey, effect: Callable[[], Answer]) -> Answer:
    try:
        mine.save(force_insert=True)
    except IntegrityError as failure:
        raise _Known from failure
    answer = effect()
    mine.status = answer.status
    mine.answer = _sealer().encrypt(json.dumps([answer.body, answer.location]).encode()).decode()
    mine.save(update_fields=["status", "answer"])
    return answer


def _first_answer(row: IdempotencyKey, fingerprint: str) -> Answer:
    if row.fingerprint != fingerprint:
        raise Refused(refusal("idempotency_key_reused"))
    try:
        body, location = json.loads(_sealer().decrypt(row.answer.encode()))
    except (InvalidToken, AttributeError) as failure:
        raise Refused(refusal("idempotency_answer_lost")) from failure
    return Answer(row.status, body, location)


def _sealer() -> MultiFernet:
    """Return what answers are encrypted with: the secret of a new calendar address must not lie open in a table."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(b"kept answers " + str(secret).encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
