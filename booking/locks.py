"""Row locks of booking: the person before the group, and each kind in key order, so that nobody waits in a ring."""

from __future__ import annotations

import uuid

from booking.models import Enrolment, Group, Person


def lock_person(person_id: uuid.UUID) -> Person:
    """Lock one person until the transaction ends, so that her enrolments are decided one after another."""
    return Person.objects.select_for_update().get(pk=person_id)


def lock_group(group_id: uuid.UUID) -> Group:
    """Lock one group until the transaction ends: whoever holds it decides about its places."""
    return Group.objects.select_for_update(of=("self",)).select_related("activity", "term__timetable").get(pk=group_id)


def lock_enrolment(enrolment_id: uuid.UUID) -> Enrolment:
    """Lock one enrolment until the transaction ends; its group must be locked before. Raises Enrolment.DoesNotExist."""
    return Enrolment.objects.select_for_update(of=("self",)).select_related("child").get(pk=enrolment_id)
