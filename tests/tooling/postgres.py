"""A private PostgreSQL for one run: made in a temporary folder, reached by a socket inside it, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SUPERUSER = "grafik"
START_SECONDS = 60
# The data live for one run only: nothing has to survive a power cut.
SERVER_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "jit": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "synchronous_commit": "off",
}


class PostgresUnavailableError(Exception):
    """Why no private PostgreSQL can be started here."""


def find_binaries() -> Path:
    """Return the folder of the newest `initdb` and `postgres` on this machine.

    Raises PostgresUnavailableError when there is none.
    """
    versioned = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for folder in [*folders, *reversed(versioned)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresUnavailableError("no PostgreSQL server is installed (Debian: apt install postgresql)")


@contextmanager
def private_postgres() -> Iterator[str]:
    """Run a PostgreSQL of one's own and give its address as a DATABASE_URL.

    Raises PostgresUnavailableError when none is installed or it does not start.
    """
    binaries = find_binaries()
    owner = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="grafik-", dir="/tmp"))  # a socket's path must be short
    try:
        if owner:
            os.chown(folder, owner["user"], owner["group"])
        server = _start(binaries=binaries, folder=folder, owner=owner)
        try:
            yield f"postgres://{SUPERUSER}@/postgres?host={folder}"
        finally:
            server.send_signal(signal.SIGINT)  # "fast": open connections are cut
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_user() -> dict[str, Any]:
    """Return how to give root's rights away, which PostgreSQL insists on; nothing when we are not root."""
    if os.geteuid() != 0:
        return {}
    names = {account.pw_name: account for account in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _start(*, binaries: Path, folder: Path, owner: dict[str, Any]) -> subprocess.Popen[bytes]:
    log = folder / "log"
    options = [f"--{name}={value}" for name, value in SERVER_OPTIONS.items()]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C is answered by us, in order, and not by the server in the middle of a test.
        common: dict[str, Any] = {"cwd": folder, "stdout": output, "stderr": output, "start_new_session": True, **owner}
        make = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={SUPERUSER}"]
        made = subprocess.run([binaries / "initdb", *make, folder / "data"], check=False, **common)
        if made.returncode:
            raise PostgresUnavailableError(f"initdb failed: {log.read_text()}")
        server = subprocess.Popen([binaries / "postgres", "-D", folder / "data", "-k", folder, *options], **common)
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if "accept connections" in log.read_text():
            return server
        time.sleep(0.05)
    server.kill()
    raise PostgresUnavailableError(f"PostgreSQL did not start: {log.read_text()}")
