"""Which sessions and visits a calendar shows: decided by its owner's rights of the day it is read. Reads only."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.domain.subscribed import Subscribed
from booking.domain.subscribed_families import child_calendar, household_calendar, own_family
from booking.models import (
    Account,
    Appointment,
    CalendarSubscription,
    Centre,
    Enrolment,
    Group,
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


def subscribed(*, owner: Account, scope: str, subject_id: uuid.UUID | None, on: date) -> Subscribed | None:
    """Return what `owner` may see of this subject on that day, or None if she may see nothing of it."""
    if scope == Scope.HOUSEHOLD:
        return household_calendar(owner, subject_id, on)
    if subject_id is None:
        return None
    by_scope = {
        Scope.CHILD: child_calendar,
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
    places = Enrolment.objects.filter(status=Enrolment.Status.ENROLLED, child__in=own_family(owner, on).values("pk"))
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
