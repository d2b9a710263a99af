"""The databases that one run of the tests or the benchmarks goes over."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from tests.tooling.postgres import PostgresUnavailableError, private_postgres


@contextmanager
def postgres() -> Iterator[tuple[str | None, str]]:
    """Give the address of a PostgreSQL, or None and the reason why there is none.

    TEST_DATABASE_URL names one that runs already; otherwise a private one is started, and stopped afterwards.
    """
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield given, ""
        return
    with ExitStack() as stack:
        answer: tuple[str | None, str]
        try:
            answer = stack.enter_context(private_postgres()), ""
        except PostgresUnavailableError as reason:
            answer = None, str(reason)
        yield answer


def leave_in_order_when_ended() -> None:
    """Turn a request to end into an exit, so that what was started is stopped on the way out."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
