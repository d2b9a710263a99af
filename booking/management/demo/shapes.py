"""What the tables of the demo are made of: plain values that loading turns into rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import time

from booking.models import Activity, Group, Role, Service
from booking.models.activity import Sensitivity
from booking.models.modes import MODES
from scheduler.models import Recurrence

NAMESPACE = uuid.UUID("6d1c3f0e-8f1b-5c1d-9a51-0d3b5c8f7e10")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def demo_id(*parts: object) -> uuid.UUID:
    """Return the identity of a thing of the demo: the same name gives the same one in every load."""
    return uuid.uuid5(NAMESPACE, "/".join(str(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Texts:
    """One text in the three languages of the catalogue."""

    pl: str
    en: str
    uk: str


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A building or ground and how one gets in."""

    key: str
    name: str
    address: str
    village: str
    step_free: bool = True
    lift: bool = False
    accessible_toilet: bool = True


@dataclass(frozen=True, slots=True)
class RoomFacts:
    """A room, how many people it holds and where it is; some work has no place."""

    key: str
    name: str
    capacity: int
    place: str | None


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """A member of staff; `leads` says whether the timetable needs her, `account` under which key she is printed."""

    key: str
    given_name: str
    family_name: str
    job_title: str
    role: Role
    leads: bool = True
    counts_for_ratio: bool = False
    account: str | None = None

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """A group; `taken` is how many places the demo fills, `waiting` how many wait in its line, if it has one."""

    key: str
    name: str
    age_from: int | None
    age_until: int | None
    capacity: int
    taken: int
    entry: Group.Entry = Group.Entry.OPEN
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity with its groups."""

    key: str
    kind: Activity.Kind
    name: Texts
    summary: Texts
    provider: str
    groups: tuple[GroupFacts, ...]
    sensitivity: Sensitivity = Sensitivity.PUBLIC


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A service of a specialist; `ways` are the modes of meeting, `urgent` and `new_quota` hold for each duty."""

    key: str
    name: Texts
    summary: Texts
    sensitivity: Sensitivity
    minutes: int
    pause_minutes: int = 0
    entry: Service.Entry = Service.Entry.APPOINTMENT
    ways: str = "office"
    travel_minutes: int = 0
    notice_hours: int = 2
    urgent: int = 0
    new_quota: int | None = None

    @property
    def modes(self) -> dict[str, bool]:
        """The ways as the columns of services and windows."""
        return {mode: mode in self.ways.split() for mode in MODES}


@dataclass(frozen=True, slots=True)
class Line:
    """Rows of the weekly timetable that differ only in the day: who meets, where, led by the first of `staff`.

    `offers` names groups, or the one service whose duty hours these are; hours in the field have no room.
    """

    days: str
    hours: str
    title: str
    room: str
    staff: str
    offers: str
    recurrence: Recurrence = Recurrence.WEEKLY
    sensitivity: Sensitivity = Sensitivity.PUBLIC

    @property
    def weekdays(self) -> list[int]:
        """The days as numbers, Monday is 0."""
        return [DAYS.index(day) for day in self.days.split()]

    @property
    def starts(self) -> time:
        """The hour it starts at."""
        return time.fromisoformat(self.hours.split("-")[0])

    @property
    def ends(self) -> time:
        """The hour it ends at."""
        return time.fromisoformat(self.hours.split("-")[1])


@dataclass(frozen=True, slots=True)
class Change:
    """One date of a line that did not go as planned; without new hours it is cancelled."""

    title: str
    day: str
    hours: str
    note: str
    new_hours: str = ""


@dataclass(frozen=True, slots=True)
class CentreFacts:
    """Everything a centre is made of, except its families."""

    slug: str
    name: str
    kind: str
    accent: str
    about: str
    address: str
    phone: str
    email: str
    desk_hours: str
    places: tuple[PlaceFacts, ...]
    rooms: tuple[RoomFacts, ...]
    staff: tuple[StaffFacts, ...]
    activities: tuple[ActivityFacts, ...]
    services: tuple[ServiceFacts, ...]
    week: tuple[Line, ...]
    changes: tuple[Change, ...]
