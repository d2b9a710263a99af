"""Who must hear of what concerns a person, and by which way."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from booking.models import Guardianship, Person, StaffRole
from booking.models.household import OF_CHILD
from notifications.channels import sms
from notifications.models import Message
from notifications.outbox import Recipient


def recipients_about(person: Person, *, on: date) -> list[Recipient]:
    """Return who is told about `person` on that day: her guardians who may view, or she herself if she has none."""
    return _told([person], OF_CHILD.objects(child_id=person.pk), on)[person.pk]


def recipients_about_many(people: Iterable[Person], *, on: date) -> dict[uuid.UUID, list[Recipient]]:
    """Return the recipients for each person, in one query."""
    everyone = list(people)
    rights = Guardianship.objects.filter(child__in=everyone).select_related("guardian")
    return _told(everyone, rights.order_by("guardian_id"), on)


def _told(people: Iterable[Person], rights: Iterable[Guardianship], on: date) -> dict[uuid.UUID, list[Recipient]]:
    told: dict[uuid.UUID, list[Recipient]] = defaultdict(list)
    barred_or_guarded = set()
    for right in rights:
        barred_or_guarded.add(right.child_id)
        if right.can_view and right.is_in_force(on):
            told[right.child_id].append(recipient(right.guardian))
    for person in people:
        if person.pk not in barred_or_guarded:
            told[person.pk].append(recipient(person))
    return told


def desk_of(centre_id: uuid.UUID, *, on: date) -> list[Recipient]:
    """Return who works at the desk of a centre on that day."""
    roles = StaffRole.objects.in_force(on).at_the_desk().filter(member__centre=centre_id)
    people = Person.objects.filter(staff_memberships__in=roles.values("member")).order_by("pk").distinct()
    return [recipient(person) for person in people]


def recipient(person: Person) -> Recipient:
    """Return how `person` is told: by e-mail if she wants it so, otherwise by the desk (call, letter, school).

    Where she allows SMS, the number is there too: the outbox knows which kinds are worth one.
    """
    by_email = person.reach == Person.Reach.EMAIL
    return Recipient(
        id=person.pk,
        name=str(person),
        channel=Message.Channel.EMAIL if by_email else Message.Channel.DESK,
        address=person.email if by_email else person.phone,
        language=person.language,
        sms=person.sms_phone if sms.is_on() else "",
    )
