"""What agreement is asked for a child, in which words, and who has agreed. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from booking.models import Consent, ConsentPurpose, ConsentText, Enrolment, Group, Guardianship, Person


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose asked for one child: the words of the day, who agreed to them, and who has not yet but may."""

    purpose: ConsentPurpose
    text: ConsentText
    given: tuple[Consent, ...]
    open_to: tuple[Person, ...]
    is_missing: bool


def missing_consents(*, child: Person, group: Group, on: date) -> list[ConsentPurpose]:
    """Return the purposes that this group or its activity needs agreement for and that not all, or nobody, agreed to.

    Where nothing is required, which is the rule, this is one query.
    """
    required = ConsentPurpose.objects.filter(Q(activities=group.activity_id) | Q(groups=group)).distinct()
    return [asked.purpose for asked in consents_asked(child=child, purposes=list(required), on=on) if asked.is_missing]


def purposes_of(child: Person) -> list[ConsentPurpose]:
    """Return what is asked for a child by the groups she has or wants a place in, and what was agreed to before."""
    live = Enrolment.objects.live().filter(child=child)
    required = Q(groups__in=live.values("group_id")) | Q(activities__in=live.values("group__activity_id"))
    agreed = Q(consents__in=Consent.objects.standing().filter(child=child))
    return list(ConsentPurpose.objects.filter(required | agreed).distinct().order_by("name"))


def signers_of(child: Person, on: date) -> list[Person]:
    """Return who may agree for this person on that day: guardians with the right, or she herself if she has none."""
    rights = Guardianship.objects.in_force(on).filter(child=child, can_consent=True).select_related("guardian")
    signers = [right.guardian for right in rights.order_by("guardian_id")]
    guarded = bool(signers) or Guardianship.objects.filter(child=child).exists()
    return signers if guarded else [child]


def consents_asked(*, child: Person, purposes: Sequence[ConsentPurpose], on: date) -> list[Asked]:
    """Return how each of these purposes stands for a child on that day; one without words in force is left out.

    Agreement to an earlier version counts until a version comes that asks anew, and only of those who have the right to
    consent on that day.
    """
    if not purposes:
        return []
    texts: dict[uuid.UUID, list[ConsentText]] = {}
    for text in ConsentText.objects.in_force(on).filter(purpose__in=purposes):
        texts.setdefault(text.purpose_id, []).append(text)
    signers = signers_of(child, on)
    given = Consent.objects.standing().filter(child=child, purpose__in=purposes)
    consents = list(given.select_related("given_by", "text").order_by("recorded_at"))
    return [
        _standing(purpose, texts[purpose.pk], [each for each in consents if each.purpose_id == purpose.pk], signers)
        for purpose in purposes
        if purpose.pk in texts
    ]


def _standing(
    purpose: ConsentPurpose, texts: Sequence[ConsentText], consents: Iterable[Consent], signers: Sequence[Person]
) -> Asked:
    asked_from = max((text.version for text in texts if text.asks_anew), default=1)
    valid = tuple(each for each in consents if each.text.version >= asked_from)
    agreed = {each.given_by_id for each in valid}
    open_to = tuple(person for person in signers if person.pk not in agreed)
    enough = not open_to if purpose.all_guardians else len(open_to) < len(signers)
    return Asked(purpose, texts[0], valid, open_to, is_missing=not (signers and enough))
