"""Letters about a place in line: joined, a place is held, nobody answered; and about places the centre decides on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from booking.messages.enrolments import enrolment_told_of, facts_of, is_on_paper
from booking.messages.short_links import address
from booking.messages.words import at, letter, until
from booking.models import Enrolment, Offer, Person
from booking.models.activity import Sensitivity
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message

Status = Enrolment.Status


@composes("waiting", sms=BySms.INSTEAD)
def tell_waiting(message: Message, now: datetime) -> Text:
    """Confirm the place in line and say which it is at the moment."""
    entry = enrolment_told_of(message, now)
    if entry.status != Status.WAITING:
        raise NothingToTellError("she does not wait any more")
    found = Enrolment.objects.with_position().get(pk=entry.pk)
    return _letter("waiting", entry, position=found.place_in_line, child_id=entry.child_id)


@composes("offered", sms=BySms.BESIDE)
def tell_offered(message: Message, now: datetime) -> Text:
    """Say that a place is held, until when, and where to answer; the link is only for a reader who may enrol."""
    entry = enrolment_told_of(message, now)
    offer = Offer.objects.open().filter(pk=message.facts["offer"], expires_at__gt=now).first()
    if offer is None:
        raise NothingToTellError("the offer is over")
    zone = entry.group.term.timetable.tz
    on = timezone.localdate(now, zone)
    reader = message.recipient_id
    link, on_paper = "", is_on_paper(message)
    if not on_paper and Person.objects.booked_by(reader, on).filter(pk=entry.child_id).exists():
        link = address(message, reverse("offer", args=[offer.secret_for(reader)]), until=offer.expires_at)
    held = {"until": until(offer.expires_at, zone), "until_at": at(offer.expires_at, zone)}
    return _letter("offered", entry, link=link, on_paper=on_paper, **held)


@composes("offer_expired", sms=BySms.INSTEAD)
def tell_offer_expired(message: Message, now: datetime) -> Text:
    """Say that the place went on to the next in line."""
    entry = enrolment_told_of(message, now)
    return _letter("offer_expired", entry, group_id=entry.group_id)


@composes("pending")
def tell_pending(message: Message, now: datetime) -> Text:
    """Say that the centre will decide."""
    entry = enrolment_told_of(message, now)
    if entry.status != Status.PENDING:
        raise NothingToTellError("it was decided before the letter was sent")
    return _letter("pending", entry)


@composes("rejected")
def tell_rejected(message: Message, now: datetime) -> Text:
    """Say that the centre gave no place, and why; of a sensitive activity the reason might tell what it is."""
    entry = enrolment_told_of(message, now)
    is_sensitive = entry.group.activity.sensitivity == Sensitivity.SENSITIVE
    return _letter("rejected", entry, reason="" if is_sensitive else message.facts.get("reason", ""))


@composes("court_withdrawal_asked")
def tell_court_withdrawal_asked(message: Message, now: datetime) -> Text:  # noqa: ARG001  every composer is called so
    """Tell the desk that a family wants to end a place that a court ordered."""
    related = ("child", "group__activity__centre", "group__term__timetable")
    entry = Enrolment.objects.select_related(*related).filter(pk=message.facts["enrolment"]).first()
    if entry is None:
        raise NothingToTellError("the enrolment is no longer known")
    return _letter("court_withdrawal_asked", entry)


def _letter(name: str, entry: Enrolment, **facts: Any) -> Text:
    group = entry.group
    return letter(name, {**facts_of(entry), **facts}, centre=group.activity.centre, zone=group.term.timetable.tz)
