"""The one safe way to reach somebody: writing it down, ending it, and holding every message to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from booking.domain.contact_ways import read_mobile, read_phone
from booking.domain.quiet_hours import waking_moment
from booking.errors import Refused, refusal
from booking.locks import lock_person
from booking.messages.discreet import say_discreetly
from booking.models import Account, Person, SafeContact
from notifications.kinds import NothingToTellError
from notifications.models import Message
from notifications.routing import Route, routes

Channel = SafeContact.Channel
BY_NUMBER = (Channel.PHONE, Channel.SMS)
SENT = {Channel.EMAIL: Message.Channel.EMAIL, Channel.SMS: Message.Channel.SMS}
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SafeWay:
    """What somebody says about the safe way to reach her; hours are full hours, `[from, until)`, or none."""

    channel: str
    email: str = ""
    phone: str = ""
    from_hour: int | None = None
    until_hour: int | None = None
    discreet: bool = True
    note: str = ""


@transaction.atomic
def keep_safe_contact(*, person: Person, way: SafeWay, by: Account, now: datetime) -> SafeContact:
    """Reach somebody by this way alone from now on; messages that wait to be sent follow it too.

    Raises Refused (`email_missing`, `phone_missing`, `phone_wrong`, `mobile_wrong`, `safe_hours_wrong`); then nothing
    has changed.
    """
    phone = read_phone(way.phone)
    if way.channel == Channel.EMAIL and not way.email:
        raise Refused(refusal("email_missing"))
    if way.channel == Channel.SMS:
        phone = read_mobile(way.phone)
    if way.channel in BY_NUMBER and not phone:
        raise Refused(refusal("phone_missing"))
    if (way.from_hour is None) != (way.until_hour is None) or (way.from_hour or 0) >= (way.until_hour or 24):
        raise Refused(refusal("safe_hours_wrong"))
    facts = {
        "channel": way.channel,
        "email": way.email if way.channel == Channel.EMAIL else "",
        "phone": phone if way.channel in BY_NUMBER else "",
        "from_hour": way.from_hour,
        "until_hour": way.until_hour,
        "discreet": way.discreet,
        "note": way.note,
        "recorded_by": by,
        "recorded_at": now,
    }
    person = lock_person(person.pk)
    contact, _made = SafeContact.objects.update_or_create(person=person, defaults=facts)
    return contact


@transaction.atomic
def end_safe_contact(*, person_id: uuid.UUID) -> None:
    """Reach somebody as everybody again, and forget the safe way; a second call changes nothing."""
    lock_person(person_id)
    SafeContact.objects.filter(person=person_id).delete()


@routes
def safe_route(message: Message, now: datetime) -> Route | None:
    """Return the safe way of a message's reader, whatever it was queued for, or None where any way is safe.

    A letter and an SMS wait for the safe hours. What the desk has to tell is on its list at once, with the hours
    beside it; whom nobody may reach is told there when she comes. An SMS that goes beside something else is left out,
    for that takes the safe way itself.
    """
    contact = SafeContact.objects.filter(person=message.recipient_id).first()
    if contact is None:
        return None
    if message.channel == Message.Channel.SMS and message.desk == Message.Desk.NO:
        raise NothingToTellError("a safe contact stands above it")
    channel = SENT.get(Channel(contact.channel))
    if channel is None:
        return Route(Message.Channel.DESK, contact.phone)
    return Route(
        channel,
        contact.phone or contact.email,
        not_before=_not_before(message, contact, now),
        reword=say_discreetly if contact.discreet else None,
    )


def _not_before(message: Message, contact: SafeContact, now: datetime) -> datetime:
    """Return when she may be reached: in her hours, or for an SMS without any, not at night."""
    if contact.channel == Channel.SMS and contact.from_hour is None:
        return waking_moment(message, now)
    return next_safe_moment(contact, now)


def next_safe_moment(contact: SafeContact, now: datetime) -> datetime:
    """Return the first moment from now on at which she may be reached, on the wall clock of the site."""
    zone = ZoneInfo(settings.TIME_ZONE)
    if contact.from_hour is None or contact.is_open_at(now, zone):
        return now
    local = now.astimezone(zone)
    day = local.date() if local.hour < contact.from_hour else local.date() + A_DAY
    return datetime.combine(day, time(contact.from_hour), zone)
