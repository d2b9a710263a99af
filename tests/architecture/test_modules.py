"""Modules stay small, begin with a sentence, and the clock is read by doors only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("booking", "scheduler", "notifications", "config")
MODULES = sorted(
    path
    for package in PACKAGES
    for path in (settings.ROOT / package).rglob("*.py")
    if not ("migrations" in path.parts and path.name.startswith("0001")) and path.read_text(encoding="utf-8").strip()
)
WRITTEN_BY_HAND = [path for path in MODULES if "migrations" not in path.parts]
INNER = [
    path
    for path in WRITTEN_BY_HAND
    if {"domain", "models"} & set(path.parts)
    or path.parent.name == "scheduler"
    or path.name in {"locks.py", "errors.py"}
]
MOST_LINES = 250
CLOCKS = {"now", "today", "utcnow", "localdate", "localtime"}


def named(path: Path) -> str:
    return str(path.relative_to(settings.ROOT))


@pytest.mark.parametrize("path", WRITTEN_BY_HAND, ids=named)
def test_module_has_no_more_lines_than_one_reads_at_once(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", WRITTEN_BY_HAND, ids=named)
def test_module_begins_with_a_sentence(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert said
    assert said.split("\n\n")[0].rstrip().endswith((".", ":", ";"))


@pytest.mark.parametrize("path", INNER, ids=named)
def test_only_doors_read_the_clock(path):
    """`now` is an argument everywhere else, so that every rule can be asked about any moment."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    read = [
        ast.unparse(call)
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS and not call.args
    ]
    assert read == []
