"""What a calendar may show."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from booking.messages.away import Away
from booking.messages.routine import Routine
from booking.models import Appointment
from booking.models.appointment import AppointmentQuerySet
from scheduler.models.session import SessionQuerySet


@dataclass(frozen=True, slots=True)
class Subscribed:
    """What a calendar may show: sessions, who takes part in each series, and the subject's name ("" tells nothing).

    `away` says by session who of these people will not come. With `public_only`, sessions of sensitive activities are
    left out even if their series says it is public. `routine` says which series are blocks of a day-care day. `visits`
    are the visits shown beside the sessions, and `people` the given names of those whose calendar it is: blank where it
    is not a family's.
    """

    sessions: SessionQuerySet
    name: str = ""
    participants: Mapping[uuid.UUID, tuple[str, ...]] = field(default_factory=dict)
    public_only: bool = False
    away: Mapping[uuid.UUID, Away] = field(default_factory=dict)
    routine: Mapping[uuid.UUID, Routine] = field(default_factory=dict)
    visits: AppointmentQuerySet = field(default_factory=Appointment.objects.none)
    people: Mapping[uuid.UUID, str] = field(default_factory=dict)
