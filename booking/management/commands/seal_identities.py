"""Seals what is kept sealed anew with the first of the settings' keys, so that an old key can be taken away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from booking.domain.busy_calendars import seal_addresses
from booking.domain.identity import seal_identities


class Command(BaseCommand):
    """Safe to repeat, and while the site is open."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal personal numbers and addresses of calendars, and say how many there are."""
        self.stdout.write(f"Sealed: {seal_identities() + seal_addresses()}")
