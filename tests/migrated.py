"""A migrated SQLite database kept from run to run: migrating costs twenty seconds, copying nothing.

It is kept in the temporary folder under a digest of all migrations, so that a changed migration makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

SEEDS = ("scheduler/recurrence.py",)  # what migrations read beside themselves


@contextmanager
def begun_from_the_kept_one(database: Path) -> Iterator[None]:
    """Put the kept database in place before migrating; where there is none, keep what was migrated meanwhile.

    Of several workers one migrates and the others wait for it.
    """
    kept = kept_database()
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if kept.exists():
            shutil.copyfile(kept, database)
            fcntl.flock(lock, fcntl.LOCK_UN)
            yield
            return
        yield
        if database.exists():  # not where the chosen tests ask nothing of a database
            _keep(database, kept)


def kept_database() -> Path:
    """Return where the database of these migrations is kept, once a test has asked for one."""
    return Path(tempfile.gettempdir()) / f"grafik-migrated-{os.getuid()}-{_digest()}.sqlite3"


def _keep(database: Path, kept: Path) -> None:
    fresh = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(fresh)) as target:
        source.backup(target)
    fresh.replace(kept)


def _digest() -> str:
    """Return what tells these migrations from all others."""
    digest = hashlib.sha256(django.__version__.encode())
    for path in _migrations():
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:20]


def _migrations() -> list[Path]:
    apart = [path for each in apps.get_app_configs() for path in (Path(each.path) / "migrations").glob("*.py")]
    return sorted([*apart, *(settings.ROOT / name for name in SEEDS)])
