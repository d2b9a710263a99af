"""Why a person cannot join a group, and which groups she could join instead. Reads only."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format

from booking.errors import Refusal, refusal
from booking.models import Activity, Enrolment, Group, Person
from booking.models.person import birthday
from scheduler.models import Session
from scheduler.period import Period

ALTERNATIVES = 3


def refusal_for(*, child: Person, group: Group, now: datetime, by_desk: bool = False) -> Refusal | None:
    """Return the first reason why `child` cannot take a place in `group` now, or None.

    The order is the one in which reasons help most: already there, age, enrolment window, clash, places. The desk may
    give places of groups that are not open to families. Decides for certain only under the group's lock.
    """
    if group.enrolments.filter(child=child).live().exists():
        return refusal("already_enrolled", child=child.given_name)
    return (
        _age_refusal(child, group, now)
        or (None if by_desk else _window_refusal(group, now))
        or _clash_refusal(child, group, now)
        or (refusal("full") if group.free_places <= 0 else None)
    )


def refusal_to_withdraw(*, enrolment: Enrolment) -> Refusal | None:
    """Return why a family cannot give up this place by itself, or None.

    Places that the centre gave, such as day care, are given back at the desk: somebody may have been referred there.
    """
    return refusal("given_by_centre") if enrolment.group.entry != Group.Entry.OPEN else None


def alternatives(*, child: Person, group: Group, now: datetime) -> list[Group]:
    """Return up to three groups of the same kind in the same centre that `child` could join at once."""
    same_kind = (
        Group.objects.public()
        .open_at(now)
        .with_free_places()
        .catalogue()
        .filter(activity__centre=group.activity.centre_id, activity__kind=group.activity.kind)
        .exclude(pk=group.pk)
    )
    possible = (each for each in same_kind if refusal_for(child=child, group=each, now=now) is None)
    return [each for _, each in zip(range(ALTERNATIVES), possible, strict=False)]


def _age_refusal(child: Person, group: Group, now: datetime) -> Refusal | None:
    if group.age_from is None and group.age_until is None:
        return None
    day = _next_meeting_on(group, now)
    age = child.age_on(day)
    if age is None or child.birth_date is None:
        return refusal("unknown_birth_date", child=child.given_name)
    if group.age_from is not None and age < group.age_from:
        from_day = birthday(child.birth_date, group.age_from)
        return refusal(
            "too_young", child=child.given_name, age_from=group.age_from, from_day=date_format(from_day, "DATE_FORMAT")
        )
    if group.age_until is not None and age > group.age_until:
        return refusal("too_old", child=child.given_name, age_until=group.age_until)
    return None


def _next_meeting_on(group: Group, now: datetime) -> date:
    upcoming = Session.objects.filter(series__groups=group, ends_at__gt=now).standing().order_by("starts_at").first()
    moment = upcoming.starts_at if upcoming else now
    return timezone.localtime(moment, group.term.timetable.tz).date()


def _window_refusal(group: Group, now: datetime) -> Refusal | None:
    if group.entry != Group.Entry.OPEN:
        return refusal("not_entitled")
    if group.opens_at is not None and now < group.opens_at:
        opens = timezone.localtime(group.opens_at, group.term.timetable.tz)
        return refusal("enrolment_not_open", opens=date_format(opens, "DATETIME_FORMAT"))
    if group.has_ended_at(now) or (group.closes_at is not None and now >= group.closes_at):
        return refusal("enrolment_closed")
    return None


def _clash_refusal(child: Person, group: Group, now: datetime) -> Refusal | None:
    """Find a meeting of another group of hers at the same moment; day care lets children go to activities."""
    if group.activity.kind == Activity.Kind.DAY_CARE:
        return None
    others = (
        Enrolment.objects.holding()
        .filter(child=child)
        .exclude(group__activity__kind=Activity.Kind.DAY_CARE)
        .values_list("group_id", flat=True)
    )
    if not others:
        return None
    meetings = Session.objects.filter(ends_at__gt=now).standing()
    own = [Period(*hours) for hours in meetings.filter(series__groups=group).values_list("starts_at", "ends_at")]
    busy = meetings.filter(series__groups__in=list(others)).values_list("starts_at", "ends_at", "series__title")
    zone = group.term.timetable.tz
    for starts_at, ends_at, title in busy.order_by("starts_at"):
        there = Period(starts_at, ends_at)
        if any(there.overlaps(here) for here in own):
            local = timezone.localtime(starts_at, zone)
            when = f"{date_format(local, 'l')} {time_format(local, 'H:i')}"
            return refusal("clash", child=child.given_name, other=title, when=when)
    return None
