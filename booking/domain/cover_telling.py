"""Who hears of what was done with the dates of an absence: each family and each substitute once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.domain.cover_tasks import Done
from booking.domain.recipients import recipient, recipients_about_many
from booking.domain.timetable_changes import people_concerned
from booking.models import Account, CoverTask, Person, SessionChange, TimeOff
from notifications.outbox import Recipient, enqueue

Outcome = CoverTask.Outcome
KINDS = {
    Outcome.SUBSTITUTED: SessionChange.Kind.SUBSTITUTED,
    Outcome.MOVED: SessionChange.Kind.MOVED,
    Outcome.CANCELLED: SessionChange.Kind.CANCELLED,
}


def tell_cover(time_off: TimeOff, done: Iterable[Done], *, by: Account | None, cause: str, now: datetime) -> None:
    """Write down who did it and queue the messages: one a family, one a substitute, whatever the number of dates.

    Families do not hear of a helper who is replaced, for they do not know who helps.
    """
    families: dict[Recipient, list[dict[str, Any]]] = defaultdict(list)
    staff: dict[Recipient, list[str]] = defaultdict(list)
    on = timezone.localdate(now, time_off.member.centre.timetable.tz)
    for each in done:
        _write_down(each, by=by, now=now)
        if each.substitute is not None:
            for reader in _people_behind(each.substitute):
                staff[reader].append(str(each.session.pk))
        if each.outcome == Outcome.SUBSTITUTED and not each.led:
            continue
        for reader, children in _families_of(each, on).items():
            told = {"session": str(each.session.pk), "what": each.outcome.value, "was": each.was, "children": children}
            families[reader].append(told)
    centre = str(time_off.member.centre_id)
    mark = f"time-off:{time_off.pk}:{cause}"
    for reader, changes in families.items():
        facts = {"centre": centre, "changes": changes}
        enqueue(recipients=[reader], kind="dates_changed", facts=facts, cause=f"{mark}:family", now=now)
    for reader, sessions in staff.items():
        facts = {"centre": centre, "sessions": sessions}
        enqueue(recipients=[reader], kind="taken_over", facts=facts, cause=f"{mark}:substitute", now=now)


def tell_entered(time_off: TimeOff, *, open_lines: int, now: datetime) -> None:
    """Tell whoever owns the open dates that somebody has entered her own absence."""
    owners = Person.objects.filter(staff_memberships__cover_tasks__time_off=time_off).distinct().order_by("pk")
    enqueue(
        recipients=[recipient(owner) for owner in owners if owner.pk != time_off.member.person_id],
        kind="time_off_entered",
        facts={"time_off": str(time_off.pk), "open": open_lines},
        cause=f"time-off:{time_off.pk}:entered",
        now=now,
    )


def _write_down(each: Done, *, by: Account | None, now: datetime) -> None:
    note = "" if each.outcome == Outcome.SUBSTITUTED else each.session.note
    SessionChange.objects.create(session=each.session, kind=KINDS[each.outcome], by=by, at=now, note=note, was=each.was)


def _people_behind(resource_id: uuid.UUID) -> list[Recipient]:
    return [recipient(person) for person in Person.objects.filter(staff_memberships__resource=resource_id)]


def _families_of(each: Done, on: Any) -> dict[Recipient, list[str]]:
    told: dict[Recipient, list[str]] = defaultdict(list)
    for person_id, readers in recipients_about_many(people_concerned(each.session), on=on).items():
        for reader in readers:
            told[reader].append(str(person_id))
    return told
