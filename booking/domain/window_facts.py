"""What hours for visits are made of, as one value: what opening and changing a window are asked with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from booking.models import OpeningWindow, Service
from booking.models.activity import Sensitivity
from booking.models.modes import MODES
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Recurrence, Resource, Series
from scheduler.recurrence import BY_WEEKDAY

TITLE_LENGTH = 200
AUDIENCES = {
    Sensitivity.PUBLIC: Series.Audience.PUBLIC,
    Sensitivity.NORMAL: Series.Audience.PARTICIPANTS,
    Sensitivity.SENSITIVE: Series.Audience.STAFF,
}
QUIETEST = (Sensitivity.SENSITIVE, Sensitivity.NORMAL, Sensitivity.PUBLIC)


@dataclass(frozen=True, slots=True)
class WindowFacts:
    """The facts of a window: hours on the wall clock of the timetable's zone, `last` is the last day of all."""

    services: tuple[Service, ...]
    day: date
    starts: time
    ends: time
    recurrence: str = Recurrence.WEEKLY
    weekdays: tuple[int, ...] = ()
    last: date | None = None
    room: Resource | None = None
    rooms: tuple[Resource, ...] = ()
    modes: frozenset[str] = frozenset({"office"})
    urgent_places: int = 0
    new_quota: int | None = None
    own_quota: int | None = None
    on_breaks: str = Series.OnBreaks.RUN

    @classmethod
    def of(cls, window: OpeningWindow) -> WindowFacts:
        """Return the facts that a window has now; its series is loaded with its pattern."""
        line = SeriesFacts.of(window.series)
        return cls(
            services=tuple(window.series.services.all()),
            day=line.day,
            starts=line.starts,
            ends=line.ends,
            recurrence=line.recurrence,
            weekdays=line.weekdays,
            last=line.last,
            room=line.room,
            rooms=tuple(window.rooms.all()),
            modes=frozenset(window.modes),
            urgent_places=window.urgent_places,
            new_quota=window.new_quota,
            own_quota=window.own_quota,
            on_breaks=line.on_breaks,
        )

    def line(self, *, leader: Resource) -> SeriesFacts:
        """Return the facts of the series that these hours are."""
        return SeriesFacts(
            title=window_title(self.services),
            day=self.day,
            starts=self.starts,
            ends=self.ends,
            recurrence=self.recurrence,
            weekdays=self.weekdays if self.recurrence in BY_WEEKDAY else (),
            last=self.last,
            room=self.room,
            leader=leader,
            kind=Series.Kind.DUTY,
            audience=audience_of(self.services),
            on_breaks=self.on_breaks,
        )

    def write_to(self, window: OpeningWindow) -> None:
        """Store what booking adds to the hours; the series is the scheduler's."""
        for mode in MODES:
            setattr(window, mode, mode in self.modes)
        window.urgent_places, window.new_quota, window.own_quota = self.urgent_places, self.new_quota, self.own_quota
        window.save()
        window.rooms.set(room for room in self.rooms if room != self.room)
        window.series.services.set(self.services)

    def texts(self) -> list[str]:
        """Return all that is asked for as texts: the same facts give the same ones."""
        people = [str(each.pk) for each in (*self.services, *self.rooms)]
        room = str(self.room.pk) if self.room else ""
        numbers = [self.urgent_places, self.new_quota, self.own_quota]
        pattern = [self.day, self.starts, self.ends, self.recurrence, self.weekdays, self.last, self.on_breaks]
        return [*sorted(people), room, *sorted(self.modes), *map(str, numbers), *map(str, pattern)]


def window_title(services: Iterable[Service]) -> str:
    """Return the title of hours, in the language of the site: staff read it in the timetable."""
    with override(settings.LANGUAGE_CODE):
        names = ", ".join(sorted(service.name for service in services))
        return (_("Hours: %(services)s") % {"services": names})[:TITLE_LENGTH]


def audience_of(services: Iterable[Service]) -> str:
    """Return who may know of the hours: as few as the most confidential of the services asks for."""
    found = {service.sensitivity for service in services}
    return next((AUDIENCES[each] for each in QUIETEST if each in found), Series.Audience.STAFF)


def copy_windows(pairs: Iterable[tuple[Series, Series]]) -> None:
    """Give series that were copied or split off what booking knew of the first ones: services, ways, rooms, numbers."""
    copies: dict[uuid.UUID, Series] = {before.pk: after for before, after in pairs}
    windows = OpeningWindow.objects.filter(series__in=copies).select_related("series")
    for window in windows.prefetch_related("rooms", "series__services"):
        after = copies[window.series_id]
        services, rooms = window.series.services.all(), window.rooms.all()
        kept = {field.name: getattr(window, field.name) for field in OpeningWindow._meta.concrete_fields}  # noqa: SLF001  Django's door to the fields
        copy, _made = OpeningWindow.objects.update_or_create(series=after, defaults=kept | {"series": after})
        copy.rooms.set(rooms)
        after.services.set(services)
