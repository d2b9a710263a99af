"""What two records of one person hold twice: one of each is kept, and what either of them forbids goes on holding."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from booking.domain.enrolment import end_place
from booking.models import (
    Absence,
    Account,
    Consent,
    Enrolment,
    Guardianship,
    GuestPlace,
    Household,
    HouseholdMember,
    Invitation,
    MakeUpCredit,
    Person,
    PickupRule,
)
from booking.models.names import plain

# Of two live places in one group the one that stands further is kept, then the older one.
FURTHEST_FIRST = ("enrolled", "offered", "pending", "waiting")
RIGHTS = ("can_view", "can_book", "can_collect", "can_consent")
Row = TypeVar("Row", Consent, PickupRule)
Seat = tuple[uuid.UUID, uuid.UUID]  # a group and a meeting of it


class Pair(NamedTuple):
    """The record that is kept and the one that is given up."""

    keep: Person
    give_up: Person

    def as_kept(self, person_id: uuid.UUID) -> uuid.UUID:
        """Return whose id it will be."""
        return self.keep.pk if person_id == self.give_up.pk else person_id


def end_doubled_places(pair: Pair, *, by: Account, now: datetime) -> int:
    """End one of two live places in the same group, wherever both records have one; return how many.

    The kept one takes over whom it comes together with, so that ending the other touches no sibling.
    """
    places: dict[Hashable, list[Enrolment]] = defaultdict(list)
    live = Enrolment.objects.live().filter(child__in=pair)
    for place in sorted(live, key=lambda each: (FURTHEST_FIRST.index(each.status), each.created_at)):
        places[place.group_id].append(place)
    doubled = 0
    for _group_id, (kept, *others) in sorted(places.items(), key=lambda item: str(item[0])):
        for other in others:
            basis = Enrolment.Basis.COURT if other.basis == Enrolment.Basis.COURT else kept.basis
            Enrolment.objects.filter(pk=other.pk).update(wish=None, bundle=None)
            Enrolment.objects.filter(pk=kept.pk).update(
                wish=kept.wish or other.wish, bundle=kept.bundle or other.bundle, basis=basis
            )
            end_place(enrolment_id=other.pk, now=now, by=by)
            doubled += 1
    return doubled


def join_guardianships(pair: Pair) -> int:
    """Drop the guardianships that both records have and return how many.

    A ban or a missing right of either holds: what the centre was told to prevent is not allowed by a second record.
    """
    rows = Guardianship.objects.select_for_update(of=("self",))
    doubled = 0
    for mine, other in (("guardian", "child"), ("child", "guardian")):
        for row in list(rows.filter(**{mine: pair.give_up})):
            same = rows.filter(**{mine: pair.keep, other: getattr(row, f"{other}_id")}).first()
            if same is None:
                continue
            same.contact_ban = same.contact_ban or row.contact_ban
            same.court_reference = same.court_reference or row.court_reference
            for right in RIGHTS:
                setattr(same, right, getattr(same, right) and getattr(row, right))
            same.save()
            row.delete()
            doubled += 1
    return doubled


def join_homes(keep: Person | Household, give_up: Person | Household) -> int:
    """Let who lives in one home twice live there once, in all the weeks that either row says; return how many."""
    mine, other = ("person", "household_id") if isinstance(keep, Person) else ("household", "person_id")
    kept = {getattr(row, other): row for row in HouseholdMember.objects.filter(**{mine: keep})}
    doubled = [row for row in HouseholdMember.objects.filter(**{mine: give_up}) if getattr(row, other) in kept]
    for row in doubled:
        same = kept[getattr(row, other)]
        if same.weeks != row.weeks:
            same.weeks = HouseholdMember.Weeks.EVERY
            same.save(update_fields=["weeks"])
        row.delete()
    return len(doubled)


def join_invitations(pair: Pair) -> int:
    """Join two invitations to one group and return how many; what was last said about them holds."""
    kept = {row.group_id: row for row in Invitation.objects.filter(person=pair.keep)}
    doubled = list(Invitation.objects.filter(person=pair.give_up, group__in=kept))
    for row in doubled:
        same = kept[row.group_id]
        last = max(same, row, key=lambda each: each.decided_at or each.created_at)
        same.status, same.decided_at = last.status, last.decided_at
        same.save(update_fields=["status", "decided_at"])
        row.delete()
    return len(doubled)


def join_absences(pair: Pair, *, now: datetime) -> int:
    """Take back one of two absences from one meeting and return how many; a missed meeting gives one credit."""
    kept = {absence.session_id: absence for absence in Absence.objects.standing().filter(child=pair.keep)}
    doubled = list(Absence.objects.standing().filter(child=pair.give_up, session__in=kept))
    for other in doubled:
        _keep_one_credit(kept[other.session_id], other)
        other.withdrawn_at = now
        other.save(update_fields=["withdrawn_at"])
    return len(doubled)


def _keep_one_credit(kept: Absence, other: Absence) -> None:
    mine, others = (MakeUpCredit.objects.filter(absence=each).first() for each in (kept, other))
    if others is None:
        return
    if mine is None or (_is_used(others) and not _is_used(mine)):
        if mine is not None:
            mine.delete()
        others.absence = kept
        others.save(update_fields=["absence"])
    elif not _is_used(others):
        others.delete()  # where both are used, both promises stand


def _is_used(credit: MakeUpCredit) -> bool:
    return credit.guest_places.held().exists()


def end_doubled_guest_places(pair: Pair, *, now: datetime) -> list[Seat]:
    """End one of two guest places at one meeting, and coming ones in groups where she has a place; return the seats.

    A credit that was used for one that ends is free again.
    """
    own = set(Enrolment.objects.holding().filter(child__in=pair).values_list("group_id", flat=True))
    held = GuestPlace.objects.held().filter(child__in=pair).select_related("session").order_by("created_at")
    seen: set[uuid.UUID] = set()
    freed: list[Seat] = []
    for place in sorted(held, key=lambda each: each.status != GuestPlace.Status.COMING):
        is_her_own = place.group_id in own and place.session.starts_at > now
        if is_her_own or place.session_id in seen:
            place.status, place.decided_at = GuestPlace.Status.CANCELLED, now
            place.save(update_fields=["status", "decided_at"])
            freed.append((place.group_id, place.session_id))
        seen.add(place.session_id)
    return freed


def join_consents(pair: Pair, *, by: Account, now: datetime) -> int:
    """Let one of two equal consents stand and return how many were set aside; none is deleted.

    What was withdrawn in one record after it was given in the other is withdrawn.
    """
    rows = Consent.objects.filter(child__in=pair) | Consent.objects.filter(given_by__in=pair)
    history: dict[Hashable, list[Consent]] = defaultdict(list)
    for row in rows.distinct().order_by("recorded_at", "pk"):
        history[pair.as_kept(row.child_id), row.purpose_id, pair.as_kept(row.given_by_id)].append(row)
    doubled = 0
    for consents in history.values():
        for row, moment, writer in _withdrawn_elsewhere(consents, _whose_consent, "withdrawn"):
            row.withdrawn_at, row.withdrawn_by_id = moment, writer
            row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        stands: set[uuid.UUID] = set()
        for row in consents:
            if row.withdrawn_at is None and row.text_id in stands:
                row.withdrawn_at, row.withdrawn_by = now, by
                row.save(update_fields=["withdrawn_at", "withdrawn_by"])
                doubled += 1
            elif row.withdrawn_at is None:
                stands.add(row.text_id)
    return doubled


def _whose_consent(row: Consent) -> Hashable:
    return row.child_id, row.given_by_id


def join_pickup_rules(pair: Pair, *, by: Account, on: date, now: datetime) -> int:
    """Let one of two equal rules of collecting stand and return how many ended; a "never" stays whatever was revoked.

    What was revoked in one record after it was made in the other is revoked.
    """
    history: dict[tuple[str, str], list[PickupRule]] = defaultdict(list)
    for rule in PickupRule.objects.filter(child__in=pair).order_by("recorded_at", "pk"):
        history[rule.kind, plain(rule.name)].append(rule)
    doubled = 0
    for (kind, _name), rules in history.items():
        if kind != PickupRule.Kind.NEVER:
            for rule, moment, writer in _withdrawn_elsewhere(rules, lambda each: each.child_id, "revoked"):
                rule.revoked_at, rule.revoked_by_id = moment, writer
                rule.save(update_fields=["revoked_at", "revoked_by"])
        standing = [rule for rule in rules if rule.revoked_at is None and (rule.valid_until or date.max) > on]
        standing.sort(key=lambda each: (each.valid_until or date.max, -each.valid_from.toordinal()), reverse=True)
        for number, rule in enumerate(standing):
            if any(_covers(longer, rule) for longer in standing[:number] if longer.child_id != rule.child_id):
                rule.revoked_at, rule.revoked_by = now, by
                rule.save(update_fields=["revoked_at", "revoked_by"])
                doubled += 1
    return doubled


def _covers(longer: PickupRule, rule: PickupRule) -> bool:
    ends_later = (longer.valid_until or date.max) >= (rule.valid_until or date.max)
    return longer.revoked_at is None and longer.valid_from <= rule.valid_from and ends_later


def _withdrawn_elsewhere(
    rows: list[Row], whose: Callable[[Row], Hashable], word: str
) -> list[tuple[Row, datetime, uuid.UUID | None]]:
    """Return the standing rows made before the other record's last one was withdrawn, with when and by whom it was."""
    by_record: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        by_record[whose(row)].append(row)
    found = []
    for record, own in by_record.items():
        if any(getattr(row, f"{word}_at") is None for row in own):
            continue  # in that record it stands
        last = max(own, key=lambda row: getattr(row, f"{word}_at"))
        moment, writer = getattr(last, f"{word}_at"), getattr(last, f"{word}_by_id")
        for row in rows:
            stands = getattr(row, f"{word}_at") is None
            if whose(row) != record and stands and row.recorded_at < moment:
                found.append((row, moment, writer))
    return found
