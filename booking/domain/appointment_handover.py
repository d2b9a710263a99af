"""Handing a visit over: somebody else gives it at the same hour, in the place of the specialist or of a colleague."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from booking.domain.appointment_changes import lock_with_people, require_coming
from booking.domain.appointment_offers import offer_on
from booking.domain.appointment_reservations import require_free, reserve
from booking.domain.appointment_telling import log_change, snapshot, tell_visit
from booking.domain.appointment_times import held_by, save_changed
from booking.domain.slots import STAFF, occupied_period, slot_at
from booking.errors import Refused, refusal
from booking.models import Account, Appointment, AppointmentChange
from scheduler.locks import lock_resources
from scheduler.models import Resource


@transaction.atomic
def reassign_appointment(
    *,
    appointment_id: uuid.UUID,
    specialist_id: uuid.UUID,
    by: Account,
    now: datetime,
    instead_of: uuid.UUID | None = None,
    note: str = "",
) -> Appointment:
    """Let another specialist give a visit at the same hour; the client, the old and the new one are told.

    `instead_of` is the colleague whose place is taken, if not the specialist's own. A new specialist gives it in her
    hours and her room, or outside the hours in the room that the visit has. Handing it over again changes nothing.
    Raises Refused: `visit_over`, `visit_cancelled`, `visit_held`, `gives_it_already`, `busy_then`, `slot_taken`.
    """
    appointment = lock_with_people(appointment_id)
    before = instead_of or appointment.specialist_id
    givers = {appointment.specialist_id, *appointment.colleagues.values_list("pk", flat=True)}
    if specialist_id in givers and (specialist_id == before or before not in givers):
        return appointment
    require_coming(appointment, now)
    if appointment.status == Appointment.Status.OFFERED:
        raise Refused(refusal("visit_held"))
    new = Resource.objects.get(pk=specialist_id)
    if specialist_id in givers:
        raise Refused(refusal("gives_it_already", person=new.name))
    lock_resources({specialist_id, *held_by(appointment)})
    was = snapshot(appointment)
    if before == appointment.specialist_id:
        _put_specialist(appointment, new, now)
    else:
        _require_free(appointment, new)
        appointment.colleagues.remove(*appointment.colleagues.filter(pk=before))
        appointment.colleagues.add(new)
    save_changed(appointment, now)
    reserve(appointment)
    log_change(appointment, AppointmentChange.Kind.REASSIGNED, by=by, now=now, was=was, note=note)
    facts = {"was": was, "note": note, "given_up_by": str(before), "taken_by": str(specialist_id)}
    tell_visit(appointment, kind="visit_reassigned", now=now, by=by, facts=facts, staff=[before])
    offer_on(before, now=now)
    return appointment


def _put_specialist(appointment: Appointment, new: Resource, now: datetime) -> None:
    """Write who gives it: in her hours and her room, or outside them where it is."""
    slot = slot_at(
        service=appointment.service,
        specialist_id=new.pk,
        starts_at=appointment.starts_at,
        mode=appointment.mode,
        now=now,
        asker=STAFF,
        besides=appointment.pk,
    )
    if slot is None:
        _require_free(appointment, new)
    else:
        appointment.room_id = slot.room_id
    appointment.outside_hours = slot is None
    appointment.specialist = new


def _require_free(appointment: Appointment, new: Resource) -> None:
    occupied = occupied_period(service=appointment.service, mode=appointment.mode, period=appointment.period)
    require_free([new.pk], occupied, besides=appointment.pk)
