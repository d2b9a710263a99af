"""Letters about one date of a series: cancelled, moved, taking place after all, led by somebody else, with a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from booking.messages.readers import people_told_of
from booking.messages.sessions import Programme, SessionFacts, load_programme
from booking.messages.words import at, day, letter, when
from booking.models import Centre
from notifications.kinds import BySms, NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.models import Resource, Session


@composes("session_cancelled", sms=BySms.BESIDE)
def tell_cancelled(message: Message, now: datetime) -> Text:
    """Say which date does not take place, why, and when the next one is."""
    return _letter(message, now, template="session_cancelled", cancelled=True)


@composes("session_moved", sms=BySms.BESIDE)
def tell_moved(message: Message, now: datetime) -> Text:
    """Say from when and where to when and where a date was moved."""
    return _letter(message, now, template="session_moved", cancelled=False)


@composes("session_restored", sms=BySms.BESIDE)
def tell_restored(message: Message, now: datetime) -> Text:
    """Say that a cancelled date takes place after all."""
    return _letter(message, now, template="session_restored", cancelled=False)


@composes("session_substituted")
def tell_substituted(message: Message, now: datetime) -> Text:
    """Say who leads a date, and instead of whom."""
    return _letter(message, now, template="session_substituted", cancelled=False)


@composes("session_noted")
def tell_noted(message: Message, now: datetime) -> Text:
    """Pass on what the centre says about a date."""
    return _letter(message, now, template="session_noted", cancelled=False)


@composes("session_forced", sms=BySms.BESIDE)
def tell_forced(message: Message, now: datetime) -> Text:
    """Say that a date takes place although the centre rests on that day."""
    return _letter(message, now, template="session_forced", cancelled=False)


def _letter(message: Message, now: datetime, *, template: str, cancelled: bool) -> Text:
    session = Session.objects.select_related("timetable").filter(pk=message.facts["session"]).first()
    if session is None:
        raise NothingToTellError("the date is no longer known")
    if session.is_cancelled != cancelled:
        raise NothingToTellError("the date was changed again before the letter was sent; a later letter tells it")
    if session.ends_at <= now:
        raise NothingToTellError("the date was over before the letter could be sent")
    people = _people(message, session, now)
    following = Session.objects.filter(series=session.series_id, starts_at__gt=session.starts_at).standing()
    upcoming = following.order_by("starts_at").values("pk")[:1]
    programme = load_programme(Session.objects.filter(pk__in=[session.pk, *(row["pk"] for row in upcoming)]))
    told = next(each for each in programme.sessions if each.id == session.pk)
    return letter(
        template,
        {"people": people, **_facts(programme, told), **_before(programme, told, message.facts)},
        centre=Centre.objects.get(timetable=session.timetable_id),
        entries=replace(programme, sessions=[told]).entries(people={told.series_id: people}),
        zone=programme.zone,
    )


def _people(message: Message, session: Session, now: datetime) -> tuple[str, ...]:
    """Return whom it concerns in the reader's family: nobody for the person who leads."""
    people = people_told_of(message.recipient_id, message.facts["children"], on=timezone.localdate(now))
    led_by = [str(key) for key in (session.leader_id, (message.facts.get("was") or {}).get("leader_id")) if key]
    leads = Resource.objects.filter(pk__in=led_by, staff_member__person=message.recipient_id)
    if not people and not leads.exists():
        raise NothingToTellError("the reader may no longer be told of those whom it concerns")
    return tuple(person.given_name for person in people)


def _facts(programme: Programme, told: SessionFacts) -> dict[str, Any]:
    later = next((each for each in programme.sessions if each.id != told.id), None)
    return {
        "title": programme.title(told),
        "day": day(told.starts_at, programme.zone),
        "when": when(told.starts_at, told.ends_at, programme.zone),
        "at": at(told.starts_at, programme.zone),
        "where": programme.where(told),
        "note": programme.note(told),
        "leader": programme.leader(told),
        "next": when(later.starts_at, later.ends_at, programme.zone) if later else "",
        "next_at": at(later.starts_at, programme.zone) if later else "",
    }


def _before(programme: Programme, told: SessionFacts, facts: dict[str, Any]) -> dict[str, str]:
    """Return when and where the date was and who led it; a sensitive one tells neither its room nor its people."""
    was = facts.get("was") or {}
    starts_at, ends_at = (parse_datetime(was.get(key, "")) for key in ("starts_at", "ends_at"))
    if starts_at is None or ends_at is None:
        return {}
    open_facts = {} if programme.series[told.series_id].is_sensitive else was
    room, before = open_facts.get("room", ""), when(starts_at, ends_at, programme.zone)
    return {
        "was_day": day(starts_at, programme.zone),
        "was_at": at(starts_at, programme.zone),
        "was": f"{before}, {room}" if room else before,
        "was_leader": open_facts.get("leader", ""),
    }
