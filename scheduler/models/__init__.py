"""What the scheduler remembers."""

from scheduler.models.busy_period import BusyPeriod
from scheduler.models.change import TimetableChange
from scheduler.models.closure import Closure, SchoolBreak, Voivodeship
from scheduler.models.distance import PlaceDistance
from scheduler.models.resource import Place, Resource
from scheduler.models.room_request import RoomRequest
from scheduler.models.series import Recurrence, Series
from scheduler.models.session import Reservation, Session
from scheduler.models.substitution import Substitution
from scheduler.models.timetable import Term, Timetable
from scheduler.models.timetable_row import TimetableRow

__all__ = [
    "BusyPeriod",
    "Closure",
    "Place",
    "PlaceDistance",
    "Recurrence",
    "Reservation",
    "Resource",
    "RoomRequest",
    "SchoolBreak",
    "Series",
    "Session",
    "Substitution",
    "Term",
    "Timetable",
    "TimetableChange",
    "TimetableRow",
    "Voivodeship",
]
