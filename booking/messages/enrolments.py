"""Letters about a place in a group: given, and given back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import pgettext

from booking.messages.readers import people_told_of
from booking.messages.sessions import Programme, load_programme
from booking.messages.words import at, letter, when
from booking.models import Activity, Enrolment, Group
from booking.models.activity import Sensitivity
from booking.models.enrolment import IN_LINE
from booking.models.group_names import full_name
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.models import Session

AHEAD = timedelta(days=365)


@composes("enrolled", sms=BySms.INSTEAD)
def tell_enrolled(message: Message, now: datetime) -> Text:
    """Confirm the place: what, when next, where, who leads, and all dates as a calendar file."""
    enrolment = enrolment_told_of(message, now)
    if enrolment.status != Enrolment.Status.ENROLLED:
        raise NothingToTellError("the place was given back before the letter was sent")
    upcoming = Session.objects.filter(series__groups=enrolment.group_id, ends_at__gt=now, starts_at__lt=now + AHEAD)
    programme = load_programme(upcoming)
    return letter(
        "enrolled",
        {
            **facts_of(enrolment),
            **_next_meeting(programme),
            "dates": len(programme.sessions),
            "on_paper": is_on_paper(message),
        },
        centre=enrolment.group.activity.centre,
        entries=programme.entries(people=dict.fromkeys(programme.series, (enrolment.child.given_name,))),
        zone=enrolment.group.term.timetable.tz,
    )


@composes("withdrawn", sms=BySms.INSTEAD)
def tell_withdrawn(message: Message, now: datetime) -> Text:
    """Confirm that the place was given back, or the line was left."""
    enrolment = enrolment_told_of(message, now)
    group = enrolment.group
    facts = {**facts_of(enrolment), "had_no_place": message.facts.get("was") in IN_LINE}
    return letter("withdrawn", facts, centre=group.activity.centre, zone=group.term.timetable.tz)


def enrolment_told_of(message: Message, now: datetime) -> Enrolment:
    """Return the enrolment a message is about. Raises NothingToTellError when the reader may not be told of it."""
    related = ("child", "group__activity__centre", "group__term__timetable")
    enrolment = Enrolment.objects.select_related(*related).filter(pk=message.facts["enrolment"]).first()
    if enrolment is None:
        raise NothingToTellError("the enrolment is no longer known")
    if not people_told_of(message.recipient_id, [enrolment.child_id], on=timezone.localdate(now)):
        raise NothingToTellError("the reader may no longer be told of this person")
    return enrolment


def is_on_paper(message: Message) -> bool:
    """Say whether the desk tells it, by phone or on paper: then there is nothing to open and no link to follow."""
    return message.channel == Message.Channel.DESK


def facts_of(enrolment: Enrolment) -> dict[str, Any]:
    """Return who and what, as every letter about an enrolment says it."""
    return {"child": enrolment.child.given_name, "title": group_title(enrolment.group)}


def group_title(group: Group) -> str:
    """Return what a group is called in a letter; one of a sensitive activity has a neutral name."""
    activity: Activity = group.activity
    if activity.sensitivity == Sensitivity.SENSITIVE:
        return pgettext("neutral name of a service", "Visit")
    return full_name(group)


def _next_meeting(programme: Programme) -> dict[str, str]:
    standing = (session for session in programme.sessions if session.status != Session.Status.CANCELLED)
    session = next(standing, None)
    if session is None:
        return {}
    return {
        "next": when(session.starts_at, session.ends_at, programme.zone),
        "next_at": at(session.starts_at, programme.zone),
        "where": programme.where(session),
        "leader": programme.leader(session),
    }
