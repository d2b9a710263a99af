"""Whether a child would have to be in two places at once, the way between them included. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format

from booking.domain.child_places import ChildPlace
from booking.domain.rule_facts import Meeting, RuleFacts, Ways
from booking.errors import Refusal, refusal
from booking.models import Activity, Group, Person


def clash_refusal(child: Person, group: Group, *, places: Iterable[ChildPlace], facts: RuleFacts) -> Refusal | None:
    """Find a meeting of these places of hers that she could not get to or from in time if she joined the group.

    Day care lets children go to activities and clashes with nothing.
    """
    if group.activity.kind == Activity.Kind.DAY_CARE:
        return None
    others = [place.group for place in places if place.binds]
    if not others:
        return None
    own, busy = facts.meetings([group.pk]), facts.meetings(others)
    buildings = {meeting.place for meeting in (*own, *busy)} - {None}
    ways = facts.ways(group.term.timetable_id) if len(buildings) > 1 else {}  # all in one place: no way to go
    for there in busy:
        gap = _gap(there, own, ways)
        if gap is not None:
            return _say(child, group, there, travels=gap > timedelta(0))
    return None


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
