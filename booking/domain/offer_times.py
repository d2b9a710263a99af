"""Until when an offer holds, and whether one may be made now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import Max, Min
from django.utils import timezone

from booking.models import Group, Policy
from scheduler.models import Session

Key = Policy.Key


@dataclass(frozen=True, slots=True)
class OfferRules:
    """How long an offer holds and when none is made; hours of quiet are those on the timetable's wall clock."""

    hours: int
    least_minutes: int
    cutoff_minutes: int
    near_hours: int
    quiet_from: int
    quiet_until: int

    @classmethod
    def of(cls, numbers: dict[str, int]) -> Self:
        """Read the rules out of the policies of a centre."""
        keys = (
            Key.OFFER_HOURS,
            Key.OFFER_LEAST_MINUTES,
            Key.OFFER_CUTOFF_MINUTES,
            Key.OFFER_NEAR_HOURS,
            Key.QUIET_FROM_HOUR,
            Key.QUIET_UNTIL_HOUR,
        )
        return cls(*(numbers[key] for key in keys))


def offer_deadline(group: Group, *, now: datetime) -> datetime | None:
    """Return until when an offer of this group made now would hold, or None if none may be made now."""
    if group.has_ended_at(now):
        return None
    zone = group.term.timetable.tz
    rules = OfferRules.of(Policy.objects.numbers(group.activity.centre_id, timezone.localdate(now, zone)))
    meetings = Session.objects.filter(series__groups=group).standing()
    ends = meetings.aggregate(first=Min("starts_at"), last=Max("starts_at"))
    return deadline(now=now, first=ends["first"], last=ends["last"], rules=rules, zone=zone)


def deadline(
    *, now: datetime, first: datetime | None, last: datetime | None, rules: OfferRules, zone: ZoneInfo
) -> datetime | None:
    """Return the end of an offer made at `now` for a course with these first and last meetings, or None. Pure.

    The start that counts is the first meeting while it lies ahead; in a running course, the last one. Nothing is
    offered later than the cut-off before it; near it, the time to answer is what is left until the cut-off, but never
    less than the least; at night nothing is offered unless the start is near.
    """
    wanted = now + timedelta(hours=rules.hours)
    if first is None or last is None:
        return None if is_quiet(now, rules, zone) else wanted
    start = first if first > now else last
    cutoff = start - timedelta(minutes=rules.cutoff_minutes)
    if now + timedelta(minutes=rules.least_minutes) > cutoff:
        return None
    near = start - now <= timedelta(hours=rules.near_hours)
    if is_quiet(now, rules, zone) and not near:
        return None
    return min(wanted, cutoff)


def answer_until(start: datetime, *, now: datetime, rules: OfferRules) -> datetime | None:
    """Return until when a time that begins at `start` is held for an answer, at any hour; None if it is too near. Pure.

    It is for what stands in for something agreed: whoever is asked hears of it at once, at night as well.
    """
    cutoff = start - timedelta(minutes=rules.cutoff_minutes)
    if now + timedelta(minutes=rules.least_minutes) > cutoff:
        return None
    return min(now + timedelta(hours=rules.hours), cutoff)


def is_quiet(now: datetime, rules: OfferRules, zone: ZoneInfo) -> bool:
    """Say whether it is night for those who would be told."""
    hour = timezone.localtime(now, zone).hour
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= hour < rules.quiet_until
    return hour >= rules.quiet_from or hour < rules.quiet_until
