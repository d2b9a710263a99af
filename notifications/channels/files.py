"""Letters and short messages as files: what an installation without a mail server and a carrier sends, the demo's."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from notifications.channels.sms import ShortMessage

_numbers = itertools.count(1)


class EmailBackend(BaseEmailBackend):
    """Writes each letter to a file of its own in MAIL_DIR, newest last by name."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the letters and return how many; a file appears only when it is whole."""
        for mail in email_messages:
            _write(mail.message().as_bytes(linesep="\r\n"), "eml")  # type: ignore[call-arg]  # known to Django's own class of messages
        return len(email_messages)


class SmsFiles:
    """Writes each short message to a file of its own beside the letters."""

    def send(self, sms: ShortMessage) -> None:
        """Write it down with its sender and its number above the text."""
        _write(f"SMS\nFrom: {sms.sender}\nTo: {sms.number}\n\n{sms.text}\n".encode(), "sms.txt")


def _write(content: bytes, ending: str) -> None:
    """Write one file; it appears only when it is whole."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{timezone.localtime():%Y-%m-%d-%H%M%S}-{os.getpid()}-{next(_numbers):04d}.{ending}"
    draft = folder / f".{name}"
    draft.write_bytes(content)
    draft.rename(folder / name)
