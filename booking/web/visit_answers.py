"""What a family sees and does of one visit, on its page or by the link of its message: move, cancel, answer, wait."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.domain.appointment_answers import accept_appointment, accept_at_another_time, decline_appointment
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_offers import stands_in, was_only_held
from booking.domain.appointment_rules import change_deadline, is_late
from booking.domain.slot_watches import watch_slots
from booking.models import Account, Appointment, Person, SlotWatch
from booking.web.appointment_times import free_days, read_start

Status = Appointment.Status


def answer_visit(request: HttpRequest, visit: Appointment, person: Person, *, by: Account | None, now: datetime) -> str:
    """Do what was asked and return what to say about it. Raises Refused, and Http404 for what no button sends."""
    key, asked = visit.pk, request.POST.get("act", "")
    if asked == "cancel":
        cancel_appointment(appointment_id=key, by=by, now=now)
        return _("The visit is cancelled.")
    if asked == "accept":
        accept_appointment(appointment_id=key, by=by, now=now)
        return _("The visit is booked.")
    if asked == "decline":
        instead = stands_in(visit)
        decline_appointment(appointment_id=key, by=by, now=now)
        return _("The visit is cancelled.") if instead else _("Declined. You go on waiting for an earlier time.")
    if asked == "move" and visit.status == Status.OFFERED:
        starts_at = read_start(request.POST.get("starts_at", ""))
        accept_at_another_time(appointment_id=key, starts_at=starts_at, by=by, now=now)
        return _("The visit is booked.")
    if asked == "move":
        wish = Wish(read_start(request.POST.get("starts_at", "")))
        move_appointment(appointment_id=key, wish=wish, by=by, now=now)
        return _("The visit is moved.")
    if asked == "watch" and by is not None:
        return _watch(visit, person, by=by, now=now)
    raise Http404


def visit_facts(request: HttpRequest, visit: Appointment, person: Person | None, now: datetime) -> dict[str, Any]:
    """Return what the page of a visit says of its state, and the free times when it is being moved."""
    comes = visit.status == Status.BOOKED and visit.starts_at > now
    offered = visit.status == Status.OFFERED
    held = offered and (visit.expires_at or now) > now
    instead = offered and stands_in(visit)
    several = visit.parties.exists()
    late = comes and is_late(visit, now)
    may_move = (held and instead) or (comes and not late and not several)
    moves = may_move and "move" in request.GET
    watch = SlotWatch.objects.open_at(now).filter(service=visit.service, person=person).first()
    return {
        "centre": visit.service.centre,
        "comes": comes,
        "held": held,
        "instead": instead,
        "gone": (offered and not held) or was_only_held(visit),
        "late": late,
        "several": several,
        "may_move": may_move,
        "deadline": change_deadline(visit),
        "moves": moves,
        "cancels": comes and "cancel" in request.GET,
        "times": free_days(request, visit.service, now, visit=visit, person=person) if moves else None,
        "watch": watch if comes or offered or visit.is_cancelled else None,
        "keeps": _kept_beside(watch, visit, now),
    }


def others_of_series(
    visit: Appointment, person: Person | None, *, reader_id: uuid.UUID | None, now: datetime
) -> list[Appointment]:
    """Return the coming visits of the same series of this person that the reader may know of, in order."""
    if visit.series_key is None or person is None:
        return []
    told = Appointment.objects.told_to(reader_id, timezone.localdate(now))
    found = told.coming(now).of_person(person.pk).filter(series_key=visit.series_key, status="booked")
    return list(found.exclude(pk=visit.pk).prefetch_related("parties").order_by("starts_at", "pk"))


def _kept_beside(watch: SlotWatch | None, visit: Appointment, now: datetime) -> Appointment | None:
    """Return the booked visit that stays until an earlier time is taken."""
    booked = watch.appointment if watch else None
    if booked is None or booked.pk == visit.pk or booked.status != Status.BOOKED or booked.starts_at <= now:
        return None
    return booked


def _watch(visit: Appointment, person: Person, *, by: Account, now: datetime) -> str:
    """Wait for an earlier time of the same kind: with the same specialist, in the same way."""
    watch_slots(
        service=visit.service,
        person=person,
        earlier_than=visit.starts_at,
        by=by,
        now=now,
        specialist=visit.specialist,
        mode=visit.mode,
        appointment=visit,
    )
    return _("When an earlier time becomes free, we hold it for you and write to you.")
