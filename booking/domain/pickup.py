"""Who may collect a child: reading it for the door, and making and revoking the rules."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from booking.domain.consents_asked import signers_of
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.models import Account, Guardianship, Person, PickupRule
from booking.models.names import plain

Kind = PickupRule.Kind
Way = PickupRule.Way


@dataclass(frozen=True, slots=True)
class PickupCard:
    """What the door must know of one child: who is stopped, who may collect, and whether she goes home alone."""

    child: Person
    barred: tuple[str, ...]
    never: tuple[PickupRule, ...]
    not_collecting: tuple[Guardianship, ...]
    guardians: tuple[Guardianship, ...]
    others: tuple[PickupRule, ...]
    alone: PickupRule | None

    @property
    def stops(self) -> list[str]:
        """The names of those to whom the child is not to be handed over, whatever they say."""
        return [*self.barred, *(rule.name for rule in self.never)]


def pickup_cards(children: Iterable[Person], *, on: date) -> list[PickupCard]:
    """Return the card of each child for that day, in three queries. A contact ban stops without regard to dates."""
    known = list(children)
    ids = [child.pk for child in known]
    rights: dict[uuid.UUID, list[Guardianship]] = defaultdict(list)
    in_force = Guardianship.objects.in_force(on).filter(child__in=ids).select_related("guardian")
    for right in in_force.order_by("guardian_id"):
        rights[right.child_id].append(right)
    barred: dict[uuid.UUID, list[str]] = defaultdict(list)
    for ban in Guardianship.objects.filter(child__in=ids, contact_ban=True).select_related("guardian"):
        barred[ban.child_id].append(str(ban.guardian))
    rules: dict[uuid.UUID, list[PickupRule]] = defaultdict(list)
    for rule in PickupRule.objects.in_force(on).filter(child__in=ids).order_by("name", "pk"):
        rules[rule.child_id].append(rule)
    return [_card(child, barred[child.pk], rights[child.pk], rules[child.pk]) for child in known]


def _card(child: Person, barred: list[str], rights: list[Guardianship], rules: list[PickupRule]) -> PickupCard:
    stopped = {plain(name) for name in [*barred, *(rule.name for rule in rules if rule.kind == Kind.NEVER)]}
    others = (rule for rule in rules if rule.kind == Kind.COLLECTS and plain(rule.name) not in stopped)
    return PickupCard(
        child=child,
        barred=tuple(barred),
        never=tuple(rule for rule in rules if rule.kind == Kind.NEVER),
        not_collecting=tuple(right for right in rights if not right.can_collect),
        guardians=tuple(right for right in rights if right.can_collect and plain(str(right.guardian)) not in stopped),
        others=tuple(others),
        alone=next((rule for rule in rules if rule.kind == Kind.ALONE), None),
    )


@transaction.atomic
def add_pickup_rule(  # noqa: PLR0913  the sentence is made of these facts
    *,
    child: Person,
    kind: str,
    signed_by: Person,
    by: Account,
    now: datetime,
    today: date,
    valid_from: date,
    name: str = "",
    bond: str = "",
    valid_until: date | None = None,
    paper_place: str = "",
) -> PickupRule:
    """Store who may collect `child`, who may never, or that she goes home alone, as a guardian put it in writing.

    On the page a guardian may only add somebody who collects; the other two need a signed paper, whose place is given.
    Raises Refused (`needs_paper`, `may_not_decide` for who has no right to consent, `barred_person`,
    `guardian_collects` for stopping a guardian by mere wish: that is a court's to do).
    """
    child = lock_person(child.pk)
    if kind != Kind.COLLECTS and not paper_place:
        raise Refused(refusal("needs_paper"))
    if signed_by.pk not in {person.pk for person in signers_of(child, today)}:
        raise Refused(refusal("may_not_decide", name=signed_by.given_name, child=child.given_name))
    card = pickup_cards([child], on=today)[0]
    if kind == Kind.COLLECTS and plain(name) in {plain(stop) for stop in card.stops}:
        raise Refused(refusal("barred_person", name=name, child=child.given_name))
    if kind == Kind.NEVER and plain(name) in {plain(str(right.guardian)) for right in card.guardians}:
        raise Refused(refusal("guardian_collects", name=name))
    return PickupRule.objects.create(
        child=child,
        kind=kind,
        name="" if kind == Kind.ALONE else name.strip(),
        bond=bond.strip(),
        valid_from=valid_from,
        valid_until=valid_until,
        way=Way.PAPER if paper_place else Way.PAGE,
        signed_by=signed_by,
        paper_place=paper_place,
        recorded_by=by,
        recorded_at=now,
    )


@transaction.atomic
def revoke_pickup_rule(*, rule_id: uuid.UUID, by: Account, now: datetime) -> PickupRule:
    """End a rule at once; repeating it changes nothing. The caller has made sure that `by` may. Raises DoesNotExist."""
    lock_person(PickupRule.objects.values_list("child_id", flat=True).get(pk=rule_id))
    rule = PickupRule.objects.get(pk=rule_id)
    if rule.revoked_at is None:
        rule.revoked_at, rule.revoked_by = now, by
        rule.save(update_fields=["revoked_at", "revoked_by"])
    return rule
