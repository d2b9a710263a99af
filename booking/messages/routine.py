"""A day-care day as a family's calendar tells it: blocks that follow each other (play, meal, homework) are one entry.

What is not as planned stands alone under its own identity: a block that is cancelled, moved or has a note.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from booking.messages.away import Away
from booking.messages.sessions import Privacy, Programme, SessionFacts, joined
from scheduler.ical import Entry
from scheduler.models import Session


class Routine(NamedTuple):
    """Which groups of the reader's people meet in a series, all of them day care, and what their day is called."""

    groups: tuple[uuid.UUID, ...]
    title: str


class Block(NamedTuple):
    """One session of a routine: as it is told by itself, and under the name of the day."""

    session: SessionFacts
    alone: Entry
    of_the_day: Entry
    absent: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether nothing is to be told about it but its hour."""
        return self.session.status == Session.Status.SCHEDULED and not self.session.note

    def goes_on(self, before: Block) -> bool:
        """Whether it begins when another one ends, for the same people."""
        return self.session.starts_at == before.session.ends_at and self.absent == before.absent


def routine_entries(
    programme: Programme,
    *,
    routine: Mapping[uuid.UUID, Routine],
    privacy: str,
    people: Mapping[uuid.UUID, tuple[str, ...]],
    prefixed: bool,
    away: Mapping[uuid.UUID, Away],
) -> list[Entry]:
    """Return the entries of a programme in order of time, the series of `routine` folded.

    A folded entry has the identity of its first block. All entries of one planned day share the sum of its blocks'
    sequences and the last change of any of them, so that both only grow, whichever block heads the day.
    """
    daily = {key: each for key, each in routine.items() if key in programme.series}
    daily = {key: each for key, each in daily.items() if not programme.series[key].is_sensitive}
    renamed = {key: programme.series[key]._replace(title=each.title) for key, each in daily.items()}
    titled = replace(programme, series={**programme.series, **renamed})
    told: dict[str, Any] = {"privacy": privacy, "people": people, "prefixed": prefixed, "away": away}
    entries: list[Entry] = []
    days: dict[tuple[tuple[uuid.UUID, ...], date], list[Block]] = defaultdict(list)
    for session, alone, of_the_day in zip(
        programme.sessions, programme.entries(**told), titled.entries(**told), strict=True
    ):
        if session.series_id in daily:
            absent = away[session.id].names if session.id in away else ()
            key = (daily[session.series_id].groups, session.planned_date)
            days[key].append(Block(session, alone, of_the_day, absent))
        else:
            entries.append(alone)
    for blocks in days.values():
        entries += _of_day(blocks, programme, privacy)
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def _of_day(blocks: list[Block], programme: Programme, privacy: str) -> Iterator[Entry]:
    sequence = sum(block.session.sequence for block in blocks)
    changed_at = max(block.alone.changed_at for block in blocks)
    for run in _runs(blocks):
        entry = run[0].alone if len(run) == 1 else _folded(run, programme, privacy)
        yield replace(entry, sequence=sequence, changed_at=changed_at)


def _runs(blocks: list[Block]) -> list[list[Block]]:
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and block.is_plain and runs[-1][-1].is_plain and block.goes_on(runs[-1][-1]):
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _folded(run: list[Block], programme: Programme, privacy: str) -> Entry:
    head = run[0].of_the_day
    return replace(
        head,
        ends_at=run[-1].session.ends_at,
        location=joined(*dict.fromkeys(block.alone.location for block in run)),
        description=_plan([block.session for block in run], programme) if privacy == Privacy.FULL else "",
    )


def _plan(sessions: list[SessionFacts], programme: Programme) -> str:
    """Return what happens when, and who leads: a line a block."""
    zone = ZoneInfo(programme.series[sessions[0].series_id].zone)
    lines = [f"{time_format(each.starts_at.astimezone(zone), 'H:i')} {programme.title(each)}" for each in sessions]
    leaders = ", ".join(dict.fromkeys(filter(None, map(programme.leader, sessions))))
    return "\n".join([*lines, _("Led by: %(name)s") % {"name": leaders}] if leaders else lines)
