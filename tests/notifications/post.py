"""A real mail server for tests: it takes letters on a free port and answers as told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Post:
    """Keeps every letter it took; an address in `answers` gets that answer instead of being accepted."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.port = 0
        self.hold = threading.Event()  # cleared: letters are kept waiting until it is set
        self.hold.set()
        self.waiting = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  aiosmtpd's name
        answer = self.answers.get(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  as above
        self.waiting += 1
        await asyncio.to_thread(self.hold.wait)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


@contextmanager
def open_post() -> Iterator[Post]:
    """Run a mail server on a free port of this machine until the test ends."""
    post = Post()
    controller = _AnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        post.port = controller.port
        yield post
    finally:
        controller.stop()


class _AnyPort(Controller):
    """Lets the system choose the port, and learns it before its own first look whether the server answers."""

    server: Any

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
