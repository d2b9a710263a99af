"""The letter about a published timetable: one a reader, whatever it changes for her."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from booking.messages.readers import people_told_of
from booking.messages.sessions import Programme, SessionFacts, load_programme
from booking.messages.words import day, letter, when
from booking.models import Centre, StaffMember, TermPublication
from booking.models.names import sort_key
from notifications.kinds import NothingToTellError, Text, composes
from notifications.models import Message
from scheduler.models import Session

MOST = 4  # dates told one by one; how many more there are is said


@composes("timetable_published")
def tell_published(message: Message, now: datetime) -> Text:
    """Say which dates are new, changed or gone in what the reader's people take part in, or in what she leads."""
    done = TermPublication.objects.select_related("term__timetable__centre").get(pk=message.facts["publication"])
    changes = {key: dates for key, dates in done.changes.items() if key in message.facts["series"]}
    programme = load_programme(Session.objects.filter(pk__in=_ids(changes), ends_at__gt=now))
    people, mine = _people(message, now), _led_by(message)
    lines, kept = [], []
    for key, dates in changes.items():
        series_id = uuid.UUID(key)
        standing = {str(each.id): each for each in programme.sessions if each.series_id == series_id}
        own = dates if series_id in people else _led(dates, standing, mine)
        line = _line(programme, own, standing, people.get(series_id, ()))
        if line is not None:
            lines.append(line)
            kept += [each for each in standing.values() if _stands(each)]
    if not lines:
        raise NothingToTellError("nothing of it is still to come, or the reader may no longer be told")
    lines.sort(key=lambda line: (sort_key(line["title"], ""), line["names"]))  # PostgreSQL keeps no order of keys
    facts = {"lines": lines, "people": bool(people)}
    entries = replace(programme, sessions=kept).entries(people=people)
    centre: Centre = done.term.timetable.centre
    return letter("timetable_published", facts, centre=centre, entries=entries, zone=programme.zone)


def _ids(changes: Mapping[str, Mapping[str, list[Any]]]) -> list[str]:
    return [
        each if isinstance(each, str) else each[0]
        for dates in changes.values()
        for what in dates.values()
        for each in what
    ]


def _people(message: Message, now: datetime) -> dict[uuid.UUID, tuple[str, ...]]:
    """Return by series the given names of the reader's people whom it concerns, eldest first."""
    known = people_told_of(message.recipient_id, message.facts["people"], on=timezone.localdate(now))
    concerned = {uuid.UUID(key): set(people) for key, people in message.facts["series"].items()}
    named = {key: tuple(one.given_name for one in known if str(one.pk) in met) for key, met in concerned.items()}
    return {key: names for key, names in named.items() if names}


def _led_by(message: Message) -> set[uuid.UUID | None]:
    found = StaffMember.objects.filter(person=message.recipient_id, resource__isnull=False)
    return set(found.values_list("resource_id", flat=True))


def _led(
    dates: Mapping[str, list[Any]], standing: Mapping[str, SessionFacts], mine: set[uuid.UUID | None]
) -> dict[str, list[Any]]:
    """Return the dates that somebody leads, or led before."""

    def hers(each: Any) -> bool:
        key = each if isinstance(each, str) else each[0]
        before = "" if isinstance(each, str) else each[1].get("leader_id", "")
        session = standing.get(key)
        return bool((session and session.leader_id in mine) or (before and uuid.UUID(before) in mine))

    return {what: [each for each in found if hers(each)] for what, found in dates.items()}


def _line(
    programme: Programme,
    dates: Mapping[str, list[Any]],
    standing: Mapping[str, SessionFacts],
    names: tuple[str, ...],
) -> dict[str, Any] | None:
    """Return what is told about one series; dates that were changed again since are told by later letters."""
    zone = programme.zone
    added = [standing[key] for key in dates["added"] if key in standing and _stands(standing[key])]
    changed = [(standing[key], was) for key, was in dates["changed"] if key in standing and _stands(standing[key])]
    removed = [was for key, was in dates["removed"] if key in standing and not _stands(standing[key])]
    if not (added or changed or removed):
        return None
    shown = next(iter(added or [session for session, _was in changed] or standing.values()))
    return {
        "title": programme.title(shown),
        "names": ", ".join(names),
        "added": len(added),
        "first": when(added[0].starts_at, added[0].ends_at, zone) if added else "",
        "last": day(added[-1].starts_at, zone) if added else "",
        "changed": [_change(programme, session, was) for session, was in changed[:MOST]],
        "changed_more": max(0, len(changed) - MOST),
        "removed": [_before(programme, was) for was in removed[:MOST]],
        "removed_more": max(0, len(removed) - MOST),
        "where": programme.where(shown) if added or changed else "",
    }


def _stands(session: SessionFacts) -> bool:
    return session.status != Session.Status.CANCELLED


def _change(programme: Programme, session: SessionFacts, was: dict[str, str]) -> dict[str, str]:
    return {
        "was": _before(programme, was),
        "now": when(session.starts_at, session.ends_at, programme.zone),
    }


def _before(programme: Programme, was: dict[str, str]) -> str:
    starts_at, ends_at = (parse_datetime(was.get(key, "")) for key in ("starts_at", "ends_at"))
    return when(starts_at, ends_at, programme.zone) if starts_at and ends_at else ""
