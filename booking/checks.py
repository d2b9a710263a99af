"""System checks: the keys that personal numbers are sealed with."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def check_identity_keys(**_: Any) -> list[CheckMessage]:
    """Refuse to start without keys for personal numbers, or with a key that is none."""
    if settings.IDENTITY_KEYS and all(_is_key(key) for key in settings.IDENTITY_KEYS):
        return []
    return [
        Error(
            "IDENTITY_KEYS must hold at least one key, each of 32 random bytes in URL-safe base64.",
            hint="Make one with: python manage.py make_identity_key. The first seals, all of them open.",
            id="booking.E001",
        )
    ]


def _is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True
