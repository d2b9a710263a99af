"""What members of staff can lead or give."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from booking.models import Qualification, Service, StaffMember


@transaction.atomic
def qualify(
    *, member_id: uuid.UUID, kinds: Iterable[str], services: Iterable[Service], needs_foreign_check: bool
) -> StaffMember:
    """Store what somebody can lead (kinds of activities) and give (services), and whether she is checked abroad too.

    What is left out is no longer hers. The caller has made sure that the services are of her centre. Raises
    StaffMember.DoesNotExist.
    """
    member = StaffMember.objects.select_for_update(of=("self",)).get(pk=member_id)
    wanted = {(kind, None) for kind in kinds} | {("", service.pk) for service in services}
    held = {(each.activity_kind, each.service_id): each for each in member.qualifications.all()}
    for key, row in held.items():
        if key not in wanted:
            row.delete()
    Qualification.objects.bulk_create(
        Qualification(member=member, activity_kind=kind, service_id=service_id)
        for kind, service_id in sorted(wanted - held.keys(), key=str)
    )
    member.needs_foreign_check = needs_foreign_check
    member.save(update_fields=["needs_foreign_check"])
    return member
