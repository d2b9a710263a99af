"""Families of the demo's family assistants: twelve and eleven, as in a usual centre."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import islice

from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import demo_id
from booking.models import Account, FamilyCase, Household, Person, StaffMember

FAMILIES = {"AR1": 12, "AR2": 11}
BEGAN, STEP = timedelta(days=400), timedelta(days=17)
ENDED = timedelta(days=45)


def store_caseloads(
    opened: OpenCentre, people: Mapping[str, Person], *, by: Account, today: date, now: datetime
) -> None:
    """Store them for the centre of the story, with one family that was helped before; tells nobody."""
    if "bielak" not in people:
        return
    first = Household.objects.filter(members=people["bielak"])
    with_children = Household.objects.filter(centre=opened.centre, members__guardians__isnull=False).distinct()
    homes = iter([*first, *with_children.exclude(pk__in=first).order_by("code")])
    for key, count in FAMILIES.items():
        member = StaffMember.objects.get(pk=demo_id(opened.facts.slug, "staff", key))
        for number, household in enumerate(islice(homes, count)):
            _store(member, household, today - BEGAN + number * STEP, by=by, now=now)
    helped = next(homes)
    _store(member, helped, today - 2 * BEGAN, by=by, now=now, ends_on=today - ENDED)


def _store(
    member: StaffMember,
    household: Household,
    starts_on: date,
    *,
    by: Account,
    now: datetime,
    ends_on: date | None = None,
) -> None:
    FamilyCase.objects.create(
        id=demo_id("case", member.pk, household.code),
        member=member,
        household=household,
        starts_on=starts_on,
        ends_on=ends_on,
        assigned_by=by,
        assigned_at=now,
    )
