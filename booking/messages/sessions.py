"""How one session is told to a reader outside: in full, without names, as busy time, or neutrally if it is sensitive.

The one place that decides which words leave the system about a session, in mail and in feeds alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from booking.messages.away import Away, say_away
from booking.models import CalendarSubscription
from booking.models.activity import Sensitivity
from scheduler.ical import Entry
from scheduler.models import Resource, Series, Session
from scheduler.models.session import SessionQuerySet

Privacy = CalendarSubscription.Privacy


class SessionFacts(NamedTuple):
    """What of a session's own row is told."""

    id: uuid.UUID
    series_id: uuid.UUID
    planned_date: date
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    changed_at: datetime
    note: str
    room_id: uuid.UUID | None
    leader_id: uuid.UUID | None


class SeriesFacts(NamedTuple):
    """What of its series is told. `is_sensitive`: nothing that names the service may leave the system."""

    title: str
    kind: str
    zone: str
    centre_address: str
    is_public: bool
    is_sensitive: bool


class ResourceFacts(NamedTuple):
    """A room or a leader, and where the room is."""

    name: str
    place: str
    address: str
    village: str


class Words(NamedTuple):
    """What an entry says."""

    summary: str
    location: str
    description: str


@dataclass(frozen=True, slots=True)
class Programme:
    """Sessions in order of time with all that is told about them."""

    sessions: list[SessionFacts]
    series: Mapping[uuid.UUID, SeriesFacts]
    resources: Mapping[uuid.UUID, ResourceFacts]

    @property
    def zone(self) -> ZoneInfo:
        """The wall clock to tell the hours on: that of the sessions, if they share one."""
        zones = {series.zone for series in self.series.values()}
        return ZoneInfo(zones.pop() if len(zones) == 1 else settings.TIME_ZONE)

    def entries(
        self,
        *,
        privacy: str = Privacy.FULL,
        people: Mapping[uuid.UUID, tuple[str, ...]] | None = None,
        prefixed: bool = True,
        away: Mapping[uuid.UUID, Away] | None = None,
    ) -> Iterator[Entry]:
        """Yield the calendar entries, saying as much as `privacy` allows.

        `away` says by session who of these people will not come; a meeting to which none of them comes takes no time.

        `people` are the given names of those who take part in a series and belong to the reader; `prefixed` puts them
        before the title, as a calendar of several people needs.
        """
        taking_part = people or {}
        known: dict[tuple[object, ...], Words] = {}  # the dates of a series mostly say the same
        for session in self.sessions:
            names = taking_part.get(session.series_id, ())
            absence = (away or {}).get(session.id)
            absent = absence.names if absence else ()
            present = tuple(name for name in names if name not in absent)
            nobody = bool(absent) and not present
            said = (session.series_id, session.room_id, session.leader_id, session.note, present, absent)
            words = known.get(said)
            if words is None:
                words = self._words(session, privacy, (present or names) if prefixed else ())
                words = known[said] = words._replace(summary=say_away(words.summary, absent, privacy))
            series = self.series[session.series_id]
            yield Entry(
                uid=uid(session.id),
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                sequence=session.sequence,
                changed_at=max(session.changed_at, absence.changed_at) if absence else session.changed_at,
                summary=words.summary,
                location=words.location,
                description=words.description,
                categories=names if privacy == Privacy.FULL else (),
                cancelled=session.status == Session.Status.CANCELLED,
                private=series.is_sensitive or not series.is_public or bool(names),
                takes_no_time=nobody,
            )

    def _words(self, session: SessionFacts, privacy: str, names: tuple[str, ...]) -> Words:
        if privacy == Privacy.BUSY:
            return Words(_("Busy"), "", "")
        title, where = self.title(session), self.where(session)
        if privacy == Privacy.SERVICE_ONLY:
            return Words(title, where, "")
        leader = self.leader(session)
        led_by = _("Led by: %(name)s") % {"name": leader} if leader else ""
        description = "\n".join(filter(None, [led_by, self.note(session)]))
        return Words(f"{', '.join(names)}: {title}" if names else title, where, description)

    def title(self, session: SessionFacts) -> str:
        """Return what the session is called; a sensitive one is a visit, or duty hours."""
        series = self.series[session.series_id]
        if not series.is_sensitive:
            return series.title
        return _("Duty hours") if series.kind == Series.Kind.DUTY else pgettext("neutral name of a service", "Visit")

    def where(self, session: SessionFacts) -> str:
        """Return room, place and address; of a sensitive session only the address, for a room's name tells its use."""
        series = self.series[session.series_id]
        room = self.resources.get(session.room_id) if session.room_id else None
        address = joined(room.address, room.village) if room else ""
        if series.is_sensitive:
            return address or series.centre_address
        return joined(room.name, room.place, address or series.centre_address) if room else series.centre_address

    def leader(self, session: SessionFacts) -> str:
        """Return who leads the session, or nothing."""
        known = self.resources.get(session.leader_id) if session.leader_id else None
        return "" if known is None or self.series[session.series_id].is_sensitive else known.name

    def note(self, session: SessionFacts) -> str:
        """Return the note for families, which for a sensitive session might tell what it is."""
        return "" if self.series[session.series_id].is_sensitive else session.note


