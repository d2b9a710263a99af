"""Measure on the engine that DATABASE_URL names: `python -m tests.bench [name …]` or `--only name,name`.

Works in an empty database of its own, which is gone afterwards, and writes a JSON list of
`{name, engine, ours, limit, peer, ratio, goal, holds}` to standard output. `make bench` makes a table of both engines.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from importlib import import_module
from typing import Any

import django
from django.conf import settings
from django.db import connection

# The order in which they run without a name; the rush starts servers of its own and takes longest.
USUAL = ("timetable", "publish", "feed", "slots", "rush")
BENCHES = {
    "timetable": "tests.bench.timetable",
    "publish": "tests.bench.publishing",
    "feed": "tests.bench.feed",
    "slots": "tests.bench.slots",
    "rush": "tests.bench.rush",
}


def main(wanted: list[str]) -> list[dict[str, Any]]:
    """Return the lines of the table of the benchmarks that are wanted, or of the usual ones."""
    unknown = set(wanted) - BENCHES.keys()
    if unknown:
        sys.exit(f"there are {', '.join(BENCHES)}; not {', '.join(sorted(unknown))}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.testing")
    django.setup()
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        database.setdefault("TEST", {})["NAME"] = f"{database['NAME']}-bench"  # in a file, as an installation does
    return [row for name in wanted or USUAL for row in _measure(BENCHES[name])]


def _measure(module: str) -> list[dict[str, Any]]:
    given = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return [result.as_row() for result in import_module(module).measure()]
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--only", default="", help="names, separated by commas")
    arguments = parser.parse_args()
    measured = main([*arguments.names, *filter(None, arguments.only.split(","))])
    json.dump(measured, sys.stdout, indent=2, ensure_ascii=False)
