"""The line of a group: who is next, and the timed offers that hold a place.

The order is the line number, given under the group's lock and never changed. Whoever cannot take the place at the
moment is passed over with a reason in the log and keeps her place in line. Groups that share a wish or a family bundle
are locked together, in key order.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from booking.domain.line_log import log_step
from booking.domain.offer_times import offer_deadline
from booking.domain.places import change_status
from booking.domain.refusals import refusal_for
from booking.domain.telling import tell_family
from booking.errors import Refusal, Refused, refusal
from booking.locks import linked_groups, lock_line
from booking.models import Account, Enrolment, Group, LineEvent, Offer

Groups = dict[uuid.UUID, Group]
Status = Enrolment.Status
Step = LineEvent.Kind


def position_of(entry: Enrolment) -> int | None:
    """Return the place in line, 1 for the next one, or None for who is not waiting."""
    if entry.status != Status.WAITING:
        return None
    ahead = Enrolment.objects.waiting().filter(group=entry.group_id, line_number__lt=entry.line_number)
    return ahead.count() + 1


@transaction.atomic
def promote(*, group_id: uuid.UUID, now: datetime) -> list[Offer]:
    """Offer every free place of a group to the next in line and return the offers made.

    Nothing is offered after the cut-off, nor at night unless the start is near: then the place stays free but kept for
    the line, and the worker asks again in the morning. Safe to repeat.
    """
    return promote_locked(lock_line(group_id), group_id, now=now)


def promote_waiting_groups(*, now: datetime) -> int:
    """Offer the places that a night, an enlargement or a linked line left free; returns how many offers were made."""
    groups = Group.objects.with_free_places().filter(waiting__gt=0).order_by("pk")
    return sum(len(promote(group_id=key, now=now)) for key in list(groups.values_list("pk", flat=True)))


def promote_locked(groups: Groups, group_id: uuid.UUID, *, now: datetime) -> list[Offer]:
    """As `promote`, for a caller that holds the locks. A line with links beyond them is left to the worker."""
    group = groups[group_id]
    if group.free_places <= 0 or not group.waiting or not linked_groups([group_id]) <= groups.keys():
        return []
    ends = {group_id: offer_deadline(group, now=now)}
    if ends[group_id] is None:
        return []
    offers: list[Offer] = []
    tried: set[uuid.UUID] = set()
    for entry in Enrolment.objects.waiting().filter(group=group).select_related("child"):
        if group.free_places <= 0:
            break
        if entry.pk not in tried:
            together = _together(entry, groups)
            tried.update(each.pk for each in together)
            offers += _offer_or_pass_over(together, ends, now)
    return offers


def offer_on(groups: Groups, *, now: datetime) -> None:
    """Offer what is free in any of these groups to those in line. The caller holds the locks of `lock_line`."""
    for group_id in sorted(groups):
        promote_locked(groups, group_id, now=now)


@transaction.atomic
def offer_out_of_turn(*, enrolment_id: uuid.UUID, reason: str, by: Account, now: datetime) -> list[Offer]:
    """Offer a free place to somebody in line although others wait before her; the reason stays in the log of each.

    A family bundle is offered whole. Raises Refused (`not_waiting`, `full`, `no_offer_now`, `reason_missing`,
    `changed_meanwhile` or why she cannot take the place) and Enrolment.DoesNotExist; then nothing has changed.
    """
    group_id = Enrolment.objects.values_list("group_id", flat=True).get(pk=enrolment_id)
    groups = lock_line(group_id)
    if not linked_groups([group_id]) <= groups.keys():
        raise Refused(refusal("changed_meanwhile"))  # a family joined just before the lock
    entry = Enrolment.objects.select_related("child").get(pk=enrolment_id)
    if entry.status != Status.WAITING:
        raise Refused(refusal("not_waiting", child=entry.child.given_name))
    together = _together(entry, groups)
    ends = {each.group_id: offer_deadline(each.group, now=now) for each in together}
    why_not = _why_not(together, now) or (refusal("no_offer_now") if None in ends.values() else None)
    if why_not is not None:
        raise Refused(why_not)
    mine = {each.pk for each in together}
    ahead = [each for each in _ahead_of(entry) if each.pk not in mine]
    if ahead and not reason.strip():
        raise Refused(refusal("reason_missing"))
    for each in ahead:
        log_step(each, Step.SKIPPED, now=now, by=by, reason=reason)
    return _offer(together, ends, now, by=by, reason=reason if ahead else "")


def leave_line(entry: Enrolment, *, now: datetime, by: Account | None = None) -> None:
    """Take somebody out of a line, with what is held for her; `entry.group` is the locked row."""
    close_offers(entry, Offer.Status.DECLINED, now=now)
    change_status(entry, Status.WITHDRAWN, now=now)
    log_step(entry, Step.LEFT, now=now, by=by)


def give_back(
    entry: Enrolment, groups: Groups, status: Offer.Status, step: Step, *, now: datetime, by: Account | None = None
) -> None:
    """End what is held for somebody, together with her bundle: a family comes whole or not at all."""
    for each in offered_together(entry, groups):
        close_offers(each, status, now=now)
        change_status(each, Status.WITHDRAWN, now=now)
        log_step(each, step, now=now, by=by)


def offered_together(entry: Enrolment, groups: Groups) -> list[Enrolment]:
    """Return everyone of the bundle for whom a place is held with this one: herself first."""
    others: Iterable[Enrolment] = ()
    if entry.bundle is not None:
        offered = Enrolment.objects.filter(bundle=entry.bundle, status=Status.OFFERED).exclude(pk=entry.pk)
        others = offered.select_related("child").order_by("group_id", "line_number")
    return _grouped([entry, *others], groups)


def close_offers(entry: Enrolment, status: Offer.Status, *, now: datetime) -> None:
    """End the open offer of an entry, if there is one."""
    entry.offers.open().update(status=status, decided_at=now)


def _grouped(entries: list[Enrolment], groups: Groups) -> list[Enrolment]:
    for each in entries:
        each.group = groups[each.group_id]
    return entries


def _together(entry: Enrolment, groups: Groups) -> list[Enrolment]:
    """Return the entries that must get a place at once with this one: the family's bundle, or only itself."""
    if entry.bundle is None:
        return _grouped([entry], groups)
    bundle = Enrolment.objects.filter(bundle=entry.bundle, status=Status.WAITING).select_related("child")
    return _grouped(list(bundle.order_by("group_id", "line_number")), groups)


