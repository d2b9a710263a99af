"""Row locks of booking: people before groups before enrolments, each kind in key order, so that none wait in a ring."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from booking.models import Appointment, Enrolment, Group, Merge, Person
from scheduler.models.prepared import PreparedQuery

COUNTED = ("capacity", "extra_places", "places_taken", "waitlist", "waiting", "line_numbers")


def lock_person(person_id: uuid.UUID) -> Person:
    """Lock one person until the transaction ends, so that her enrolments are decided one after another.

    A record that was put into another one meanwhile is answered by the one that was kept. Raises Person.DoesNotExist.
    """
    for person in PERSON.objects(person_id=person_id):
        found: Person = person
        return found
    return Person.objects.select_for_update().get(pk=Merge.objects.kept_instead_of(Merge.Kind.PERSON, person_id))


def _person(*, person_id: uuid.UUID) -> QuerySet[Person]:
    return Person.objects.select_for_update().filter(pk=person_id)


def _counters(*, group_id: uuid.UUID) -> QuerySet[Group, tuple[int, ...]]:
    return Group.objects.select_for_update().filter(pk=group_id).order_by().values_list(*COUNTED)


PERSON, COUNTERS = PreparedQuery(_person), PreparedQuery(_counters)


def lock_people(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Person]:
    """Lock several people, as `lock_person`."""
    found = Person.objects.select_for_update().filter(pk__in=set(person_ids)).order_by("pk")
    return {person.pk: person for person in found}


def lock_group(group_id: uuid.UUID) -> Group:
    """Lock one group until the transaction ends: whoever holds it decides about its places."""
    return Group.objects.select_for_update(of=("self",)).select_related("activity", "term__timetable").get(pk=group_id)


def lock_places(group: Group) -> None:
    """Lock a group that was read before and bring its places to the present; its rules stay as they were read.

    The statement is small because everybody who wants a place here stands behind it.
    """
    [counted] = COUNTERS.values(group_id=group.pk)
    for name, value in zip(COUNTED, counted, strict=True):
        setattr(group, name, value)


def lock_groups(group_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Group]:
    """Lock several groups, as `lock_group`. Raises Group.DoesNotExist if one is missing."""
    wanted = set(group_ids)
    locked = Group.objects.select_for_update(of=("self",)).select_related("activity", "term__timetable")
    found = {group.pk: group for group in locked.filter(pk__in=wanted).order_by("pk")}
    if found.keys() != wanted:
        raise Group.DoesNotExist
    return found


def lock_line(*group_ids: uuid.UUID) -> dict[uuid.UUID, Group]:
    """Lock groups together with all that share a wish or a bundle with somebody in their lines."""
    return lock_groups({*group_ids, *linked_groups(group_ids)})


def linked_groups(group_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return the groups that share a wish or a bundle with anybody in line for one of these."""
    here = Enrolment.objects.in_line().filter(group__in=list(group_ids))
    wishes, bundles = here.exclude(wish=None).values("wish"), here.exclude(bundle=None).values("bundle")
    linked = Enrolment.objects.in_line().filter(Q(wish__in=wishes) | Q(bundle__in=bundles))
    return set(linked.values_list("group_id", flat=True))


def lock_enrolment(enrolment_id: uuid.UUID) -> Enrolment:
    """Lock one enrolment until the transaction ends; its group must be locked before. Raises Enrolment.DoesNotExist."""
    return Enrolment.objects.select_for_update(of=("self",)).select_related("child").get(pk=enrolment_id)


def lock_appointments(appointment_ids: Iterable[uuid.UUID]) -> None:
    """Lock several visits, as `lock_appointment`."""
    list(Appointment.objects.select_for_update(of=("self",)).filter(pk__in=set(appointment_ids)).order_by("pk"))


def lock_appointment(appointment_id: uuid.UUID) -> Appointment:
    """Lock one visit until the transaction ends; whom it is for must be locked before.

    Raises Appointment.DoesNotExist.
    """
    related = ("service__centre__timetable", "person", "specialist", "room")
    locked = Appointment.objects.select_for_update(of=("self",)).select_related(*related)
    return locked.get(pk=appointment_id)
