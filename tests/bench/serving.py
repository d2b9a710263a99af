"""The web server as an installation runs it, in processes of its own, and many clients that ask it at once."""

from __future__ import annotations

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, local
from typing import Any, NamedTuple

from tests.racing import database_url

PATIENCE = 60.0
ROOT = Path(__file__).parents[2]


class Ask(NamedTuple):
    """One family's request for a place."""

    token: str
    child: str
    group: str
    key: str = ""


class Said(NamedTuple):
    """What was answered, or status 0 for no answer, and how many milliseconds it took."""

    status: int
    body: dict[str, Any]
    milliseconds: float


class Server:
    """gunicorn as the README starts it, with its two workers, on the database of the benchmark or test."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATA_DIR": folder,
        }
        command = [
            *(sys.executable, "-m", "gunicorn", "--config", "python:config.serving", "config.wsgi"),
            *("--bind", f"127.0.0.1:{self.port}", "--log-level", "error", "--no-control-socket"),
        ]
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            try:
                connection.request("GET", "/api/v1/centres/", headers={"Host": "localhost"})
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass  # not yet
            finally:
                connection.close()
            time.sleep(0.2)
        self.kill()
        raise TimeoutError("the server did not start")

    def kill(self) -> None:
        """End all its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in order."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(PATIENCE)


@contextmanager
def served() -> Iterator[Server]:
    """Run a server for a while."""
    with TemporaryDirectory(prefix="grafik-bench-") as folder:
        server = Server(folder)
        try:
            yield server
        finally:
            server.stop()


def ask_all(
    port: int, asks: Iterable[Ask], *, clients: int, after: int = 0, then: Callable[[], None] = lambda: None
) -> tuple[list[Said], float]:
    """Send every request over that many kept connections; return the answers in order and the seconds it all took.

    Once `after` of them are answered, `then` is called in the middle of the others.
    """
    waiting = list(asks)
    answered = itertools.count(1)
    mine = local()
    start = Barrier(clients + 1, timeout=PATIENCE)

    def ready() -> None:
        start.wait()

    def send(one: Ask) -> Said:
        connection = getattr(mine, "connection", None) or HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        mine.connection = connection
        try:
            said = _send(connection, one)
            if next(answered) == after:
                then()
            return said  # noqa: TRY300  what fails is the sending
        except (OSError, HTTPException, ValueError):
            connection.close()
            return Said(0, {}, 0.0)

    with ThreadPoolExecutor(clients, initializer=ready) as threads:
        answers = [threads.submit(send, one) for one in waiting]
        start.wait()
        began = time.perf_counter()
        said = [answer.result() for answer in answers]
        return said, time.perf_counter() - began


def _send(connection: HTTPConnection, one: Ask) -> Said:
    headers = {"Host": "localhost", "Content-Type": "application/json", "Authorization": f"Bearer {one.token}"}
    if one.key:
        headers["Idempotency-Key"] = one.key
    began = time.perf_counter()
    connection.request("POST", "/api/v1/enrolments/", json.dumps({"child": one.child, "group": one.group}), headers)
    answer = connection.getresponse()
    body = json.loads(answer.read())
    return Said(answer.status, body, (time.perf_counter() - began) * 1000)
