"""Letters about the dates of somebody who is away: to families, to whoever takes over, to whoever owns what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from booking.messages.readers import people_told_of
from booking.messages.sessions import Programme, SessionFacts, load_programme
from booking.messages.words import at, letter, until, when
from booking.models import Centre, TimeOff
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.models import Session

STANDS = {"moved": False, "substituted": False, "cancelled": True}  # whether it must be cancelled still


@composes("dates_changed", sms=BySms.BESIDE)
def tell_dates_changed(message: Message, now: datetime) -> Text:
    """Say in one letter which dates are led by somebody else, moved or cancelled, with those that stand as a file."""
    centre = Centre.objects.select_related("timetable").get(pk=message.facts["centre"])
    changes = {change["session"]: change for change in message.facts["changes"]}
    programme = load_programme(Session.objects.filter(pk__in=list(changes), ends_at__gt=now))
    lines, people, kept = [], {}, []
    for session in programme.sessions:
        change = changes[str(session.id)]
        if (session.status == Session.Status.CANCELLED) != STANDS[change["what"]]:
            continue  # it was changed again, and a later letter tells it
        known = people_told_of(message.recipient_id, change["children"], on=timezone.localdate(now))
        if known:
            names = tuple(person.given_name for person in known)
            people[session.series_id] = names
            kept.append(session)
            lines.append(_line(programme, session, change, names))
    if not lines:
        raise NothingToTellError("nothing of it is still so, or the reader may no longer be told")
    facts = {"lines": lines, "people": True}
    entries = replace(programme, sessions=kept).entries(people=people)
    return letter("dates_changed", facts, centre=centre, entries=entries, zone=programme.zone)


def _line(
    programme: Programme, session: SessionFacts, change: dict[str, Any], names: tuple[str, ...]
) -> dict[str, str]:
    starts_at, ends_at = (parse_datetime(change["was"].get(key, "")) for key in ("starts_at", "ends_at"))
    return {
        "what": change["what"],
        "title": programme.title(session),
        "names": ", ".join(names),
        "was": when(starts_at, ends_at, programme.zone) if starts_at and ends_at else "",
        "when": when(session.starts_at, session.ends_at, programme.zone),
        "at": at(session.starts_at, programme.zone),
        "where": programme.where(session),
        "leader": programme.leader(session),
        "note": programme.note(session),
    }


@composes("taken_over")
def tell_taken_over(message: Message, now: datetime) -> Text:
    """Say to somebody which dates she takes over."""
    centre = Centre.objects.select_related("timetable").get(pk=message.facts["centre"])
    own = Session.objects.filter(pk__in=message.facts["sessions"], ends_at__gt=now).standing()
    hers = own.filter(reservations__resource__staff_member__person=message.recipient_id).distinct()
    programme = load_programme(Session.objects.filter(pk__in=hers.values("pk")))
    if not programme.sessions:
        raise NothingToTellError("somebody else has these dates by now")
    lines = [
        {
            "title": programme.title(session),
            "when": when(session.starts_at, session.ends_at, programme.zone),
            "where": programme.where(session),
        }
        for session in programme.sessions
    ]
    entries = programme.entries()
    return letter("taken_over", {"lines": lines}, centre=centre, entries=entries, zone=programme.zone)


@composes("time_off_entered")
def tell_time_off_entered(message: Message, now: datetime) -> Text:
    """Say that somebody has entered that she is away, and how many dates wait for a decision."""
    known = TimeOff.objects.standing().select_related("member__person", "member__centre__timetable")
    time_off = known.filter(pk=message.facts["time_off"]).first()
    if time_off is None or time_off.ends_at <= now:
        raise NothingToTellError("it was taken back, or is over")
    zone = time_off.member.centre.timetable.tz
    facts = {
        "person": str(time_off.member.person),
        "time_off": time_off,
        "since": until(time_off.starts_at, zone),
        "until": until(time_off.ends_at, zone),
        "count": time_off.tasks.unsettled().count(),
        "none_open": _("Nothing has to be settled."),
    }
    return letter("time_off_entered", facts, centre=time_off.member.centre, zone=zone)
