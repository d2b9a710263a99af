"""Run the benchmarks on both engines, print one table and write `$DATA_DIR/bench.json`.

`python -m tests.bench [name …]` measures on the engine that DATABASE_URL names, an empty database of its own, and
writes a JSON list of `{name, engine, ours, limit, peer, ratio, goal, holds}` to standard output.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.tooling.engines import leave_in_order_when_ended, postgres

COLUMNS = ("name", "engine", "ours", "limit", "peer", "ratio", "goal", "holds")


def main(names: list[str]) -> int:
    """Return 0 when every goal holds."""
    with tempfile.TemporaryDirectory(prefix="grafik-bench-") as folder:
        rows = _measure(f"sqlite:///{folder}/bench.sqlite3", names)
    with postgres() as (url, reason):
        if url:
            rows += _measure(url, names)
    print(_table(rows))
    if reason:
        print(f"left out: postgres: {reason}")
    target = Path(os.environ.get("DATA_DIR", "var")) / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if rows and all(row["holds"] for row in rows) else 1


def _measure(url: str, names: list[str]) -> list[dict[str, Any]]:
    environment = os.environ | {"DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.bench", *names]
    answer = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if not answer.stdout:  # it failed before it measured; a goal that does not hold is told in the table
        sys.exit(answer.returncode or 1)
    rows: list[dict[str, Any]] = json.loads(answer.stdout)
    return rows


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [COLUMNS, *(tuple(_cell(row.get(column)) for column in COLUMNS) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:.3g}" if isinstance(value, float) else str("–" if value is None else value)


if __name__ == "__main__":
    leave_in_order_when_ended()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="names, separated by commas")
    wanted = parser.parse_args().only
    sys.exit(main([name.strip() for name in wanted.split(",") if name.strip()]))
