"""The demo: prepares the data, runs web server and worker side by side, and stops both together."""

from __future__ import annotations

import argparse
import io
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from types import FrameType

import django
from django.core.management import call_command
from django.db import connections

READY_SECONDS = 60
STOP_SECONDS = 10
LOOK_SECONDS = 0.2
Programs = dict[str, subprocess.Popen[bytes]]


def main() -> int:
    """Serve the demo until Ctrl-C; return 1 when it cannot start or one of its two programs ends by itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--data-dir", type=Path, default=Path("var"))
    parser.add_argument("--reset", action="store_true", help="throw the data away first")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell without job control starts us deaf to Ctrl-C
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return _serve(port=arguments.port, data_dir=arguments.data_dir.resolve(), reset=arguments.reset)
    except KeyboardInterrupt:
        return 0


def _serve(*, port: int, data_dir: Path, reset: bool) -> int:
    if _is_taken(port):
        print(f"Port {port} is in use. Choose another one: make demo PORT={port + 1}", file=sys.stderr)
        return 1
    address = f"http://127.0.0.1:{port}"
    _surround(address=address, data_dir=data_dir)
    logins = _prepare(data_dir=data_dir, reset=reset)
    with _running(_commands(port)) as programs:
        if not _answers(address, programs):
            print(f"{address} does not answer as it should.", file=sys.stderr)
            return 1
        print(f"\n{logins}\nMessages are delivered to {data_dir / 'mail'}.")
        print("Ctrl-C stops the demo, the next start keeps its data, make demo-reset starts anew.")
        print(f"Ready: {address}", flush=True)
        ended = _wait(programs)
    if ended:
        print(f"The {ended} ended by itself, so the demo stops.", file=sys.stderr)
    return 1 if ended else 0


def _surround(*, address: str, data_dir: Path) -> None:
    """Set what every program of the demo reads: the embedded database, whatever the shell may name."""
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{_database(data_dir)}",
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "PUBLIC_URL": address,
    }


def _database(data_dir: Path) -> Path:
    return data_dir / "grafik.sqlite3"


def _prepare(*, data_dir: Path, reset: bool) -> str:
    """Bring the database to the present and load the demo where it is missing; return who can log in."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if reset:
        for ending in ("", "-wal", "-shm"):
            Path(f"{_database(data_dir)}{ending}").unlink(missing_ok=True)
    django.setup()
    call_command("migrate", verbosity=0)
    told = io.StringIO()
    call_command("demo", reset=reset, stdout=told)
    connections.close_all()
    return told.getvalue()


def _commands(port: int) -> dict[str, list[str]]:
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        f"--bind=127.0.0.1:{port}",
        "--preload",
        "--no-control-socket",
    ]
    return {
        "web server": [*web, "--worker-class=gthread", "--workers=2", "--threads=4", "--log-level=warning"],
        "worker": [sys.executable, "manage.py", "run_worker"],
    }


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


@contextmanager
def _running(commands: dict[str, list[str]]) -> Iterator[Programs]:
    """Start the programs in this process's own group, and leave none behind."""
    programs: Programs = {}
    try:
        for name, command in commands.items():
            programs[name] = subprocess.Popen(command)
        yield programs
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # stopping is under way, and is finished
        for program in programs.values():
            program.terminate()
        until = time.monotonic() + STOP_SECONDS
        for program in programs.values():
            try:
                program.wait(timeout=max(until - time.monotonic(), 0))
            except subprocess.TimeoutExpired:
                program.kill()


def _answers(address: str, programs: Programs) -> bool:
    """Wait until the front page is served; False when a program ends before or the time is up."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and not _ended(programs):
        try:
            with urllib.request.urlopen(address, timeout=READY_SECONDS):  # noqa: S310  our own http address
                return True
        except urllib.error.HTTPError as answer:
            return answer.code < HTTPStatus.INTERNAL_SERVER_ERROR
        except OSError:
            time.sleep(LOOK_SECONDS)
    return False


def _wait(programs: Programs) -> str | None:
    """Return the name of the program that ended, or None when whoever started the demo is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        if name := _ended(programs):
            return name
        time.sleep(LOOK_SECONDS)
    return None


def _ended(programs: Programs) -> str | None:
    return next((name for name, program in programs.items() if program.poll() is not None), None)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
