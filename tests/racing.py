"""Doing things truly at once: in threads with a connection each, and in processes that share only the database."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import synchronize
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

from scheduler.errors import Refused

Call = Callable[[], Any]
PATIENCE = 60  # seconds until everyone has come to the start


def at_once(calls: Iterable[Call]) -> list[Any]:
    """Start all calls in the same moment, each in a thread of its own, and return their answers in order.

    A refusal is answered by its code; any other exception is raised here.
    """
    waiting = list(calls)
    start = Barrier(len(waiting), timeout=PATIENCE)
    with ThreadPoolExecutor(len(waiting)) as threads:
        return list(threads.map(lambda call: _run(start, call), waiting))


def _run(start: Barrier, call: Call) -> Any:
    try:
        connection.ensure_connection()
        start.wait()
        return answer_of(call)
    finally:
        connection.close()


def answer_of(call: Call) -> Any:
    """Return what the call answers, or the code of its refusal."""
    try:
        return call()
    except Refused as answer:
        return answer.refusal.code


def in_processes(work: Callable[..., Any], arguments: list[tuple[Any, ...]]) -> list[Any]:
    """Call `work` with each of the arguments in a new process that uses the tests' database; return the answers.

    `work` is a function of a module, so that a new process finds it; all begin when the last process has started.
    """
    spawn = multiprocessing.get_context("spawn")
    facts = (database_url(), spawn.Barrier(len(arguments)))
    with ProcessPoolExecutor(len(arguments), mp_context=spawn, initializer=_set_up, initargs=facts) as processes:
        return [each.result(PATIENCE) for each in [processes.submit(work, *those) for those in arguments]]


def database_url() -> str:
    """Return the address of the database that this test writes to."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _set_up(url: str, start: synchronize.Barrier) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")

    import django  # noqa: PLC0415  only once the environment says which database

    django.setup()
    connection.ensure_connection()
    start.wait(PATIENCE)
