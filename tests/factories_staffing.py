"""Staff who are checked, qualified and away, for tests of safe staffing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from booking.models import Centre, Qualification, Role, SafeguardingCheck, StaffMember, TimeOff
from tests.factories import NOW, make_person, make_staff

CHECKED_ON = date(2026, 9, 1)
WEDNESDAY = datetime(2026, 11, 18, tzinfo=UTC)  # the first one after the tests' clock
THURSDAY = datetime(2026, 11, 19, tzinfo=UTC)


def make_checks(member: StaffMember, *, on: date = CHECKED_ON, ok: bool = True) -> StaffMember:
    """Note the three checks that everybody needs who works with children."""
    for kind in (SafeguardingCheck.Kind.RSPTS, SafeguardingCheck.Kind.COMMISSION, SafeguardingCheck.Kind.KRK):
        SafeguardingCheck.objects.create(member=member, kind=kind, checked_on=on, ok=ok)
    return member


def make_colleague(
    centre: Centre,
    *,
    given_name: str = "",
    kinds: tuple[str, ...] = ("robotics",),
    checked: bool = True,
    educator: bool = False,
    role: str = Role.INSTRUCTOR,
) -> StaffMember:
    """Make somebody who leads, can take over activities of these kinds, and is checked unless told otherwise."""
    member = make_staff(role, centre=centre, person=make_person(given_name=given_name))
    for kind in kinds:
        Qualification.objects.create(member=member, activity_kind=kind)
    if educator:
        member.counts_for_ratio = True
        member.save()
    return make_checks(member) if checked else member


def make_time_off(member: StaffMember, starts_at: datetime, ends_at: datetime, **facts: object) -> TimeOff:
    """Make an absence that was entered before."""
    facts = {"kind": TimeOff.Kind.LEAVE, "entered_at": NOW, "changed_at": NOW} | facts
    return TimeOff.objects.create(member=member, starts_at=starts_at, ends_at=ends_at, **facts)
