"""Writing a publication: sessions, what they hold, the facts of revisions, the log of changes."""

from __future__ import annotations

import uuid
from collections import defaultdict

from scheduler.domain.change_log import log_changes
from scheduler.domain.publication import Line, Publication
from scheduler.domain.reservations import BATCH, write_reservations
from scheduler.models import Series, Session, TimetableChange

FACTS = (
    "title",
    "kind",
    "audience",
    "recurrence",
    "on_weekdays",
    "on_breaks",
    "forced_days",
    "units_taken",
    "discontinued",
    "room_id",
    "leader_id",
    "rule_id",
)
PATTERN = ("title", "rule_id", "start", "end", "end_recurring_period")
CHANGED = ("series", "status", "starts_at", "ends_at", "room", "leader", "forced_reason", "sequence", "changed_at")
What = TimetableChange.What


def write_publication(plan: Publication) -> None:
    """Store what a plan without clashes says; the caller holds the locks it was made under."""
    if plan.is_empty:
        return
    _hand_on(plan)
    Session.objects.bulk_update([*plan.changed, *plan.removed], CHANGED, batch_size=BATCH)
    Session.objects.bulk_create(plan.added, batch_size=BATCH)
    write_reservations(plan.allotment, released=plan.released)
    for line in plan.lines:
        if line.is_revised:
            _take_over(line)
    fresh = [line for line in plan.lines if line.is_new]
    Series.objects.filter(pk__in=[line.series.pk for line in fresh]).update(published_at=plan.now)
    for line in fresh:
        line.series.published_at = plan.now
    _log(plan)


def _hand_on(plan: Publication) -> None:
    """Pass dates from split series to those that continue them, with what ids are made from."""
    for line in plan.lines:
        if line.continues is None:
            continue
        keys = [session.pk for session in plan.handed if session.series_id == line.series.pk]
        Session.objects.filter(pk__in=keys).update(series=line.series)
        line.series.identity, line.continues.identity = line.continues.root, uuid.uuid4()
        for each in (line.series, line.continues):
            each.save(update_fields=["identity"])


def _take_over(line: Line) -> None:
    """Give a series the facts of its revision, which is gone then."""
    series, revision = line.series, line.plan
    for name in PATTERN:
        setattr(series.event, name, getattr(revision.event, name))
    series.event.save(update_fields=[name.removesuffix("_id") for name in PATTERN])
    for name in FACTS:
        setattr(series, name, getattr(revision, name))
    series.save(update_fields=[name.removesuffix("_id") for name in FACTS])
    series.resources.set(revision.resources.all())
    pattern = revision.event
    revision.delete()
    pattern.delete()


def _log(plan: Publication) -> None:
    by_timetable: dict[uuid.UUID, dict[What, list[uuid.UUID]]] = defaultdict(lambda: defaultdict(list))
    for what, sessions in ((What.ADDED, plan.added), (What.CHANGED, plan.changed), (What.REMOVED, plan.removed)):
        for session in sessions:
            by_timetable[session.timetable_id][what].append(session.pk)
    for timetable_id in sorted(by_timetable):
        log_changes(timetable_id, TimetableChange.Subject.SESSION, by_timetable[timetable_id], now=plan.now)
