"""What staff do with a visit, each by its name in the form; every one returns what to say about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from booking.domain.appointment_answers import accept_appointment, accept_at_another_time
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_handover import reassign_appointment
from booking.domain.appointment_outcomes import OUTCOMES, record_outcome
from booking.models import Account, Appointment
from booking.web.appointment_times import read_start


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent about a visit, and the valid form with it, if it has one."""

    request: HttpRequest
    visit: Appointment
    wanted: dict[str, Any]
    form: Any
    by: Account
    now: datetime


def change_visit(asked: Asked) -> str:
    """Do what was asked and return what to say about it. Raises Refused, and Http404 for what no button sends."""
    change = CHANGES.get(asked.request.POST.get("act", ""))
    if change is None:
        raise Http404
    return change(asked)


def _outcome(asked: Asked) -> str:
    outcome = asked.request.POST.get("outcome", "")
    if outcome not in {each.value for each in OUTCOMES}:
        raise Http404
    minutes = asked.wanted["minutes"]
    record_outcome(appointment_id=asked.visit.pk, outcome=outcome, by=asked.by, now=asked.now, minutes=minutes)
    return _("Noted. Nobody is told of it.")


def _cancel(asked: Asked) -> str:
    note = asked.wanted["note"]
    cancel_appointment(appointment_id=asked.visit.pk, by=asked.by, now=asked.now, by_staff=True, note=note)
    return _("The visit is cancelled. Everybody concerned is told.")


def _reassign(asked: Asked) -> str:
    instead_of = asked.wanted.get("instead_of")
    reassign_appointment(
        appointment_id=asked.visit.pk,
        specialist_id=asked.wanted["specialist"].pk,
        instead_of=instead_of.pk if instead_of else None,
        by=asked.by,
        now=asked.now,
        note=asked.wanted["note"],
    )
    return _("The visit is handed over. The family and both specialists are told.")


def _accept(asked: Asked) -> str:
    accept_appointment(appointment_id=asked.visit.pk, by=asked.by, now=asked.now)
    return _("The visit is booked. Everybody concerned is told.")


def _move(asked: Asked) -> str:
    starts_at = read_start(asked.request.POST.get("starts_at", ""))
    if asked.visit.status == Appointment.Status.OFFERED:
        accept_at_another_time(
            appointment_id=asked.visit.pk, starts_at=starts_at, by=asked.by, now=asked.now, by_staff=True
        )
        return _("The visit is booked. Everybody concerned is told.")
    return _move_to(asked, Wish(starts_at))


def _agree(asked: Asked) -> str:
    reason, room_id = asked.wanted["reason"], asked.form.room_id
    return _move_to(asked, Wish(asked.form.starts_at, outside_hours=True, room_id=room_id, reason=reason))


def _move_to(asked: Asked, wish: Wish) -> str:
    move_appointment(appointment_id=asked.visit.pk, wish=wish, by=asked.by, now=asked.now, by_staff=True)
    return _("The visit is moved. Everybody concerned is told.")


CHANGES: dict[str, Callable[[Asked], str]] = {
    "outcome": _outcome,
    "cancel": _cancel,
    "reassign": _reassign,
    "accept": _accept,
    "move": _move,
    "agree": _agree,
}
