"""Queueing what a family is told about one enrolment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from booking.domain.recipients import recipients_about
from booking.models import Enrolment
from notifications.outbox import Recipient, enqueue


def tell_family(
    entry: Enrolment,
    *,
    kind: str,
    now: datetime,
    cause: str,
    facts: dict[str, Any] | None = None,
    recipients: Iterable[Recipient] | None = None,
) -> None:
    """Queue one message to everyone who hears of this child, once a cause; `entry.group` is loaded with its term."""
    if recipients is None:
        recipients = recipients_about(entry.child, on=timezone.localdate(now, entry.group.term.timetable.tz))
    enqueue(
        recipients=recipients,
        kind=kind,
        facts={"enrolment": str(entry.pk), **(facts or {})},
        cause=cause,
        now=now,
    )


def tell_place(entry: Enrolment, *, now: datetime, recipients: Iterable[Recipient] | None = None) -> None:
    """Queue the message that says how an enrolment stands: a place, a place in line, or one to be approved.

    Who found out before the lock who hears of the child says so in `recipients`.
    """
    kind = {
        Enrolment.Status.ENROLLED: "enrolled",
        Enrolment.Status.WAITING: "waiting",
        Enrolment.Status.PENDING: "pending",
    }[Enrolment.Status(entry.status)]
    tell_family(entry, kind=kind, now=now, cause=f"{kind}:{entry.pk}", recipients=recipients)
