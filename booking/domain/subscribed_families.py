"""Which sessions and visits the calendar of a family shows: those its owner may see on that day. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import translation

from booking.domain.subscribed import Subscribed
from booking.messages.away import Away
from booking.messages.enrolments import group_title
from booking.messages.routine import Routine
from booking.models import (
    Absence,
    Account,
    Activity,
    Appointment,
    Enrolment,
    Group,
    GuestPlace,
    Person,
)
from scheduler.models import Session


def own_family(owner: Account, on: date) -> QuerySet[Person]:
    """Return the owner and the children she may view: never the families of her desk, whom she reads in the pages."""
    own = Q(pk=owner.person_id) | Q(pk__in=Person.objects.children_of(owner, on).values("pk"))
    return Person.objects.visible_to(owner, on).filter(own)


def household_calendar(owner: Account, subject_id: uuid.UUID | None, on: date) -> Subscribed | None:
    """Return what the owner's family goes to, or those of one household; None if she may see nobody of it."""
    people = own_family(owner, on)
    if subject_id is None:
        return _with_visits(_of_people(people, owner.language), owner, on)
    shown = _of_people(people.filter(households=subject_id), owner.language)
    return _with_visits(shown, owner, on) if shown.name else None


def child_calendar(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    """Return what one of the family goes to, or None if the owner may not see her."""
    shown = _of_people(own_family(owner, on).filter(pk=subject_id), owner.language)
    return _with_visits(shown, owner, on) if shown.name else None


def _with_visits(shown: Subscribed, owner: Account, on: date) -> Subscribed:
    """Add the visits of these people that the owner is told of: none that a decision hides from her."""
    return replace(shown, visits=Appointment.objects.told_to_family(owner, on).of_person(*shown.people))


def _of_people(people: QuerySet[Person], language: str) -> Subscribed:
    """Return the sessions of all groups in which these people have a place, and their visits, named after them.

    The whole course is shown, not only the dates after the enrolment; a place that was given back shows nothing.
    """
    places = FilteredRelation("enrolments", condition=Q(enrolments__status=Enrolment.Status.ENROLLED))
    found = people.annotate(places=places).order_by("birth_date", "given_name", "pk")
    names: dict[uuid.UUID, str] = {}
    participants: dict[uuid.UUID, tuple[str, ...]] = {}
    groups: dict[uuid.UUID, dict[uuid.UUID, str]] = {}
    about = ("places__group__series", "places__group", "places__group__activity__kind")
    for person_id, name, series_id, group_id, kind in found.values_list("pk", "given_name", *about):
        names[person_id] = name
        if series_id is not None:
            groups.setdefault(series_id, {})[group_id] = kind
        if series_id is not None and name not in participants.get(series_id, ()):
            participants[series_id] = (*participants.get(series_id, ()), name)
    sessions = Q(series__in=list(participants))
    visits = (
        GuestPlace.objects.coming().filter(child__in=list(names)).values_list("session", "session__series", "child")
    )
    for session_id, series_id, child_id in visits:
        sessions |= Q(pk=session_id)
        participants.setdefault(series_id, (names[child_id],))
    return Subscribed(
        Session.objects.filter(sessions),
        ", ".join(names.values()),
        participants,
        away=_away(names),
        routine=_routine(groups, language),
        people=names,
    )


def _routine(groups: Mapping[uuid.UUID, Mapping[uuid.UUID, str]], language: str) -> dict[uuid.UUID, Routine]:
    """Return which of these series only day-care groups meet in, and what their day is called in that language."""
    daily = {
        series_id: tuple(sorted(those))
        for series_id, those in groups.items()
        if set(those.values()) == {Activity.Kind.DAY_CARE}
    }
    if not daily:
        return {}
    keys = {key for those in daily.values() for key in those}
    found = Group.objects.filter(pk__in=keys).select_related("activity")
    with translation.override(language):
        titles = {group.pk: group_title(group) for group in found}
        return {key: Routine(those, ", ".join(titles[each] for each in those)) for key, those in daily.items()}


def _away(names: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, Away]:
    """Return who of these people will not come to which meeting; those who come after all leave an empty trace."""
    away: dict[uuid.UUID, Away] = {}
    told = Absence.objects.filter(child__in=list(names)).order_by("session_id", "reported_at")
    for session_id, child_id, told_at, back_at in told.values_list(
        "session_id", "child_id", "reported_at", "withdrawn_at"
    ):
        before = away.get(session_id, Away((), told_at))
        absent = () if back_at else (names[child_id],)
        away[session_id] = Away((*before.names, *absent), max(before.changed_at, back_at or told_at))
    return away
