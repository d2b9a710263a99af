"""Letters as files that a mail program opens: what an installation without a mail server, such as the demo, sends."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

_numbers = itertools.count(1)


class EmailBackend(BaseEmailBackend):
    """Writes each letter to a file of its own in MAIL_DIR, newest last by name."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the letters and return how many; a file appears only when it is whole."""
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            name = f"{timezone.localtime():%Y-%m-%d-%H%M%S}-{os.getpid()}-{next(_numbers):04d}.eml"
            draft = folder / f".{name}"
            draft.write_bytes(mail.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg]  # known to Django's own class of messages
            draft.rename(folder / name)
        return len(email_messages)
