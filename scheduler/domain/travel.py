"""Whether people can get from one place to the next in time. Pure, but for the question about one date."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from scheduler.errors import Refusal, Refused
from scheduler.models import PlaceDistance, Reservation, Resource, Session
from scheduler.period import Period

Ways = Mapping[frozenset[uuid.UUID], int]


@dataclass(frozen=True, slots=True)
class Stop:
    """That somebody is at a place for a while; `holder` is what she is there for."""

    resource_id: uuid.UUID
    period: Period
    place_id: uuid.UUID
    holder: uuid.UUID


@dataclass(frozen=True, slots=True)
class TooFar:
    """Two stops of one person with less time between them than the way takes."""

    first: Stop
    second: Stop
    minutes: int


def find_too_far(stops: Iterable[Stop], ways: Ways) -> list[TooFar]:
    """Return every two stops of one person that follow each other too closely, in order of time.

    A way that nobody has set takes no time. Stops that overlap are no matter of travel and are left out.
    """
    longest = timedelta(minutes=max(ways.values(), default=0))
    of_person: dict[uuid.UUID, list[Stop]] = defaultdict(list)
    for stop in stops:
        of_person[stop.resource_id].append(stop)
    found: list[TooFar] = []
    for own in of_person.values():
        own.sort(key=lambda stop: (stop.period, stop.holder.hex))
        near: list[Stop] = []
        for stop in own:
            near = [before for before in near if before.period.end + longest > stop.period.start]
            found += [too_far for before in near if (too_far := _between(before, stop, ways))]
            near.append(stop)
    return sorted(found, key=lambda each: (each.second.period, each.first.period, each.second.resource_id.hex))


def _between(first: Stop, second: Stop, ways: Ways) -> TooFar | None:
    if first.place_id == second.place_id or first.period.end > second.period.start:
        return None
    minutes = ways.get(frozenset((first.place_id, second.place_id)), 0)
    return (
        TooFar(first, second, minutes) if first.period.end + timedelta(minutes=minutes) > second.period.start else None
    )


def standing_stops(people: Iterable[uuid.UUID], period: Period, ways: Ways) -> list[Stop]:
    """Return where these people are in `period`, and around it as long as the longest way takes, in one query."""
    around = timedelta(minutes=max(ways.values(), default=0))
    near = Reservation.objects.filter(
        resource__in=list(people),
        resource__kind=Resource.Kind.SPECIALIST,
        session__room__place__isnull=False,
        starts_at__lt=period.end + around,
        ends_at__gt=period.start - around,
    ).values_list("resource_id", "starts_at", "ends_at", "session__room__place_id", "session_id")
    return [Stop(key, Period(start, end), place, holder) for key, start, end, place, holder in near]


def refuse_too_far(session: Session, period: Period, room: Resource | None, people: Iterable[uuid.UUID]) -> None:
    """Raise Refused (`travel`) if one of these people could not come from, or get to, what she has around `period`.

    The caller holds the locks of the people, so that nothing is planned for them meanwhile.
    """
    if room is None or room.place_id is None:
        return
    ways = PlaceDistance.objects.minutes_of(session.timetable_id)
    if not ways:
        return
    keys = set(people)
    others = [stop for stop in standing_stops(keys, period, ways) if stop.holder != session.pk]
    own = [Stop(key, period, room.place_id, session.pk) for key in keys]
    for each in find_too_far([*others, *own], ways):
        if session.pk in {each.first.holder, each.second.holder}:
            raise Refused(travel_refusal(each))


def travel_refusal(too_far: TooFar) -> Refusal:
    """Return the sentence that says who cannot get where in time, in two queries."""
    one, other = (too_far.first, too_far.second)
    titles = dict(Session.objects.filter(pk__in=[one.holder, other.holder]).values_list("pk", "series__title"))
    return Refusal(
        "travel",
        _("%(person)s cannot get from “%(first)s” to “%(second)s” in time: the way takes %(minutes)s minutes."),
        {
            "person": Resource.objects.get(pk=one.resource_id).name,
            "first": titles.get(one.holder, ""),
            "second": titles.get(other.holder, ""),
            "minutes": too_far.minutes,
        },
    )
