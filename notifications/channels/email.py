"""The e-mail channel: from a composed message to a letter, and which failures are final."""

from __future__ import annotations

import hashlib
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import Message

PERMANENT = range(500, 600)  # RFC 5321, 4.2.1: trying again will not help


class UnsendableError(Exception):
    """Raised for a letter that no server would take: its address is missing or impossible."""


def send(message: Message, mailbox: BaseEmailBackend, *, discreet: bool = False) -> None:
    """Send a composed message over an opened or fresh connection, or raise what went wrong."""
    try:
        sent = letter(message, mailbox, discreet=discreet).send()
    except ValueError as flaw:  # a header or an address that cannot be written
        raise UnsendableError(str(flaw)) from flaw
    if not sent:  # Django passes over a letter to nobody in silence
        raise UnsendableError("there is no address to send to")


def message_id(message: Message) -> str:
    """Return the Message-ID of a message: the same at every attempt, so that a letter sent twice is shown once."""
    digest = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}>"


def letter(message: Message, connection: BaseEmailBackend, *, discreet: bool = False) -> EmailMessage:
    """Return the plain-text letter, with the calendar entry attached if there is one; a discreet one names no sender.

    The entry carries no METHOD: it is information to keep, not an invitation to answer.
    """
    mail = EmailMessage(
        subject=message.subject,
        body=message.text,
        from_email=settings.DISCREET_FROM_EMAIL if discreet else None,
        to=[message.address],
        connection=connection,
        headers={
            "Message-ID": message_id(message),
            "Auto-Submitted": "auto-generated",  # RFC 3834: holiday answers stay away
            "Content-Language": message.language,
        },
    )
    if message.calendar:
        mail.attach("grafik.ics", message.calendar, "text/calendar")
    return mail


def is_final(failure: Exception) -> bool:
    """Say whether sending the same letter again cannot help: the address or the letter itself is refused."""
    match failure:
        case smtplib.SMTPRecipientsRefused():
            return all(code in PERMANENT for code, _ in failure.recipients.values())
        case smtplib.SMTPDataError():
            return failure.smtp_code in PERMANENT
        case UnsendableError():
            return True
    return False


def explain(failure: Exception) -> str:
    """Return the failure in a few words for whoever looks into it."""
    match failure:
        case smtplib.SMTPRecipientsRefused():
            return "; ".join(_answer(*answer) for answer in failure.recipients.values())
        case smtplib.SMTPResponseException():
            return _answer(failure.smtp_code, failure.smtp_error)
    return f"{type(failure).__name__}: {failure}"


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
