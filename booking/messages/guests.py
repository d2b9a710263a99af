"""Letters to families about a place at one meeting: offered, or not free any more."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from booking.messages.enrolments import group_title
from booking.messages.readers import people_told_of
from booking.messages.words import at, letter, until, when
from booking.models import GuestPlace
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message


@composes("guest_offered", sms=BySms.BESIDE)
def tell_guest_offered(message: Message, now: datetime) -> Text:
    """Say which date is free, until when it is held, and where to answer."""
    place = _place(message, now)
    if place.status != GuestPlace.Status.OFFERED or place.expires_at is None or place.expires_at <= now:
        raise NothingToTellError("the offer is over")
    return _letter("guest_offered", place)


@composes("guest_cancelled", sms=BySms.BESIDE)
def tell_guest_cancelled(message: Message, now: datetime) -> Text:
    """Say that the date is not free any more."""
    return _letter("guest_cancelled", _place(message, now))


def _place(message: Message, now: datetime) -> GuestPlace:
    related = ("child", "session", "group__activity__centre", "group__term__timetable")
    place = GuestPlace.objects.select_related(*related).filter(pk=message.facts["guest_place"]).first()
    if place is None or not people_told_of(message.recipient_id, [place.child_id], on=timezone.localdate(now)):
        raise NothingToTellError("the reader may no longer be told of this person")
    return place


def _letter(template: str, place: GuestPlace) -> Text:
    group, session = place.group, place.session
    zone = group.term.timetable.tz
    facts = {
        "child": place.child.given_name,
        "title": group_title(group),
        "when": when(session.starts_at, session.ends_at, zone),
        "until": until(place.expires_at, zone) if place.expires_at else "",
        "at": at(session.starts_at, zone),
        "until_at": at(place.expires_at, zone) if place.expires_at else "",
        "place_id": place.pk,
    }
    return letter(template, facts, centre=group.activity.centre, zone=zone)
