"""How one session is told to a reader outside: in full, without names, as busy time, or neutrally if it is sensitive.

The one place that decides which words leave the system about a session, in mail and in feeds alike.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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

    def public(self) -> Programme:
        """Return only what anyone may know."""
        open_to_all = {key for key, series in self.series.items() if series.is_public and not series.is_sensitive}
        return Programme([each for each in self.sessions if each.series_id in open_to_all], self.series, self.resources)

    def entry(
        self, session: SessionFacts, *, privacy: str = Privacy.FULL, people: tuple[str, ...] = (), prefixed: bool = True
    ) -> Entry:
        """Return the calendar entry of one session, saying as much as `privacy` allows.

        `people` are the given names of those who take part and belong to the reader; `prefixed` puts them before the
        title, as a calendar of several people needs.
        """
        series = self.series[session.series_id]
        is_busy = privacy == Privacy.BUSY
        names = people if privacy == Privacy.FULL else ()
        title = _("Busy") if is_busy else self.title(session)
        return Entry(
            uid=uid(session.id),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            sequence=session.sequence,
            changed_at=session.changed_at,
            summary=f"{', '.join(names)}: {title}" if names and prefixed else title,
            location="" if is_busy else self.where(session),
            description=self._description(session) if privacy == Privacy.FULL else "",
            categories=names,
            cancelled=session.status == Session.Status.CANCELLED,
            private=series.is_sensitive or not series.is_public or bool(people),
        )

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

    def _description(self, session: SessionFacts) -> str:
        leader = self.leader(session)
        return "\n".join(filter(None, [_("Led by: %(name)s") % {"name": leader} if leader else "", self.note(session)]))


def load_programme(sessions: SessionQuerySet) -> Programme:
    """Read sessions with all that is told about them in three queries, however many there are."""
    found = sessions.order_by("starts_at", "id").values_list(*SessionFacts._fields)
    rows = [SessionFacts._make(row) for row in found]
    series = _series_facts({row.series_id for row in rows})
    return Programme(
        rows, series, _resource_facts({key for row in rows for key in (row.room_id, row.leader_id) if key})
    )


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