def _ahead_of(entry: Enrolment) -> list[Enrolment]:
    return list(Enrolment.objects.waiting().filter(group=entry.group_id, line_number__lt=entry.line_number))


def _offer_or_pass_over(
    together: list[Enrolment], ends: dict[uuid.UUID, datetime | None], now: datetime
) -> list[Offer]:
    for each in together:
        if each.group_id not in ends:
            ends[each.group_id] = offer_deadline(each.group, now=now)
    if any(ends[each.group_id] is None for each in together):
        return []  # a group of the bundle offers nothing now: they are asked again later
    with translation.override(settings.LANGUAGE_CODE), timezone.override(together[0].group.term.timetable.tz):
        reason = str(_why_not(together, now) or "")  # the log is kept in the language of the house
    if not reason:
        return _offer(together, ends, now)
    for each in together:
        _log_once(each, reason, now)
    return []


def _why_not(together: list[Enrolment], now: datetime) -> Refusal | None:
    needed = Counter(each.group_id for each in together)
    for each in together:
        if each.group.free_places < needed[each.group_id]:
            return refusal("bundle_needs_places", count=len(together)) if len(together) > 1 else refusal("full")
        if each.wish is not None and Enrolment.objects.filter(wish=each.wish, status=Status.OFFERED).exists():
            return refusal("offered_elsewhere", child=each.child.given_name)
        reason = refusal_for(child=each.child, group=each.group, now=now, entry=each)
        if reason is not None:
            return reason
    return None


def _log_once(entry: Enrolment, reason: str, now: datetime) -> None:
    """Log why she is passed over, once for the same reason in a row."""
    last = entry.line_events.last()
    if last is None or (last.kind, last.reason) != (Step.SKIPPED, reason[: LineEvent.REASON_LENGTH]):
        log_step(entry, Step.SKIPPED, now=now, reason=reason)


def _offer(
    together: list[Enrolment],
    ends: dict[uuid.UUID, datetime | None],
    now: datetime,
    by: Account | None = None,
    reason: str = "",
) -> list[Offer]:
    """Hold a place for each of them until the same moment."""
    expires_at = min(end for each in together if (end := ends[each.group_id]) is not None)
    offers = []
    for each in together:
        change_status(each, Status.OFFERED, now=now)
        offer = Offer.objects.create(enrolment=each, expires_at=expires_at, created_at=now)
        log_step(each, Step.OFFERED, now=now, by=by, reason=reason)
        tell_family(each, kind="offered", now=now, cause=f"offered:{offer.pk}", facts={"offer": str(offer.pk)})
        offers.append(offer)
    return offers
