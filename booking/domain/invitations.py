"""Inviting people into a group that is not open to everyone: inviting, revoking, and a family that says no."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from booking.domain.recipients import recipients_about
from booking.domain.refusals import refusal_for
from booking.errors import Refusal, Refused, refusal
from booking.locks import lock_group, lock_person
from booking.models import Account, Group, Invitation, Person
from notifications.models import Message
from notifications.outbox import enqueue

Status = Invitation.Status


def refusal_to_invite(*, person: Person, group: Group, now: datetime) -> Refusal | None:
    """Return why it makes no sense to invite this person, or None: the group asks for none, or she cannot join it.

    Whether there is a place is left aside: who is invited may wait in line.
    """
    if group.entry != Group.Entry.INVITED:
        return refusal("not_by_invitation")
    if group.has_ended_at(now):
        return refusal("enrolment_closed")
    reason = refusal_for(child=person, group=group, now=now, by_desk=True)
    return None if reason is None or reason.code == "full" else reason


@transaction.atomic
def invite_person(*, person: Person, group: Group, by: Account, now: datetime) -> Invitation:
    """Let one person ask for a place in a group for the invited, and tell her family.

    Inviting again changes nothing; one that was declined or revoked is open again, and told again. The caller has made
    sure that `by` serves both. Raises Refused (`not_by_invitation`, `already_enrolled`, or why she cannot join); then
    nothing has changed.
    """
    person, group = lock_person(person.pk), lock_group(group.pk)
    reason = refusal_to_invite(person=person, group=group, now=now)
    if reason is not None:
        raise Refused(reason)
    facts = {"invited_by": by, "created_at": now}
    invitation, is_new = Invitation.objects.get_or_create(group=group, person=person, defaults=facts)
    if not is_new and invitation.is_open:
        return invitation
    invitation.status, invitation.invited_by = Status.OPEN, by
    invitation.created_at, invitation.decided_at = now, None
    invitation.save()
    enqueue(
        recipients=recipients_about(person, on=timezone.localdate(now, group.term.timetable.tz)),
        kind="invited",
        facts={"invitation": str(invitation.pk), "children": [str(person.pk)]},
        cause=_cause(invitation),
        now=now,
    )
    return invitation


@transaction.atomic
def decline_invitation(*, invitation_id: uuid.UUID, now: datetime) -> Invitation:
    """Say no to an invitation as the family; the way in stays open for second thoughts. Repeating changes nothing.

    Raises Invitation.DoesNotExist.
    """
    wanted = Invitation.objects.filter(pk=invitation_id, status=Status.OPEN)
    wanted.update(status=Status.DECLINED, decided_at=now)
    return Invitation.objects.select_related("person", "group").get(pk=invitation_id)


@transaction.atomic
def revoke_invitation(*, invitation_id: uuid.UUID, now: datetime) -> Invitation:
    """Take an invitation back and tell whoever was told of it; a place that was given meanwhile stays.

    Nobody is told who said no to it, and what nobody was told yet is told no more. Repeating changes nothing. Raises
    Invitation.DoesNotExist.
    """
    found = Invitation.objects.select_for_update(of=("self",)).select_related("person", "group__term__timetable")
    invitation = found.get(pk=invitation_id)
    if invitation.status == Status.REVOKED:
        return invitation
    was_open = invitation.is_open
    invitation.status, invitation.decided_at = Status.REVOKED, now
    invitation.save(update_fields=["status", "decided_at"])
    cause = _cause(invitation)
    untold = Message.objects.for_the_desk().filter(dedupe_key__startswith=f"{cause}:")
    untold.order_by().update(state=Message.State.SUPPRESSED, error="the invitation was revoked before it was told")
    if was_open:
        person, zone = invitation.person, invitation.group.term.timetable.tz
        enqueue(
            recipients=recipients_about(person, on=timezone.localdate(now, zone)),
            kind="invitation_revoked",
            facts={"invitation": str(invitation.pk), "children": [str(person.pk)], "invited": cause},
            cause=f"{cause}:revoked",
            now=now,
        )
    return invitation


def _cause(invitation: Invitation) -> str:
    """Return what gives rise to the letters about an invitation: each time it is opened, anew."""
    return f"invited:{invitation.pk}:{invitation.created_at.isoformat()}"
