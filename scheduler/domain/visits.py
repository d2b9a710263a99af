"""Taking the time of people and rooms for a visit, and giving it back; who visits is booking's business."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from scheduler.domain.clashes import Need
from scheduler.domain.reservations import plan_reservations, write_reservations
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources
from scheduler.models import Reservation
from scheduler.period import Period


@transaction.atomic
def reserve_for_visit(*, visit_id: uuid.UUID, periods: Mapping[uuid.UUID, Period]) -> None:
    """Take each resource for its period, all or nothing; what the visit held before is given back.

    Locks the resources until the transaction ends. Raises Refused (`slot_taken`) and then changes nothing. Duty hours
    are no obstacle to a visit, meetings and other visits are.
    """
    held = set(Reservation.objects.filter(visit=visit_id).values_list("resource_id", flat=True))
    lock_resources({*periods, *held})
    needs = [
        Need(resource_id, period, visit_id, kind=Reservation.Kind.VISIT)
        for resource_id, period in sorted(periods.items(), key=lambda item: item[0].hex)
    ]
    allotment = plan_reservations(needs, released={visit_id})
    if allotment.clashes:
        raise Refused(Refusal("slot_taken", _("This time has just been taken. Choose another one.")))
    write_reservations(allotment, released={visit_id})


@transaction.atomic
def release_visit(*, visit_id: uuid.UUID) -> None:
    """Give back everything the visit holds; a second call changes nothing."""
    Reservation.objects.filter(visit=visit_id).delete()