@dataclass(frozen=True, slots=True)
class Outline:
    """A programme before its sessions are read one by one: enough to know whether anything about it changed.

    `extent` has a row for each series, room and leader: how many sessions, from when until when, changed how often
    and when last. Every change of a session moves its `changed_at`.
    """

    found: SessionQuerySet
    extent: list[tuple[object, ...]]
    series: Mapping[uuid.UUID, SeriesFacts]
    resources: Mapping[uuid.UUID, ResourceFacts]

    def public(self) -> Outline:
        """Return only what anyone may know, even of a series that is called public by mistake."""
        open_to_all = {key: each for key, each in self.series.items() if each.is_public and not each.is_sensitive}
        return replace(self, series=open_to_all)

    def load(self) -> Programme:
        """Read the sessions, in one query."""
        rows = self.found.order_by("starts_at", "id").values_list(*SessionFacts._fields)
        sessions = [SessionFacts._make(row) for row in rows]
        return Programme([each for each in sessions if each.series_id in self.series], self.series, self.resources)


def outline(sessions: SessionQuerySet) -> Outline:
    """Read what is told of sessions together, in three queries, however many there are."""
    together = ("series_id", "room_id", "leader_id")
    extent = list(
        sessions.order_by(*together)
        .values_list(*together)
        .annotate(Count("id"), Sum("sequence"), Max("changed_at"), Min("starts_at"), Max("starts_at"))
    )
    resources = {key for _series, *both in extent for key in both[:2] if key}
    return Outline(sessions, extent, _series_facts({row[0] for row in extent}), _resource_facts(resources))


def load_programme(sessions: SessionQuerySet) -> Programme:
    """Read sessions with all that is told about them, in four queries, however many there are."""
    return outline(sessions).load()


def uid(session_id: uuid.UUID) -> str:
    """Return the calendar identity of a session: the same in mail and in feeds, for ever."""
    return f"{session_id}@grafik"


def joined(*parts: str) -> str:
    """Return the parts that say something, with commas; a part that another one already says is left out."""
    said: list[str] = []
    for part in filter(None, parts):
        if not any(part in other for other in said):
            said.append(part)
    return ", ".join(said)


def _series_facts(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, SeriesFacts]:
    """Return what is told of series; one that is neither public nor part of a known offer counts as sensitive."""
    fields = ("id", "title", "kind", "audience", "timetable__zone", "timetable__centre__address")
    offers = ("groups__activity__sensitivity", "services__sensitivity")
    facts: dict[uuid.UUID, SeriesFacts] = {}
    found = Series.objects.filter(pk__in=list(keys)).values_list(*fields, *offers)
    for key, title, kind, audience, zone, address, of_activity, of_service in found:
        levels = {of_activity, of_service} - {None}
        is_public = audience == Series.Audience.PUBLIC
        is_sensitive = Sensitivity.SENSITIVE in levels or not (is_public or levels)
        is_sensitive = is_sensitive or (key in facts and facts[key].is_sensitive)  # one row an offer it belongs to
        facts[key] = SeriesFacts(title, kind, zone, address or "", is_public=is_public, is_sensitive=is_sensitive)
    return facts


def _resource_facts(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, ResourceFacts]:
    fields = ("id", "name", "place__name", "place__address", "place__village")
    found = Resource.objects.filter(pk__in=list(keys)).values_list(*fields)
    return {key: ResourceFacts(*(text or "" for text in texts)) for key, *texts in found}
