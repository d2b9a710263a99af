"""Whether a child would have to be in two places at once, the way between them included. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format, time_format

from booking.domain.child_places import ChildPlace
from booking.errors import Refusal, refusal
from booking.models import Activity, Group, Person
from scheduler.models import PlaceDistance, Session

Ways = dict[frozenset[uuid.UUID], int]


class Meeting(NamedTuple):
    """When and where somebody is expected; `place` is None where no building is known."""

    starts_at: datetime
    ends_at: datetime
    place: uuid.UUID | None
    title: str


def clash_refusal(child: Person, group: Group, now: datetime, *, places: Iterable[ChildPlace]) -> Refusal | None:
    """Find a meeting of these places of hers that she could not get to or from in time if she joined the group.

    Day care lets children go to activities and clashes with nothing.
    """
    if group.activity.kind == Activity.Kind.DAY_CARE:
        return None
    others = [place.group for place in places if place.binds]
    if not others:
        return None
    own, busy = _meetings([group.pk], now), _meetings(others, now)
    ways = _ways(group, own, busy)
    for there in busy:
        gap = _gap(there, own, ways)
        if gap is not None:
            return _say(child, group, there, travels=gap > timedelta(0))
    return None


def _meetings(group_ids: list[uuid.UUID], now: datetime) -> list[Meeting]:
    standing = Session.objects.filter(series__groups__in=group_ids, ends_at__gt=now).standing().order_by("starts_at")
    return [Meeting(*row) for row in standing.values_list("starts_at", "ends_at", "room__place", "series__title")]


def _ways(group: Group, own: Iterable[Meeting], busy: Iterable[Meeting]) -> Ways:
    """Return the ways of the timetable; nothing is asked where everyone stays in one place."""
    places = {meeting.place for meeting in (*own, *busy)} - {None}
    return PlaceDistance.objects.minutes_of(group.term.timetable_id) if len(places) > 1 else {}


def _gap(there: Meeting, own: Iterable[Meeting], ways: Ways) -> timedelta | None:
    """Return zero if a meeting overlaps one of hers, the way if there is no time for it, None if both can be."""
    on_the_way = None
    for here in own:
        if there.starts_at < here.ends_at and here.starts_at < there.ends_at:
            return timedelta(0)
        if here.place is None or there.place is None or here.place == there.place:
            continue
        way = timedelta(minutes=ways.get(frozenset((here.place, there.place)), 0))
        if there.starts_at < here.ends_at + way and here.starts_at < there.ends_at + way:
            on_the_way = way
    return on_the_way


def _say(child: Person, group: Group, there: Meeting, *, travels: bool) -> Refusal:
    local = timezone.localtime(there.starts_at, group.term.timetable.tz)
    when = f"{date_format(local, 'l')} {time_format(local, 'H:i')}"
    sentence = "clash_travel" if travels else "clash"
    return refusal("clash", sentence=sentence, child=child.given_name, other=there.title, when=when)
