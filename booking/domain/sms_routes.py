"""The way of an SMS: to the number she allows, not at night, and to the desk where nobody knows whether it arrived."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.domain.quiet_hours import waking_moment
from booking.domain.told_times import starts_of
from booking.models import Person
from notifications.kinds import NothingToTellError
from notifications.models import Message
from notifications.receipts import ask_desk
from notifications.routing import Route, routes

CHANGES = (
    "dates_changed",
    "session_cancelled",
    "session_forced",
    "session_moved",
    "session_restored",
    "visit_cancelled",
    "visit_moved",
)
SILENT, SOON, STILL_ASKED = timedelta(minutes=15), timedelta(hours=24), timedelta(days=2)


@routes
def sms_route(message: Message, now: datetime) -> Route | None:
    """Return where an SMS goes, and not before which moment; what she allows no longer is told by the desk, or not.

    An SMS beside a letter is left out then, for the letter tells it.
    """
    if message.channel != Message.Channel.SMS:
        return None
    person = Person.objects.filter(pk=message.recipient_id).first()
    if person is None or not person.sms_phone:
        if message.desk == Message.Desk.NO:
            raise NothingToTellError("she allows no SMS any more")
        return Route(Message.Channel.DESK, person.phone if person else "")
    return Route(Message.Channel.SMS, person.sms_phone, not_before=waking_moment(message, now))


def call_about_silent_sms(*, now: datetime) -> int:
    """Let the desk tell the changes of the next day whose SMS was sent and of which nothing was heard; how many.

    The carrier may not report, or the phone be turned off: nobody is to stand before a locked door for that.
    """
    silent = Message.objects.filter(
        state=Message.State.SENT,
        next_attempt_at__gt=now - STILL_ASKED,
        channel=Message.Channel.SMS,
        desk=Message.Desk.IF_LOST,
        receipt=Message.Receipt.NONE,
        sent_at__lte=now - SILENT,
        kind__in=CHANGES,
    )
    starts = starts_of(silent)
    soon = [key for key, begins in starts.items() if now < begins <= now + SOON]
    return ask_desk(Message.objects.filter(pk__in=soon, receipt=Message.Receipt.NONE), now=now)
