"""Which of the messages to a reader are about somebody, or a visit, that she may no longer see."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from booking.models import Account, Appointment, CareDecision, Enrolment, GuestPlace, Person, Referral
from notifications.models import Message

STAFF_SIDE = "specialist"


def hidden_notices(messages: Collection[Message], *, reader: Account, on: date) -> set[uuid.UUID]:
    """Return the messages whose words are not shown to their reader any more, in a few queries however many there are.

    A right that ended, a contact ban and a decision that hides visits count from the moment they are written down, for
    what was told before, too.
    """
    facts = [message.facts for message in messages]
    enrolments = _seen(Enrolment.objects.visible_to(reader, on), _ids(facts, "enrolment"))
    as_family = _seen(Appointment.objects.told_to_family(reader, on), _ids(facts, "visit", "visits"))
    at_work = _seen(Appointment.objects.visible_to(reader, on), _ids(_of_staff(facts), "visit", "visits"))
    of_guests = _people_of(GuestPlace.objects.all(), "child_id", _ids(facts, "guest_place"))
    of_referrals = _people_of(Referral.objects.all(), "person_id", _ids(facts, "referral"))
    people = set().union(*map(_people, facts), of_guests.values(), of_referrals.values())
    seen = _seen(Person.objects.visible_to(reader, on), people)
    kept_from = _referrals_kept_from(reader, of_referrals.keys(), on)

    def is_shown(told: dict[str, Any]) -> bool:
        visits = at_work if told.get("side") == STAFF_SIDE else as_family
        others = {of_guests.get(told.get("guest_place", "")), of_referrals.get(told.get("referral", ""))} - {None}
        return (
            seen.issuperset(_people(told) | others)
            and enrolments.issuperset(_ids([told], "enrolment"))
            and visits.issuperset(_ids([told], "visit", "visits"))
            and told.get("referral") not in kept_from
        )

    return {message.pk for message in messages if not is_shown(message.facts)}


def listed_notices(messages: Iterable[Message], hidden: Collection[uuid.UUID]) -> list[Message]:
    """Return the messages without those of hidden ones that never reached their reader.

    That there was something to tell is as secret as the words; of what she was told she knows.
    """
    return [each for each in messages if each.pk not in hidden or each.state == Message.State.SENT]


def _people(told: dict[str, Any]) -> set[str]:
    """Return the people whom a message names: children of a date, of several dates, or who comes to a visit."""
    changed = (key for change in told.get("changes") or () for key in change.get("children") or ())
    return {*(told.get("children") or ()), *(told.get("people") or ()), *changed}


def _of_staff(facts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (told for told in facts if told.get("side") == STAFF_SIDE)


def _ids(facts: Iterable[dict[str, Any]], *names: str) -> set[str]:
    found: set[str] = set()
    for told in facts:
        for name in names:
            value = told.get(name) or ()
            found |= {value} if isinstance(value, str) else set(value)
    return found


def _seen(rows: QuerySet[Any], keys: Collection[str]) -> set[str]:
    return {str(key) for key in rows.filter(pk__in=keys).values_list("pk", flat=True)} if keys else set()


def _people_of(rows: QuerySet[Any], column: str, keys: Collection[str]) -> dict[str, str]:
    found = rows.filter(pk__in=keys).values_list("pk", column) if keys else ()
    return {str(key): str(person) for key, person in found}


def _referrals_kept_from(reader: Account, keys: Collection[str], on: date) -> set[str]:
    """Return the referrals to services whose visits a decision hides from the reader."""
    if not keys:
        return set()
    decisions = CareDecision.objects.in_force(on).hiding_from(reader.person_id).filter(appointment__isnull=True)
    hidden = set(decisions.values_list("person_id", "service_id"))
    rows = Referral.objects.filter(pk__in=keys).values_list("pk", "person_id", "service_id")
    return {str(key) for key, person, service in rows if {(person, service), (person, None)} & hidden}
