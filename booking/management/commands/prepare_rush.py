"""`manage.py prepare_rush`: makes open groups and families for load tests, and prints them as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking.management.demo.rush import invite_families, open_groups

MOST_PLACES = 32_767  # what the database's small number holds
MOST_FAMILIES = 100_000
MOST_GROUPS = 1_000


class _Number:
    """Reads a whole number from 1 to `most`."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, text: str) -> int:
        if not text.isdecimal() or not 1 <= int(text[:20]) <= self.most:
            raise ArgumentTypeError(f"must be a whole number between 1 and {self.most}")
        return int(text)


class Command(BaseCommand):
    help = "Makes open groups and families with one eligible child each; prints {groups, children} as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--families", type=_Number(MOST_FAMILIES), required=True)
        parser.add_argument("--groups", type=_Number(MOST_GROUPS), required=True)
        parser.add_argument("--places", type=_Number(MOST_PLACES), required=True, help="in each group")

    def handle(self, *args: Any, families: int, groups: int, places: int, **options: Any) -> None:
        """Make them and print them, and nothing else, so that a script can read it."""
        if not settings.DEMO_ALLOWED:
            raise CommandError("Load tests are not for this installation: its settings do not allow them.")
        today, now = timezone.localdate(), timezone.now()
        group_ids = open_groups(groups=groups, places=places, today=today, now=now)
        children = invite_families(families=families, today=today, now=now)
        prepared = {
            "groups": [str(group) for group in group_ids],
            "children": [{"token": token, "child": str(child)} for token, child in children],
        }
        self.stdout.write(json.dumps(prepared))
