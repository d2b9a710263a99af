"""Caseloads of family assistants: taking a family on, ending the work, and how many each has of how many she may."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from booking.errors import Refused, refusal
from booking.models import (
    Account,
    Appointment,
    Centre,
    FamilyCase,
    Guardianship,
    Household,
    Policy,
    Role,
    StaffMember,
    StaffRole,
)

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many families one assistant may work with at a time, and what that rests on."""

    families: int | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many families an assistant works with at present, of how many she may."""

    member: StaffMember
    families: int
    limit: int | None

    @property
    def is_full(self) -> bool:
        """Whether one more would be more than she may have."""
        return self.limit is not None and self.families >= self.limit

    @property
    def is_over(self) -> bool:
        """Whether she has more than she may."""
        return self.limit is not None and self.families > self.limit


def limit_of(centre: Centre, *, on: date) -> Limit:
    """Return the number of the policy that holds in a centre on that day: its own, or the country's."""
    key = Policy.Key.FAMILIES_PER_ASSISTANT
    number = Policy.objects.numbers(centre.pk, on).get(key)
    if number is None:
        return Limit(None)
    rows = Policy.objects.filter(Q(centre=centre) | Q(centre=None), key=key, value=number, valid_from__lte=on)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gt=on))
    source = rows.order_by("-valid_from").values_list("source", flat=True).first()
    return Limit(number, source or "")


def assistants_of(centre: Centre, *, on: date) -> list[StaffMember]:
    """Return the family assistants of a centre, and who still has families there."""
    roles = StaffRole.objects.in_force(on).filter(role=Role.FAMILY_ASSISTANT).values("member")
    having = FamilyCase.objects.open().values("member")
    found = StaffMember.objects.filter(Q(pk__in=roles) | Q(pk__in=having), centre=centre)
    return list(found.select_related("person", "resource").order_by("person__sort_name"))


def caseloads(centre: Centre, *, on: date) -> list[Caseload]:
    """Return how many families each assistant of a centre has, in one more query for all of them.

    Whoever assists in two centres is asked about in both: the limit is of the person.
    """
    members = assistants_of(centre, on=on)
    limit = limit_of(centre, on=on).families
    counted = FamilyCase.objects.open().filter(member__person__in=[member.person_id for member in members])
    families = dict(counted.order_by().values_list("member__person").annotate(families=Count("pk")))
    return [Caseload(member, families.get(member.person_id, 0), limit) for member in members]


def caseload_of(member: StaffMember, *, on: date) -> Caseload | None:
    """Return how many families somebody has; None for who is no family assistant and has none."""
    families = FamilyCase.objects.open().filter(member__person=member.person_id).count()
    roles = StaffRole.objects.in_force(on).filter(member=member, role=Role.FAMILY_ASSISTANT)
    if not (families or roles.exists()):
        return None
    return Caseload(member, families, limit_of(member.centre, on=on).families)


@transaction.atomic
def assign_family(
    *, household: Household, member: StaffMember, starts_on: date, by: Account, now: datetime, reason: str = ""
) -> FamilyCase:
    """Let an assistant work with a family from a day on; another assistant's work ends before that day.

    One family more than the policy allows asks for a reason, which is kept. The same assignment again changes nothing.
    Nobody is told: assistant and family agree on their first meeting. The caller has made sure that `by` serves the
    family. Raises Refused: `not_an_assistant`, `case_to_come`, `case_overlaps`, `assistant_barred`, `caseload_full`.
    """
    household = (
        Household.objects.select_for_update(of=("self",)).select_related("centre__timetable").get(pk=household.pk)
    )
    locked = StaffMember.objects.select_for_update(of=("self",)).filter(person=member.person_id).order_by("pk")
    member = next(each for each in locked.select_related("person") if each.pk == member.pk)
    today = timezone.localdate(now, household.centre.timetable.tz)
    before = FamilyCase.objects.open().filter(household=household).first()
    if before is not None and before.member_id == member.pk:
        return before
    _require_possible(household, member, starts_on=starts_on, today=today)
    load = caseload_of(member, on=today)
    if load is not None and load.is_full and not reason.strip():
        raise Refused(refusal("caseload_full", name=member.person, families=load.families, limit=load.limit))
    if before is not None:
        before.ends_on = max(starts_on - DAY, before.starts_on)
        before.save(update_fields=["ends_on"])
    return FamilyCase.objects.create(
        member=member,
        household=household,
        starts_on=starts_on,
        over_limit_reason=reason.strip() if load and load.is_full else "",
        assigned_by=by,
        assigned_at=now,
    )


@transaction.atomic
def end_case(*, case_id: uuid.UUID, ends_on: date, now: datetime) -> FamilyCase:
    """End the work with a family on a day, which is its last; ending it again changes nothing.

    Raises Refused (`case_ends_later`, `case_ends_before`) and FamilyCase.DoesNotExist.
    """
    found = FamilyCase.objects.select_for_update(of=("self",)).select_related("household__centre__timetable")
    case = found.get(pk=case_id)
    if case.ends_on is not None:
        return case
    if ends_on > timezone.localdate(now, case.household.centre.timetable.tz):
        raise Refused(refusal("case_ends_later"))
    if ends_on < case.starts_on:
        raise Refused(refusal("case_ends_before"))
    case.ends_on = ends_on
    case.save(update_fields=["ends_on"])
    return case


def coming_visits(case: FamilyCase, *, now: datetime) -> int:
    """Return how many visits of this assistant with this family are still to come: they stay when the work ends."""
    if case.member.resource_id is None:
        return 0
    coming = Appointment.objects.given_by(case.member.resource_id).coming(now)
    return coming.filter(person__households=case.household_id).distinct().count()


def join_cases(keep: Household, give_up: Household, *, on: date) -> int:
    """End the work with the household that is given up, if the kept one has an assistant too; return how many ended."""
    if not FamilyCase.objects.open().filter(household=keep).exists():
        return 0
    doubled = FamilyCase.objects.open().filter(household=give_up)
    for case in doubled:
        case.ends_on = max(on, case.starts_on)
        case.save(update_fields=["ends_on"])
    return len(doubled)


def _require_possible(household: Household, member: StaffMember, *, starts_on: date, today: date) -> None:
    roles = StaffRole.objects.in_force(today).filter(member=member, role=Role.FAMILY_ASSISTANT)
    if member.centre_id != household.centre_id or not roles.exists():
        raise Refused(refusal("not_an_assistant"))
    if starts_on > today:
        raise Refused(refusal("case_to_come"))
    if Guardianship.objects.barring(member.person_id, today).filter(child__households=household).exists():
        raise Refused(refusal("assistant_barred"))
    cases = FamilyCase.objects.filter(household=household)
    if cases.filter(Q(ends_on__gt=starts_on) | Q(ends_on=None, starts_on__gt=starts_on)).exists():
        raise Refused(refusal("case_overlaps"))
