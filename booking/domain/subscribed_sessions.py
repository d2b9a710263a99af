"""Which sessions and visits a calendar shows: decided by its owner's rights of the day it is read. Reads only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import translation

from booking.messages.away import Away
from booking.messages.enrolments import group_title
from booking.messages.routine import Routine
from booking.models import (
    Absence,
    Account,
    Activity,
    Appointment,
    CalendarSubscription,
    Centre,
    Enrolment,
    Group,
    GuestPlace,
    Person,
    Role,
    StaffRole,
)
from booking.models.activity import Sensitivity
from booking.models.appointment import AppointmentQuerySet
from scheduler.models import Resource, Session
from scheduler.models.session import SessionQuerySet

Scope = CalendarSubscription.Scope

# Who sees what is meant for staff. Partners, volunteers and those who check others' work see the public timetable.
HOUSE_ROLES = (
    Role.DIRECTOR,
    Role.ORGANISER,
    Role.COORDINATOR,
    Role.COMMUNITY_ORGANISER,
    Role.SPECIALIST,
    Role.EDUCATOR,
    Role.INSTRUCTOR,
    Role.FAMILY_ASSISTANT,
)


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


def subscribed(*, owner: Account, scope: str, subject_id: uuid.UUID | None, on: date) -> Subscribed | None:
    """Return what `owner` may see of this subject on that day, or None if she may see nothing of it."""
    if scope == Scope.HOUSEHOLD:
        return _household(owner, subject_id, on)
    if subject_id is None:
        return None
    by_scope = {
        Scope.CHILD: _child,
        Scope.SPECIALIST: _specialist,
        Scope.SPECIALIST_BUSY: _specialist,
        Scope.ROOM: _room,
        Scope.GROUP: _group,
        Scope.CENTRE: _centre,
    }
    return by_scope[Scope(scope)](owner, subject_id, on)


def public_sessions(*, centre: Centre, group: Group | None = None) -> Subscribed:
    """Return what anyone may subscribe to: a centre's public sessions, or those of one public group."""
    sessions = Session.objects.of_timetable(centre.timetable_id).public()
    if group is None:
        return Subscribed(sessions, centre.name, public_only=True)
    return Subscribed(sessions.filter(series__groups=group), group.name, public_only=True)


def own_specialist_id(owner: Account, on: date) -> uuid.UUID | None:
    """Return the resource that `owner` is in the timetable of her centre, or None if there is none or several."""
    found = list(_led_as(owner, on).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def _family(owner: Account, on: date) -> QuerySet[Person]:
    """Return the owner and the children she may view: never the families of her desk, whom she reads in the pages."""
    own = Q(pk=owner.person_id) | Q(pk__in=Person.objects.children_of(owner, on).values("pk"))
    return Person.objects.visible_to(owner, on).filter(own)


def _household(owner: Account, subject_id: uuid.UUID | None, on: date) -> Subscribed | None:
    people = _family(owner, on)
    if subject_id is None:
        return _with_visits(_of_people(people, owner.language), owner, on)
    shown = _of_people(people.filter(households=subject_id), owner.language)
    return _with_visits(shown, owner, on) if shown.name else None


def _child(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    shown = _of_people(_family(owner, on).filter(pk=subject_id), owner.language)
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


def _led_as(owner: Account, on: date) -> QuerySet[Resource]:
    """Return the specialists of timetables that `owner` is while she holds a role."""
    held = StaffRole.objects.in_force(on).filter(member__person__account=owner)
    return Resource.objects.specialists().filter(staff_member__in=held.values("member_id"))


def _specialist(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    """Return a specialist's work, for herself and for whoever plans the timetable she works in."""
    planned = Q(timetable__centre__in=Centre.objects.planned_by(owner, on).values("pk"))
    own = Q(pk__in=_led_as(owner, on).values("pk"))
    name = Resource.objects.specialists().filter(own | planned, pk=subject_id).values_list("name", flat=True).first()
    if name is None:
        return None
    return Subscribed(Session.objects.led_by(subject_id), name, visits=_told(Appointment.objects.given_by(subject_id)))


def _told(visits: AppointmentQuerySet) -> AppointmentQuerySet:
    """Leave out what was only written down afterwards: it is told to nobody."""
    return visits.exclude(source=Appointment.Source.AFTERWARDS)


def _staffed(owner: Account, on: date, centre: str) -> Exists:
    """Say in a query whether `owner` works for the centre that the row's `centre` field names."""
    own = StaffRole.objects.in_force(on).filter(member__person__account=owner)
    return Exists(own.filter(role__in=HOUSE_ROLES, member__centre=OuterRef(centre)))


def _room(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    rooms = Resource.objects.rooms().filter(pk=subject_id, timetable__centre__isnull=False)
    found = rooms.annotate(staffed=_staffed(owner, on, "timetable__centre")).values_list("name", "staffed").first()
    if found is None:
        return None
    name, staffed = found
    shown = _as_far_as(Session.objects.filter(room_id=subject_id), name, inside=staffed)
    return replace(shown, visits=_told(Appointment.objects.filter(room=subject_id))) if staffed else shown


def _centre(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    centres = Centre.objects.filter(pk=subject_id).annotate(staffed=_staffed(owner, on, "pk"))
    found = centres.values_list("name", "timetable_id", "staffed").first()
    if found is None:
        return None
    name, timetable_id, staffed = found
    return _as_far_as(Session.objects.of_timetable(timetable_id), name, inside=staffed)


def _group(owner: Account, subject_id: uuid.UUID, on: date) -> Subscribed | None:
    """Return a group's sessions: all for staff and for families with a place in it, the public ones for anyone."""
    places = Enrolment.objects.filter(status=Enrolment.Status.ENROLLED, child__in=_family(owner, on).values("pk"))
    groups = Group.objects.filter(pk=subject_id).annotate(
        staffed=_staffed(owner, on, "activity__centre"), taking_part=Exists(places.filter(group=OuterRef("pk")))
    )
    found = groups.values_list("name", "activity__sensitivity", "staffed", "taking_part").first()
    if found is None:
        return None
    name, sensitivity, staffed, taking_part = found
    inside = staffed or taking_part
    if not inside and sensitivity != Sensitivity.PUBLIC:
        return None
    name = "" if sensitivity == Sensitivity.SENSITIVE else name
    return _as_far_as(Session.objects.filter(series__groups=subject_id), name, inside=inside)


def _as_far_as(sessions: SessionQuerySet, name: str, *, inside: bool) -> Subscribed:
    return Subscribed(sessions, name) if inside else Subscribed(sessions.public(), name, public_only=True)
