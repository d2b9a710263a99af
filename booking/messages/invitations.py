"""The letter that invites a family into a group which is not open to everyone."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from booking.messages.enrolments import group_title, is_on_paper
from booking.messages.readers import people_told_of
from booking.messages.words import letter, until
from booking.models import Invitation
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message


@composes("invited")
def tell_invited(message: Message, now: datetime) -> Text:
    """Say to what somebody is invited and where the family answers; nobody has to."""
    related = ("person", "group__activity__centre", "group__term__timetable")
    invitation = Invitation.objects.select_related(*related).filter(pk=message.facts["invitation"]).first()
    if invitation is None or not invitation.is_open:
        raise NothingToTellError("the invitation was answered or revoked before the letter was sent")
    if not people_told_of(message.recipient_id, [invitation.person_id], on=now.date()):
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
