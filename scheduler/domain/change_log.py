"""Writing to the log of what changed: numbers without gaps, in the order in which changes become visible."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from scheduler.locks import lock_timetable
from scheduler.models import Session, TimetableChange

BATCH = 1000
What = TimetableChange.What
Subject = TimetableChange.Subject


def log_changes(
    timetable_id: uuid.UUID, subject: Subject, changed: Mapping[What, Sequence[uuid.UUID]], *, now: datetime
) -> None:
    """Write what changed, in the order given; `changed` says for each way how which subjects changed.

    Call it last in the transaction: it locks the timetable, so that whoever reads the log never sees a number before
    a smaller one.
    """
    entries = [(what, subject_id) for what, ids in changed.items() for subject_id in ids]
    if not entries:
        return
    timetable = lock_timetable(timetable_id)
    TimetableChange.objects.bulk_create(
        [
            TimetableChange(
                timetable_id=timetable_id, number=number, at=now, subject=subject, subject_id=subject_id, what=what
            )
            for number, (what, subject_id) in enumerate(entries, start=timetable.changes_logged + 1)
        ],
        batch_size=BATCH,
    )
    timetable.changes_logged += len(entries)
    timetable.save(update_fields=["changes_logged"])


def log_session(session: Session, *, now: datetime) -> None:
    """Write that one date changed, or does not take place any more."""
    what = What.REMOVED if session.is_cancelled else What.CHANGED
    log_changes(session.timetable_id, TimetableChange.Subject.SESSION, {what: [session.pk]}, now=now)
