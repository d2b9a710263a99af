"""Who may open a staff page: asked once at the door, answered with what the person may work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from booking.models import Centre, StaffMember

if TYPE_CHECKING:
    from datetime import date

    from booking.models import Account


def planned_centre(user: Account, on: date, slug: str = "") -> Centre:
    """Return the centre whose timetable `user` plans: the named one, or her first. Raises Http404 for all others."""
    centres = Centre.objects.planned_by(user, on).select_related("timetable")
    if slug:
        return get_object_or_404(centres, slug=slug)
    centre = centres.first()
    if centre is None:
        raise Http404
    return centre


def diary_owner(user: Account, slug: str = "") -> StaffMember:
    """Return the staff membership whose diary `user` keeps: in the named centre, or her first. Raises Http404."""
    members = StaffMember.objects.diaries_of(user, timezone.localdate())
    if slug:
        members = members.filter(centre__slug=slug)
    member = members.select_related("centre__timetable", "resource", "person").order_by("centre__name").first()
    if member is None:
        raise Http404
    return member
