"""What publishing will do, or did: plain values that pages show, messages tell and a fingerprint is made of."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from scheduler.domain.clashes import Clash
from scheduler.domain.closures import ClosedDays
from scheduler.domain.reservations import Allotment
from scheduler.models import Series, Session
from scheduler.period import Period


@dataclass(frozen=True, slots=True)
class Line:
    """A series and what its coming dates follow: its own facts, or those of the revision that will replace them.

    `continues` is the series whose dates from the first day on it takes over when it is published.
    """

    series: Series
    plan: Series
    continues: Series | None = None

    @property
    def is_new(self) -> bool:
        """Whether it was never published."""
        return self.series.published_at is None

    @property
    def is_revised(self) -> bool:
        """Whether publishing gives it other facts."""
        return self.plan is not self.series


@dataclass(frozen=True, slots=True)
class Away:
    """A stretch of time in which a resource is not there, with the reason as it may be shown to planners."""

    resource_id: uuid.UUID
    period: Period
    name: str


@dataclass(frozen=True, slots=True)
class DroppedDate:
    """A date the pattern asks for that does not take place, and why: a day of rest, or leave of who leads."""

    series: Series
    day: date
    reason: ClosedDays


@dataclass(frozen=True, slots=True)
class Was:
    """What a session was before the publication."""

    period: Period
    room_id: uuid.UUID | None
    leader_id: uuid.UUID | None
    status: str

    @classmethod
    def of(cls, session: Session) -> Was:
        """Return what a session is now."""
        return cls(session.period, session.room_id, session.leader_id, session.status)


@dataclass(slots=True)
class Publication:
    """Sessions added, changed and removed, dates dropped, clashes in the way.

    `rebooked` sessions stay as families know them and only hold other resources than before; `handed` ones pass from
    a series to the one that continues it; `stranded` ones, changed by hand, stand on a day of rest without a reason.
    `was` knows what changed and removed sessions were before. A session's
    `series` is the one that it will belong to, with the facts that stand today; `lines` know the coming ones.
    """

    now: datetime
    lines: list[Line] = field(default_factory=list)
    added: list[Session] = field(default_factory=list)
    changed: list[Session] = field(default_factory=list)
    removed: list[Session] = field(default_factory=list)
    rebooked: list[Session] = field(default_factory=list)
    handed: list[Session] = field(default_factory=list)
    dropped: list[DroppedDate] = field(default_factory=list)
    stranded: list[tuple[Session, ClosedDays]] = field(default_factory=list)
    was: dict[uuid.UUID, Was] = field(default_factory=dict)
    allotment: Allotment = field(default_factory=Allotment)

    @property
    def is_empty(self) -> bool:
        """Whether publishing would write nothing."""
        return not (self.touched or self.handed or any(line.is_new or line.is_revised for line in self.lines))

    @property
    def touched(self) -> list[Session]:
        """The sessions that are added, changed, removed or rebooked."""
        return [*self.added, *self.changed, *self.removed, *self.rebooked]

    @property
    def clashes(self) -> list[Clash]:
        """What stands in the way."""
        return self.allotment.clashes

    @property
    def released(self) -> set[uuid.UUID]:
        """The sessions that give back what they hold."""
        return {session.pk for session in (*self.changed, *self.removed, *self.rebooked)}

    @property
    def line_of(self) -> dict[uuid.UUID, Line]:
        """The lines by the id of their series."""
        return {line.series.pk: line for line in self.lines}

    def dropped_of(self) -> dict[uuid.UUID, list[DroppedDate]]:
        """Return the dropped dates of each series."""
        found: dict[uuid.UUID, list[DroppedDate]] = defaultdict(list)
        for each in self.dropped:
            found[each.series.pk].append(each)
        return found

    def facts(self) -> list[tuple[str, ...]]:
        """Return all that the plan would do as texts, in an order of their own: the same plan gives the same ones."""
        done = [
            ("added", self.added),
            ("changed", self.changed),
            ("removed", self.removed),
            ("rebooked", self.rebooked),
        ]
        rows = [_facts_of(what, session) for what, sessions in done for session in sessions]
        rows += [("handed", str(session.pk), str(session.series_id)) for session in self.handed]
        rows += [("dropped", str(each.series.pk), each.day.isoformat(), each.reason.kind) for each in self.dropped]
        rows += [_revision_of(line) for line in self.lines if line.is_new or line.is_revised]
        return sorted(rows)


def _facts_of(what: str, session: Session) -> tuple[str, ...]:
    facts = (session.pk, session.starts_at.timestamp(), session.ends_at.timestamp(), session.room_id, session.leader_id)
    return (what, *map(str, facts), session.status)


def _revision_of(line: Line) -> tuple[str, ...]:
    plan = line.plan
    facts = (line.series.pk, plan.title, plan.audience, plan.last_on, plan.discontinued, sorted(plan.forced_days))
    return ("line", *map(str, facts))
