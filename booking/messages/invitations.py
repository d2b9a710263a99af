"""The letters that invite a family into a group which is not open to everyone, and that take it back."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from booking.messages.enrolments import group_title, is_on_paper
from booking.messages.readers import people_told_of
from booking.messages.words import letter, until
from booking.models import Enrolment, Invitation
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message

TOLD = (Message.State.SENT, Message.State.SENDING)


@composes("invited")
def tell_invited(message: Message, now: datetime) -> Text:
    """Say to what somebody is invited and where the family answers; nobody has to."""
    related = ("person", "group__activity__centre", "group__term__timetable")
    invitation = Invitation.objects.select_related(*related).filter(pk=message.facts["invitation"]).first()
    if invitation is None or not invitation.is_open:
        raise NothingToTellError("the invitation was answered or revoked before the letter was sent")
    if not people_told_of(message.recipient_id, [invitation.person_id], on=timezone.localdate(now)):
        raise NothingToTellError("the reader may no longer be told of this person")
    group = invitation.group
    zone = group.term.timetable.tz
    facts = {
        "child": invitation.person.given_name,
        "title": group_title(group),
        "until": until(group.closes_at, zone) if group.closes_at else "",
        "on_paper": is_on_paper(message),
        "link": settings.PUBLIC_URL.rstrip("/") + reverse("family-invitation", args=[invitation.pk]),
    }
    return letter("invited", facts, centre=group.activity.centre, zone=zone)


@composes("invitation_revoked")
def tell_revoked(message: Message, now: datetime) -> Text:
    """Say that an invitation does not hold any more, to who was told of it and has no place by it."""
    related = ("person", "group__activity__centre", "group__term__timetable")
    invitation = Invitation.objects.select_related(*related).filter(pk=message.facts["invitation"]).first()
    if invitation is None or invitation.status != Invitation.Status.REVOKED:
        raise NothingToTellError("the invitation was opened again before the letter was sent")
    told = Message.objects.filter(dedupe_key__startswith=f"{message.facts['invited']}:", kind="invited")
    if not told.filter(recipient_id=message.recipient_id, state__in=TOLD).exists():
        raise NothingToTellError("the reader was never told of the invitation")
    if not people_told_of(message.recipient_id, [invitation.person_id], on=timezone.localdate(now)):
        raise NothingToTellError("the reader may no longer be told of this person")
    group = invitation.group
    if Enrolment.objects.live().filter(group=group, child=invitation.person_id).exists():
        raise NothingToTellError("there is a place by it, which stays")
    facts = {"child": invitation.person.given_name, "title": group_title(group)}
    return letter("invitation_revoked", facts, centre=group.activity.centre, zone=group.term.timetable.tz)
