"""Run every check of the code that is no test, tell each one's answer, and fail when any fails."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

BIN = Path(sysconfig.get_path("scripts"))
TESTING = {"DJANGO_SETTINGS_MODULE": "config.settings.testing"}
# What a town would set, thrown away afterwards: the check asks whether such an installation would be safe.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "ALLOWED_HOSTS": "grafik.example",
    "DATABASE_URL": "postgres://grafik@localhost/grafik",
    "DEFAULT_FROM_EMAIL": "Grafik <grafik@grafik.example>",
    "EMAIL_URL": "smtp+tls://grafik:secret@mail.grafik.example:587",
    "IDENTITY_KEYS": "b25seS1mb3ItdGhpcy1jaGVjay0wMTIzNDU2Nzg5YWI=",
    "PUBLIC_URL": "https://grafik.example",
    "SECRET_KEY": "only-for-this-check-6Zr1vKx0QmT9sYw4LhUe7JpBd3NaGc8F",
}


@dataclass(frozen=True)
class Check:
    """One command and what it is asked."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "error::DeprecationWarning:booking", "manage.py", *arguments]


CHECKS = [
    Check("types", [f"{BIN}/mypy"]),
    Check("format", [f"{BIN}/ruff", "format", "--check"]),
    Check("lint", [f"{BIN}/ruff", "check"]),
    Check("imports", [f"{BIN}/lint-imports"]),
    Check("migrations", _manage("makemigrations", "--check", "--dry-run"), TESTING),
    Check("django", _manage("check", "--fail-level", "WARNING"), TESTING),
    Check("deploy", _manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("static", _manage("collectstatic", "--noinput", "--verbosity", "0"), PRODUCTION),
    Check("templates", [f"{BIN}/djlint", "--lint", "booking", "notifications", "scheduler"]),
    Check("translations", [sys.executable, "-m", "tests.tooling.translations", "check"]),
    Check("openapi", _manage("spectacular", "--validate", "--fail-on-warn", "--file", os.devnull), TESTING),
]


def main(names: list[str]) -> int:
    """Run the named checks, or all, two at a time; return how many failed."""
    known = [check.name for check in CHECKS]
    if unknown := set(names) - set(known):
        sys.exit(f"checks are {', '.join(known)}; not {', '.join(sorted(unknown))}")
    chosen = [check for check in CHECKS if not names or check.name in names]
    with tempfile.TemporaryDirectory(prefix="grafik-") as folder, ThreadPoolExecutor(max_workers=2) as pool:
        answers = pool.map(lambda check: _run(check, data_dir=folder), chosen)
        failed = [check.name for check, passed in zip(chosen, answers, strict=True) if not passed]
    print(f"checks failed: {', '.join(failed)}" if failed else f"all {len(chosen)} checks passed")
    return len(failed)


def _run(check: Check, *, data_dir: str) -> bool:
    started = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"DATA_DIR": data_dir} | check.environment
    answer = subprocess.run(
        check.command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    passed = answer.returncode == 0
    line = f"{'ok    ' if passed else 'FAILED'} {check.name} ({time.monotonic() - started:.1f} s)"
    print(line if passed else f"{line}\n{answer.stdout}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
