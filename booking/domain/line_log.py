"""Writing down each step of a place in line."""

from __future__ import annotations

from datetime import datetime

from booking.models import Account, Enrolment, LineEvent


def log_step(
    entry: Enrolment, kind: LineEvent.Kind, *, now: datetime, reason: str = "", by: Account | None = None
) -> None:
    """Write one step; nothing ever edits it. `by` is None for what the rules did by themselves."""
    LineEvent.objects.create(enrolment=entry, kind=kind, reason=reason[: LineEvent.REASON_LENGTH], by=by, at=now)
