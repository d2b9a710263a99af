"""`manage.py demo`: loads the two demo centres and says who can log in."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking.management.demo.accounts import table, write_cards
from booking.management.demo.loading import demo_cards, is_loaded, load_demo

YEARS = range(2000, 2100)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("must be a date such as 2026-11-21") from error
    if day.year not in YEARS:
        raise ArgumentTypeError(f"must lie between {YEARS[0]} and {YEARS[-1]}")
    return day


class Command(BaseCommand):
    help = "Loads the two demo centres (invented people), or keeps what is there, and prints who can log in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the whole database first")
        parser.add_argument("--today", type=_day, metavar="YYYY-MM-DD", help="the day the demo is to stand at")

    def handle(self, *args: Any, reset: bool, today: date | None, verbosity: int, **options: Any) -> None:
        """Load the demo unless it is there, and write `demo-accounts.json`; verbosity 0 prints nothing."""
        if not settings.DEMO_ALLOWED:
            raise CommandError("The demo is not for this installation: its settings do not allow it.")
        if reset or not is_loaded():
            load_demo(today=today or timezone.localdate(), now=timezone.now(), reset=reset)
        cards = demo_cards()
        write_cards(cards, Path(settings.DATA_DIR) / "demo-accounts.json")
        if verbosity:
            self.stdout.write(table(cards))
