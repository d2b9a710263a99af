"""Giving a place in a group and giving it back; joining the line where there is none."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.consent_holds import hold_for_consents
from booking.domain.consents_asked import missing_consents
from booking.domain.line_log import log_step
from booking.domain.places import change_status, granted_status, open_place, take_free_place
from booking.domain.recipients import desk_of, recipients_about
from booking.domain.refusals import full_refusal, refusal_to_withdraw, rule_refusal
from booking.domain.telling import tell_family, tell_place
from booking.domain.waitlist import give_back, leave_line, offer_on
from booking.errors import Refusal, Refused
from booking.locks import lock_enrolment, lock_line, lock_person, lock_places
from booking.models import Account, Enrolment, Group, LineEvent, Offer, Person
from notifications.outbox import enqueue

Status = Enrolment.Status


def enrol_child(  # noqa: PLR0913  an enrolment is made of these facts
    *,
    child: Person,
    group: Group,
    by: Account,
    now: datetime,
    note: str = "",
    by_desk: bool = False,
    over_cap_reason: str = "",
    basis: str = Enrolment.Basis.REQUEST,
) -> Enrolment:
    """Enrol `child` in `group` for the whole course, or put her in its line, and queue the message to her guardians.

    Where all places are taken or somebody waits already, she joins the line if the group has one. With an
    `over_cap_reason` the desk gives a place all the same, out of turn and beyond the capacity if need be; the reason
    stays in the log. The rules are decided under the child's lock and the places under the group's, so that parallel
    requests never pass the capacity; what many wait for at once is held for the shortest time. `group` is brought to
    the present. The caller has made sure that `by` may book for the child. Raises Refused with the reason; then nothing
    has changed.
    """
    decided = _enrol(
        child=child,
        group=group,
        by=by,
        now=now,
        note=note,
        by_desk=by_desk,
        over_cap_reason=over_cap_reason,
        basis=basis,
    )
    if isinstance(decided, Enrolment):
        return decided
    raise Refused(decided)


# A refusal is returned, not raised: nothing was written yet, so that a transaction around this one goes on without a
# savepoint, which would be two more questions.
@transaction.atomic(savepoint=False)
def _enrol(  # noqa: PLR0913  as above
    *,
    child: Person,
    group: Group,
    by: Account,
    now: datetime,
    note: str,
    by_desk: bool,
    over_cap_reason: str,
    basis: str,
) -> Enrolment | Refusal:
    child = lock_person(child.pk)
    reason = rule_refusal(child=child, group=group, now=now, by_desk=by_desk)
    if reason is not None:
        return reason
    on = timezone.localdate(now, group.term.timetable.tz)
    needs_consents = bool(missing_consents(child=child, group=group, on=on))
    recipients = recipients_about(child, on=on)
    is_counted = take_free_place(group, now=now)
    if not is_counted:
        lock_places(group)
    at_once = is_counted or group.takes_at_once
    out_of_turn = by_desk and bool(over_cap_reason.strip()) and not at_once
    reason = None if at_once or out_of_turn else full_refusal(group)
    if reason is not None:
        return reason
    joins = not at_once and not out_of_turn
    entry = open_place(
        child=child,
        group=group,
        status=Status.WAITING if joins else granted_status(group, by_desk=by_desk),
        by=by,
        now=now,
        beyond=out_of_turn,
        is_counted=is_counted,
        note=note,
        basis=basis,
    )
    if joins:
        log_step(entry, LineEvent.Kind.JOINED, now=now, by=by)
    elif out_of_turn:
        log_step(entry, LineEvent.Kind.ADDED, now=now, by=by, reason=over_cap_reason)
    if not (needs_consents and hold_for_consents(entry, now=now)):
        tell_place(entry, now=now, recipients=recipients)
    return entry


@transaction.atomic
def withdraw_child(*, enrolment_id: uuid.UUID, now: datetime, by: Account | None = None) -> Enrolment:
    """End an enrolment or leave the line; a freed place goes to the next in line at once.

    A withdrawn one is left as it is, so that repeating is safe. An offered place is given back as `decline_offer`
    does, with those of the bundle. The caller has made sure that the enrolment is one the person may end.
    Raises Enrolment.DoesNotExist.
    """
    entry, was = end_place(enrolment_id=enrolment_id, now=now, by=by)
    if was:
        tell_family(entry, kind="withdrawn", now=now, cause=f"withdrawn:{entry.pk}", facts={"was": was})
    return entry


@transaction.atomic
def end_place(*, enrolment_id: uuid.UUID, now: datetime, by: Account | None = None) -> tuple[Enrolment, str]:
    """End an enrolment as `withdraw_child` does, but tell nobody; return it with the status it had, "" if it was over.

    Raises Enrolment.DoesNotExist.
    """
    group_id = Enrolment.objects.values_list("group_id", flat=True).get(pk=enrolment_id)
    groups = lock_line(group_id)
    entry = lock_enrolment(enrolment_id)
    entry.group = groups[group_id]
    if not entry.is_live:
        return entry, ""
    was = entry.status
    if was == Status.OFFERED:
        give_back(entry, groups, Offer.Status.DECLINED, LineEvent.Kind.DECLINED, now=now, by=by)
    elif was == Status.WAITING:
        leave_line(entry, now=now, by=by)
    else:
        change_status(entry, Status.WITHDRAWN, now=now)
    offer_on(groups, now=now)
    return entry, was


@transaction.atomic
def withdraw_as_family(*, enrolment_id: uuid.UUID, by: Account, now: datetime) -> Refusal | None:
    """End an enrolment as its family, or return why the family cannot; repeating is safe.

    Where a court referred the child, the desk of the centre is told that the family asked, once a day.
    Raises Enrolment.DoesNotExist.
    """
    found = Enrolment.objects.select_related("child", "group__activity", "group__term__timetable")
    entry = found.get(pk=enrolment_id)
    reason = refusal_to_withdraw(enrolment=entry) if entry.is_live else None
    if reason is None:
        withdraw_child(enrolment_id=enrolment_id, now=now, by=by)
    elif reason.code == "court_referred":
        today = timezone.localdate(now, entry.group.term.timetable.tz)
        enqueue(
            recipients=desk_of(entry.group.activity.centre_id, on=today),
            kind="court_withdrawal_asked",
            facts={"enrolment": str(entry.pk)},
            cause=f"court-withdrawal-asked:{entry.pk}:{today}",
            now=now,
        )
    return reason
