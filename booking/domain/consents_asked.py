"""What agreement is asked for a child, in which words, and who has agreed. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from booking.models import Consent, ConsentPurpose, ConsentText, Enrolment, Group, Guardianship, Person, Referral
from booking.models.names import title_key
from scheduler.models.prepared import PreparedQuery

WHERE = ("groups", "activities", "services")


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
    required = sorted(REQUIRED.objects(group_id=group.pk, activity_id=group.activity_id), key=str)
    return [asked.purpose for asked in consents_asked(child=child, purposes=required, on=on) if asked.is_missing]


def _required(*, group_id: uuid.UUID, activity_id: uuid.UUID) -> QuerySet[ConsentPurpose]:
    asking = Q(activities=activity_id) | Q(groups=group_id)
    return ConsentPurpose.objects.filter(asking).order_by("pk").distinct()


REQUIRED = PreparedQuery(_required)


def purposes_of(child: Person) -> list[ConsentPurpose]:
    """Return what is asked for a child: by her groups, by services she was referred to, and what was agreed to before.

    A service asks when somebody wants a visit to it, so all that services of her centres ask can be agreed to before.
    """
    live = Enrolment.objects.live().filter(child=child)
    required = Q(groups__in=live.values("group_id")) | Q(activities__in=live.values("group__activity_id"))
    agreed = Q(consents__in=Consent.objects.standing().filter(child=child))
    of_services = Q(services__centre__households__members=child)
    return _in_order(ConsentPurpose.objects.filter(required | agreed | of_services).distinct())


def _in_order(purposes: Iterable[ConsentPurpose]) -> list[ConsentPurpose]:
    return sorted(purposes, key=lambda purpose: title_key(purpose.name))


def signers_of(child: Person, on: date) -> list[Person]:
    """Return who may agree for this person on that day: guardians with the right, or she herself if she has none."""
    return _signers([child], on)[child.pk]


def family_consents(children: Sequence[Person], *, on: date) -> dict[uuid.UUID, list[Asked]]:
    """Return what is asked for each of these people and how it stands, in a fixed number of queries."""
    ids = [child.pk for child in children]
    given = list(_given(children))
    live = list(Enrolment.objects.live().filter(child__in=ids).values_list("child", "group", "group__activity"))
    required = Q(groups__in={group for _child, group, _activity in live})
    required |= Q(activities__in={activity for _child, _group, activity in live})
    required |= Q(pk__in={consent.purpose_id for consent in given})
    wanted = list(Referral.objects.open().filter(person__in=ids).values_list("person", "service"))
    required |= Q(services__in={service for _person, service in wanted})
    purposes = _in_order(ConsentPurpose.objects.filter(required).distinct().prefetch_related(*WHERE))
    if not purposes:
        return {key: [] for key in ids}
    texts, signers = _texts(purposes, on), _signers(children, on)
    goes_to: dict[uuid.UUID, set[uuid.UUID]] = {key: set() for key in ids}
    for child_id, group_id, activity_id in live:
        goes_to[child_id] |= {group_id, activity_id}
    for person_id, service_id in wanted:
        goes_to[person_id].add(service_id)
    for consent in given:
        goes_to[consent.child_id].add(consent.purpose_id)
    return {
        key: [
            _standing(purpose, texts[purpose.pk], _about(given, key, purpose), signers[key])
            for purpose in purposes
            if purpose.pk in texts and goes_to[key] & _asking(purpose)
        ]
        for key in ids
    }


def consents_asked(*, child: Person, purposes: Sequence[ConsentPurpose], on: date) -> list[Asked]:
    """Return how each of these purposes stands for a child on that day; one without words in force is left out.

    Agreement to an earlier version counts until a version comes that asks anew, and only of those who have the right to
    consent on that day.
    """
    if not purposes:
        return []
    texts, signers = _texts(purposes, on), signers_of(child, on)
    given = list(_given([child]))
    return [
        _standing(purpose, texts[purpose.pk], _about(given, child.pk, purpose), signers)
        for purpose in purposes
        if purpose.pk in texts
    ]


def _given(children: Iterable[Person]) -> QuerySet[Consent]:
    standing = Consent.objects.standing().filter(child__in=[child.pk for child in children])
    return standing.select_related("given_by", "text").order_by("recorded_at")


def _about(given: Iterable[Consent], child_id: uuid.UUID, purpose: ConsentPurpose) -> list[Consent]:
    return [each for each in given if each.child_id == child_id and each.purpose_id == purpose.pk]


def _asking(purpose: ConsentPurpose) -> set[uuid.UUID]:
    """Return the groups, activities and services that ask, and the purpose itself, for whoever agreed to it before."""
    asking = (*purpose.groups.all(), *purpose.activities.all(), *purpose.services.all())
    return {purpose.pk, *(each.pk for each in asking)}


def _texts(purposes: Sequence[ConsentPurpose], on: date) -> dict[uuid.UUID, list[ConsentText]]:
    texts: dict[uuid.UUID, list[ConsentText]] = {}
    for text in ConsentText.objects.in_force(on).filter(purpose__in=purposes):
        texts.setdefault(text.purpose_id, []).append(text)
    return texts


def _signers(children: Sequence[Person], on: date) -> dict[uuid.UUID, list[Person]]:
    """Return the signers of each person, in two queries."""
    ids = [child.pk for child in children]
    signers: dict[uuid.UUID, list[Person]] = {key: [] for key in ids}
    rights = Guardianship.objects.in_force(on).filter(child__in=ids, can_consent=True).select_related("guardian")
    for right in rights.order_by("guardian_id"):
        signers[right.child_id].append(right.guardian)
    guarded = set(Guardianship.objects.filter(child__in=ids).values_list("child_id", flat=True))
    return {child.pk: signers[child.pk] if child.pk in guarded else [child] for child in children}


def _standing(
    purpose: ConsentPurpose, texts: Sequence[ConsentText], consents: Iterable[Consent], signers: Sequence[Person]
) -> Asked:
    asked_from = max((text.version for text in texts if text.asks_anew), default=1)
    valid = tuple(each for each in consents if each.text.version >= asked_from)
    agreed = {each.given_by_id for each in valid}
    open_to = tuple(person for person in signers if person.pk not in agreed)
    enough = not open_to if purpose.all_guardians else len(open_to) < len(signers)
    return Asked(purpose, texts[0], valid, open_to, is_missing=not (signers and enough))
