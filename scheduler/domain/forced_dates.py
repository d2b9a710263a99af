"""Letting one date of a published series take place although its timetable rests on that day."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.change_log import log_changes
from scheduler.domain.clashes import Need
from scheduler.domain.needs import needed_by_many
from scheduler.domain.reservations import plan_reservations, write_reservations
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_series
from scheduler.models import Series, Session, TimetableChange
from scheduler.period import Period
from scheduler.recurrence import planned_dates

What = TimetableChange.What


@transaction.atomic
def force_session(*, series_id: uuid.UUID, day: date, reason: str, note: str, now: datetime) -> Session:
    """Give a published series a date that was dropped because of a day of rest; publishing again keeps it.

    A date that stands is left alone. Raises Refused (`reason_missing`, `not_published`, `not_planned` if the pattern
    does not ask for that day, `in_the_past`, `clash`) and Series.DoesNotExist.
    """
    found = lock_series([series_id])
    if not found:
        raise Series.DoesNotExist
    (line,) = found
    session = Session.objects.select_for_update(of=("self",)).filter(series=line, planned_date=day).first()
    if session is not None and not session.is_cancelled:
        return session
    period = _period_on(line, day, reason=reason, now=now)
    if session is None:
        facts = {"timetable": line.timetable, "series": line, "planned_date": day, "sequence": -1}
        session = Session(id=uuid.uuid5(line.root, day.isoformat()), **facts)
    what = What.ADDED if session.sequence < 0 else What.CHANGED
    _remember(line, day, reason.strip())
    _fill(session, line, period, reason=reason.strip(), note=note, now=now)
    _reserve(session, line)
    log_changes(line.timetable_id, TimetableChange.Subject.SESSION, {what: [session.pk]}, now=now)
    return session


def _period_on(line: Series, day: date, *, reason: str, now: datetime) -> Period:
    if not reason.strip():
        raise Refused(Refusal("reason_missing", _("Write why it takes place on a day of rest.")))
    if line.published_at is None:
        raise Refused(Refusal("not_published", _("This series was never published. Choose the day in its draft.")))
    period = next((each.period for each in planned_dates(line) if each.day == day), None)
    if period is None:
        raise Refused(Refusal("not_planned", _("The series does not meet on that day. Move one of its dates there.")))
    if period.start <= now:
        raise Refused(Refusal("in_the_past", _("The new time has already passed. Choose a later one.")))
    return period


def _remember(line: Series, day: date, reason: str) -> None:
    """Let publishing keep the date, that of an open revision too."""
    for row in Series.objects.filter(pk=line.pk) | Series.objects.filter(replaces=line):
        row.forced_days = {**row.forced_days, day.isoformat(): reason}
        row.save(update_fields=["forced_days"])


def _fill(session: Session, line: Series, period: Period, *, reason: str, note: str, now: datetime) -> None:
    session.status = Session.Status.SCHEDULED
    session.starts_at, session.ends_at = period.start, period.end
    session.room, session.leader = line.room, line.leader
    session.forced_reason, session.note = reason, note
    session.changed_by_hand = False
    session.sequence += 1
    session.changed_at = now


def _reserve(session: Session, line: Series) -> None:
    """Store the session and reserve all that it needs, or nothing."""
    needed = needed_by_many([line])[line.pk]
    resources = lock_resources(needed)
    needs = [Need(key, session.period, session.pk, kind=line.kind) for key in sorted(needed.elements())]
    allotment = plan_reservations(needs, released={session.pk})
    if allotment.clashes:
        taken = resources[allotment.clashes[0].resource_id].name
        raise Refused(
            Refusal("clash", _("%(resource)s is taken at that time. Choose another hour or room."), {"resource": taken})
        )
    session.save()
    write_reservations(allotment, released={session.pk})
