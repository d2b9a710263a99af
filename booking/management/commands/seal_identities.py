"""Seals personal numbers anew with the first of the settings' keys, so that an old key can be taken away."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from booking.domain.identity import seal_identities


class Command(BaseCommand):
    """Safe to repeat, and while the site is open."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal them and say how many there are."""
        self.stdout.write(f"Sealed: {seal_identities()}")
