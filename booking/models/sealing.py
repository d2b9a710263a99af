"""Sealing of what a stolen database must not tell: encrypted to be read again, digested to be found again."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """Return `text` encrypted with the first of the settings' IDENTITY_KEYS."""
    return _sealer().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed with any of the keys. Raises cryptography.fernet.InvalidToken where none fits."""
    return _sealer().decrypt(sealed.encode()).decode()


def digest(text: str) -> str:
    """Return what the same text is found by: its keyed hash under the first key."""
    return _digest(settings.IDENTITY_KEYS[0], text)


def digests(text: str) -> list[str]:
    """Return the keyed hashes under every key, so that rows not yet sealed anew are found too."""
    return [_digest(key, text) for key in settings.IDENTITY_KEYS]


def _sealer() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.IDENTITY_KEYS])


def _digest(key: str, text: str) -> str:
    return hmac.new(b"identity " + key.encode(), text.encode(), hashlib.sha256).hexdigest()
