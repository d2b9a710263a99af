"""Writing down who published what: the publication itself, and the change of each date that families knew."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import Any

from booking.models import Account, SessionChange, TermPublication
from scheduler.domain.change_log import log_changes
from scheduler.domain.publication import Publication, Was
from scheduler.models import Resource, Session, Term, TimetableChange

BATCH = 500


def record_publication(  # noqa: PLR0913  what is written down about it
    term: Term,
    publication: Publication,
    *,
    fingerprint: str,
    warnings: list[str],
    told: int,
    by: Account,
    reason: str,
) -> TermPublication:
    """Store a publication that was just written, and a line in the history of each date that it changed."""
    rooms = dict(Resource.objects.filter(pk__in=_rooms_before(publication)).values_list("pk", "name"))
    was = {key: _say_before(before, rooms) for key, before in publication.was.items()}
    done = TermPublication.objects.create(
        term=term,
        by=by,
        at=publication.now,
        reason=reason,
        warnings=warnings,
        fingerprint=fingerprint,
        added=len(publication.added),
        changed=len(publication.changed),
        removed=len(publication.removed),
        told=told,
        changes=_dates(publication, was),
    )
    kinds = ((SessionChange.Kind.REPLANNED, publication.changed), (SessionChange.Kind.WITHDRAWN, publication.removed))
    SessionChange.objects.bulk_create(
        [
            SessionChange(session=session, kind=kind, by=by, at=publication.now, note=reason, was=was[session.pk])
            for kind, sessions in kinds
            for session in sessions
        ],
        batch_size=BATCH,
    )
    what = {TimetableChange.What.CHANGED: [term.pk]}
    log_changes(term.timetable_id, TimetableChange.Subject.TERM, what, now=publication.now)
    return done


def _rooms_before(publication: Publication) -> set[uuid.UUID]:
    return {before.room_id for before in publication.was.values() if before.room_id is not None}


def _say_before(before: Was, rooms: dict[uuid.UUID, str]) -> dict[str, Any]:
    return {
        "starts_at": before.period.start.isoformat(),
        "ends_at": before.period.end.isoformat(),
        "room": rooms.get(before.room_id, "") if before.room_id else "",
        "leader_id": str(before.leader_id or ""),
        "status": before.status,
    }


def _dates(publication: Publication, was: dict[uuid.UUID, dict[str, Any]]) -> dict[str, dict[str, list[Any]]]:
    """Return the coming dates that became others, by series, as the messages tell them."""
    changes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: {"added": [], "changed": [], "removed": []})

    def note(what: str, session: Session) -> None:
        if session.ends_at > publication.now:
            told = str(session.pk) if what == "added" else [str(session.pk), was[session.pk]]
            changes[str(session.series_id)][what].append(told)

    for what, sessions in (
        ("added", publication.added),
        ("changed", publication.changed),
        ("removed", publication.removed),
    ):
        for session in sorted(sessions, key=lambda each: each.starts_at):
            note(what, session)
    return dict(changes)
