"""Whose hours for visits somebody may open: her own, and those of everybody whose timetable she plans."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from booking.models import Account, Centre, StaffMember
from scheduler.models import Resource


def specialists_of(user: Account, on: date) -> QuerySet[Resource]:
    """Return the specialists whose hours `user` keeps on that day."""
    own = StaffMember.objects.diaries_of(user, on).values("resource_id")
    planned = Centre.objects.planned_by(user, on).values("timetable_id")
    return Resource.objects.specialists().filter(Q(pk__in=own) | Q(timetable__in=planned))
