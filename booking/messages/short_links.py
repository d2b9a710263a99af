"""Links of messages: in full in a letter, short in an SMS."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from booking.models import ShortLink
from notifications.models import Message

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # no two of them look alike: some are typed from a phone into a computer
LENGTH = 12  # 59 bits
AFTER = timedelta(days=30)  # a link leads on for some time, to a page that says what became of it


def address(message: Message, path: str, *, until: datetime) -> str:
    """Return the address of a page for this message; a short one leads on for some days after `until`.

    A message that is composed again has the same short address.
    """
    base: str = settings.PUBLIC_URL.rstrip("/")
    if message.channel != Message.Channel.SMS:
        return base + path
    code = _code(f"{message.dedupe_key}:{path}")
    ShortLink.objects.get_or_create(code_digest=_digest(code), defaults={"path": path, "until": until + AFTER})
    return base + reverse("short-link", args=[code])


def page_behind(code: str, *, now: datetime) -> str | None:
    """Return the page that a short address leads to, or None for one that nobody was sent or that has ended."""
    found = ShortLink.objects.open_at(now).filter(code_digest=_digest(code.lower()))
    return found.values_list("path", flat=True).first()


def _code(of: str) -> str:
    number = int(salted_hmac("booking.short_link.code", of, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _place in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def _digest(code: str) -> str:
    return salted_hmac("booking.short_link", code, algorithm="sha256").hexdigest()
