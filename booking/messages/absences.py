"""Letters to staff about somebody who will not come to a meeting, or comes after all."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from booking.messages.enrolments import group_title
from booking.messages.words import letter, when
from booking.models import Absence, Group, Person, StaffRole
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.models import Session


@composes("absence_reported")
def tell_absence(message: Message, now: datetime) -> Text:
    """Say who will not come, and when."""
    return _letter(message, now, "absence_reported", absent=True)


@composes("absence_withdrawn")
def tell_absence_withdrawn(message: Message, now: datetime) -> Text:
    """Say who comes after all."""
    return _letter(message, now, "absence_withdrawn", absent=False)


def _letter(message: Message, now: datetime, template: str, *, absent: bool) -> Text:
    facts = message.facts
    child = Person.objects.filter(pk=facts["child"]).first()
    related = ("activity__centre", "term__timetable")
    group = Group.objects.select_related(*related).filter(pk=facts["group"]).first()
    sessions = list(Session.objects.filter(pk__in=facts["sessions"], ends_at__gt=now).order_by("starts_at"))
    if child is None or group is None or not sessions:
        raise NothingToTellError("the meeting is over")
    roles = StaffRole.objects.in_force(timezone.localdate(now)).filter(member__person=message.recipient_id)
    if not roles.filter(member__centre=group.activity.centre_id).exists():
        raise NothingToTellError("the reader does not work here any more")
    if Absence.objects.standing().filter(child=child, session=sessions[0]).exists() != absent:
        raise NothingToTellError("it was changed again before the letter was sent; a later letter tells it")
    zone = group.term.timetable.tz
    said = {
        "child": f"{child.given_name} {child.family_name[:1]}.",  # enough for who knows the group, little for others
        "title": group_title(group),
        "when": when(sessions[0].starts_at, sessions[-1].ends_at, zone),
        "court": facts.get("court", False),
    }
    return letter(template, said, centre=group.activity.centre, zone=zone)
