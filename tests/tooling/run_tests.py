"""Run all the tests on every engine and browser found here, and say by name what was left out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.tooling.chromium import find_chromium
from tests.tooling.engines import leave_in_order_when_ended, postgres

PARTS = {"postgres", "browser"}
FINE = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


def main(arguments: list[str]) -> int:
    """Return 0 when every run passed and every part that REQUIRE names took place."""
    required = {part.strip() for part in os.environ.get("REQUIRE", "").split(",") if part.strip()}
    if unknown := required - PARTS:
        sys.exit(f"REQUIRE knows {', '.join(sorted(PARTS))}; not {', '.join(sorted(unknown))}")
    left_out: dict[str, str] = {}
    if not find_chromium():
        left_out["browser"] = "no Chromium was found (Debian: apt install chromium)"
    codes = [_pytest("SQLite", None, [*(["-m", "not browser"] if left_out else []), *arguments])]
    with postgres() as (url, reason):
        if url:
            codes.append(_pytest("PostgreSQL", url, ["-m", "not browser and not once", *arguments]))
        else:
            left_out["postgres"] = reason
    return _close(codes=codes, left_out=left_out, required=required)


def _pytest(engine: str, url: str | None, arguments: list[str]) -> int:
    print(f"\n== the tests on {engine} ==", flush=True)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        environment["DATABASE_URL"] = url
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal", *arguments]
    if environment.pop("PYTHONDONTWRITEBYTECODE", None):
        # Compiled all the same, but elsewhere: tests start many Pythons, and each would compile Django anew.
        environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / f"grafik-bytecode-{os.getuid()}")
    with tempfile.TemporaryDirectory(prefix="grafik-") as folder:
        environment["DATA_DIR"] = folder  # not the one that the demo lives in
        return subprocess.run(command, env=environment, check=False).returncode


def _close(*, codes: list[int], left_out: dict[str, str], required: set[str]) -> int:
    for part, reason in left_out.items():
        print(f"left out: {part}: {reason}")
    missing = required & left_out.keys()
    if missing:
        print(f"REQUIRE asked for {', '.join(sorted(missing))}: failed")
    if set(codes) == {pytest.ExitCode.NO_TESTS_COLLECTED}:
        print("no test was found")
        return 1
    return 1 if missing or not set(codes) <= FINE else 0


if __name__ == "__main__":
    leave_in_order_when_ended()
    sys.exit(main(sys.argv[1:]))
