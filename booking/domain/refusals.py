"""Why a person cannot join a group, and which groups she could join instead. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from itertools import islice

from django.utils import timezone
from django.utils.formats import date_format

from booking.domain.child_clashes import clash_refusal
from booking.domain.child_places import ChildPlace, beside
from booking.domain.rule_facts import KnownFacts, RuleFacts
from booking.errors import Refusal, refusal
from booking.models import Activity, Enrolment, Group, Person
from booking.models.group import ASKED_FOR
from booking.models.person import birthday

ALTERNATIVES = 3
SCHOOL_YEAR_STARTS = (9, 1)  # month and day; art. 63 of the Education Law of 14 December 2016


def refusal_for(
    *,
    child: Person,
    group: Group,
    now: datetime,
    by_desk: bool = False,
    entry: Enrolment | None = None,
    facts: RuleFacts | None = None,
) -> Refusal | None:
    """Return the first reason why `child` can get neither a place in `group` nor one in its line now, or None.

    The order is the one in which reasons help most: already there, age, residence, enrolment window, clash, limit,
    places. The desk may give places of groups that are not open to families. `entry` is her own place in line when a
    place is offered to her or accepted: then only age, residence, clash and limit count, and what she wished for
    instead is left aside. Whoever asks about many people or groups gives `facts` known about all of them. Decides for
    certain only under the group's lock.
    """
    reason = rule_refusal(child=child, group=group, now=now, by_desk=by_desk, entry=entry, facts=facts)
    return reason or (None if entry else full_refusal(group))


def rule_refusal(
    *,
    child: Person,
    group: Group,
    now: datetime,
    by_desk: bool = False,
    entry: Enrolment | None = None,
    facts: RuleFacts | None = None,
) -> Refusal | None:
    """Return the first reason that does not lie in the number of places: as `refusal_for`, but for `full`.

    All of it is known under the lock of the child, before the group is locked.
    """
    facts = facts or RuleFacts(now)
    places = facts.places(child) if entry is None else beside(entry, facts.places(child))
    if entry is None and any(place.group == group.pk for place in places):
        return refusal("already_enrolled", child=child.given_name)
    return (
        _age_refusal(child, group, facts)
        or _residence_refusal(child, group, facts)
        or (None if by_desk or entry else _window_refusal(child, group, facts))
        or clash_refusal(child, group, places=places, facts=facts)
        or _limit_refusal(child, group, places, facts)
    )


def full_refusal(group: Group) -> Refusal | None:
    """Return `full` where there is neither a free place nor a line. Decides for certain only under the group's lock."""
    return None if group.takes_at_once or group.waitlist else refusal("full")


def refusal_to_withdraw(*, enrolment: Enrolment) -> Refusal | None:
    """Return why a family cannot give up this place by itself, or None.

    Places that the centre gave, such as day care, are given back at the desk. One that a court ordered is not the
    family's to end at all.
    """
    if enrolment.basis == Enrolment.Basis.COURT:
        return refusal("court_referred", child=enrolment.child.given_name)
    return refusal("given_by_centre") if enrolment.group.entry == Group.Entry.CENTRE else None


def alternatives(*, child: Person, group: Group, now: datetime) -> list[Group]:
    """Return up to three groups in the same centre that `child` could join at once.

    They are of the same kind; of other kinds only where none of the same fits, for something is better than nothing.
    """
    joinable = (
        Group.objects.public()
        .open_at(now)
        .taking_at_once()
        .catalogue()
        .filter(activity__centre=group.activity.centre_id)
        .exclude(pk=group.pk)
    )
    kind = group.activity.kind
    same_kind = _first_possible(joinable.filter(activity__kind=kind), child, now)
    return same_kind or _first_possible(joinable.exclude(activity__kind=kind), child, now)


def _first_possible(groups: Iterable[Group], child: Person, now: datetime) -> list[Group]:
    groups = list(groups)
    facts = KnownFacts(children=[child], groups=groups, now=now)
    possible = (each for each in groups if refusal_for(child=child, group=each, now=now, facts=facts) is None)
    return list(islice(possible, ALTERNATIVES))


def _age_refusal(child: Person, group: Group, facts: RuleFacts) -> Refusal | None:
    if group.age_from is None and group.age_until is None:
        return None
    if child.birth_date is None:
        return refusal("unknown_birth_date", child=child.given_name)
    if group.age_rule == Group.AgeRule.SCHOOL_YEAR:
        age = school_year_of(group.term.starts_on) - child.birth_date.year
    else:
        next_at = timezone.localtime(facts.next_meeting(group) or facts.now, group.term.timetable.tz)
        age = child.age_on(next_at.date()) or 0
    if group.age_from is not None and age < group.age_from:
        from_day = birthday(child.birth_date, group.age_from)
        if group.age_rule == Group.AgeRule.SCHOOL_YEAR:
            from_day = date(from_day.year, *SCHOOL_YEAR_STARTS)
        return refusal(
            "too_young", child=child.given_name, age_from=group.age_from, from_day=date_format(from_day, "DATE_FORMAT")
        )
    if group.age_until is not None and age > group.age_until:
        return refusal("too_old", child=child.given_name, age_until=group.age_until)
    return None


def school_year_of(day: date) -> int:
    """Return the calendar year in which the school year of a day began."""
    return day.year if (day.month, day.day) >= SCHOOL_YEAR_STARTS else day.year - 1


def _residence_refusal(child: Person, group: Group, facts: RuleFacts) -> Refusal | None:
    if not group.residents_only or facts.is_resident(child, group.activity.centre_id):
        return None
    return refusal("not_resident")


def _window_refusal(child: Person, group: Group, facts: RuleFacts) -> Refusal | None:
    now = facts.now
    if group.entry == Group.Entry.INVITED and not facts.is_invited(child, group):
        return refusal("not_invited")
    if group.entry not in (*ASKED_FOR, Group.Entry.INVITED):
        return refusal("not_entitled")
    if group.opens_at is not None and now < group.opens_at:
        opens = timezone.localtime(group.opens_at, group.term.timetable.tz)
        hour = "H:i:s" if opens.second else "H:i"  # whoever counts the seconds is told them
        return refusal("enrolment_not_open", opens=date_format(opens, f"j E Y, {hour}"))
    if group.has_ended_at(now) or (group.closes_at is not None and now >= group.closes_at):
        return refusal("enrolment_closed")
    return None


def _limit_refusal(child: Person, group: Group, places: Iterable[ChildPlace], facts: RuleFacts) -> Refusal | None:
    """Count the places she holds in groups of the same term; a centre without a limit has none."""
    count = sum(place.binds and place.term == group.term_id for place in places)
    if not count or group.activity.kind == Activity.Kind.DAY_CARE:  # a limit allows one place at least
        return None
    on = timezone.localdate(facts.now, group.term.timetable.tz)
    limit = facts.limit(group.activity.centre_id, on)
    if limit is None:
        return None
    return refusal("limit_reached", child=child.given_name, count=limit) if count >= limit else None
