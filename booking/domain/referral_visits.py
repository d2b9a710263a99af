"""Which visit answers a referral: whoever books it, by whichever door."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from booking.models import Appointment, Referral
from booking.models.appointment import ATTENDED

ANSWERS = (Appointment.Status.REQUESTED, Appointment.Status.BOOKED, *ATTENDED)


def answer_referrals(*, service_id: uuid.UUID, person_ids: Iterable[uuid.UUID | None]) -> None:
    """Note with each open referral of these people to a service the first visit since then that stands, if any.

    Called in the transaction that books, cancels or writes down a visit; a referral whose visit stands keeps it.
    """
    people = [person_id for person_id in person_ids if person_id is not None]
    for referral in Referral.objects.unbooked().filter(service=service_id, person__in=people):
        visits = Appointment.objects.of_person(referral.person_id).filter(service=service_id, status__in=ANSWERS)
        visit = visits.filter(starts_at__gte=referral.made_at).order_by("starts_at").first()
        if visit is not None:
            Referral.objects.filter(pk=referral.pk).update(appointment=visit)
