"""Visits of the family beside its meetings: in the week, on a child's page, and earlier times that need an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from booking.models import Account, Appointment
from booking.models.modes import Mode
from booking.web.family_appointments import FamilyVisit, visits_of, words_of
from booking.web.family_members import Member
from booking.web.week import Mark, PersonChip, WeekEntry
from scheduler.period import Period

RELATED = ("service__centre__timetable", "specialist", "person", "room__place", "booked_by")


def appointment_entries(
    account: Account, members: Sequence[Member], *, period: Period, zone: ZoneInfo, now: datetime
) -> list[WeekEntry]:
    """Return the visits of these people in `period` as a week shows them, in two queries; each leads to its page.

    A visit that was cancelled stays, crossed out; an earlier time that was only held and given back does not.
    """
    found = Appointment.objects.told_to_family(account, timezone.localdate(now)).within(period)
    rows = found.ever_agreed().select_related(*RELATED)
    visits = [words_of(row, members) for row in rows.prefetch_related("parties").order_by("starts_at", "pk")]
    return [_entry(visit, zone) for visit in visits if visit.member is not None]


def appointments_of(account: Account, member: Member, now: datetime) -> list[FamilyVisit]:
    """Return the coming visits of one person of the family, the first first."""
    visits = visits_of(account, [member], now, coming=True)
    return [visit for visit in visits if visit.member is not None and not visit.is_held]


def _entry(visit: FamilyVisit, zone: ZoneInfo) -> WeekEntry:
    row, member = visit.appointment, visit.member
    assert member is not None  # noqa: S101  the caller leaves out visits of nobody here
    where = visit.where if row.mode in {Mode.OFFICE, Mode.HOME} and visit.where else str(row.get_mode_display())
    return WeekEntry(
        starts_at=visit.starts_at.astimezone(zone),
        ends_at=row.ends_at.astimezone(zone),
        title=visit.title,
        url=reverse("family-appointment", args=[row.pk]),
        where=where,
        who=visit.specialist,
        status="cancelled" if row.is_cancelled else "scheduled",
        marks=(Mark(str(row.get_status_display()), "warn"),) if visit.is_held else (),
        tone=f"hue-{member.hue}",
        people=(PersonChip(member.name, member.hue, member.mark),),
    )
