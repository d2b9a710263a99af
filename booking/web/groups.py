"""The public page of one group: for whom, what, when, where, who leads it, places, and the way in."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.models import Centre, Group, StaffMember
from booking.models.group import ASKED_FOR
from booking.web.catalogue import GroupCard, group_card, groups_on_offer, next_starts, provider_of
from booking.web.group_dates import coming_dates
from booking.web.offer_words import full_name, say_ages, say_meetings
from booking.web.public import centre_or_404, public_context
from booking.web.public_address import calendar_address
from booking.web.recurrence_words import meetings_of
from scheduler.models import Place, Series

OTHERS_SHOWN = 3


class Leader(NamedTuple):
    """Who leads a group, and what she is."""

    name: str
    job_title: str


@dataclass(frozen=True, slots=True)
class Where:
    """A room and the place it is in."""

    rooms: str
    place: Place | None


@require_safe
def group_page(request: HttpRequest, slug: str, group_id: uuid.UUID) -> HttpResponse:
    """Show one group of a public activity; any other is not found."""
    centre = centre_or_404(slug)
    group = get_object_or_404(Group.objects.public().catalogue(), activity__centre=centre, pk=group_id)
    now = timezone.now()
    with timezone.override(centre.timetable.tz):
        today = timezone.localdate(now)
        lines = list(group.series.all())
        shown = {
            **public_context(request, centre),
            "group": group,
            "name": full_name(group),
            "activity": group.activity,
            "provider": provider_of(group.activity),
            "ages": say_ages(group.age_from, group.age_until),
            "when": say_meetings(meeting for line in lines for meeting in meetings_of(line)),
            "dates": coming_dates(group, lines, now=now),
            "places": places_of(lines),
            "leaders": leaders_of(lines),
            "way_in": way_in(group, now),
            "others": other_groups(centre, group, now),
            "is_over": group.term.ends_on < today,
            "calendar": calendar_address(request, reverse("public-group-calendar", args=[centre.slug, group.pk])),
        }
        return render(request, "booking/public/group.html", shown)


def way_in(group: Group, now: datetime) -> str:
    """Return how one gets in at the moment: open, line, full, not_open, closed, invited, centre."""
    if group.entry == Group.Entry.INVITED:
        return "invited"
    if group.entry not in ASKED_FOR:
        return "centre"
    if group.opens_at is not None and now < group.opens_at:
        return "not_open"
    if not group.is_open_at(now):
        return "closed"
    if group.takes_at_once:
        return "open"
    return "line" if group.waitlist else "full"


def places_of(lines: Iterable[Series]) -> list[Where]:
    """Return the places a group meets in, each with its rooms."""
    rooms: dict[uuid.UUID | None, list[str]] = {}
    places: dict[uuid.UUID | None, Place | None] = {}
    for room in (line.room for line in lines if line.room):
        places[room.place_id] = room.place
        rooms.setdefault(room.place_id, []).append(room.name)
    return [Where(", ".join(dict.fromkeys(names)), places[place_id]) for place_id, names in rooms.items()]


def leaders_of(lines: Iterable[Series]) -> list[Leader]:
    """Return who leads, in order of the week, each with what she is to the centre; in one query."""
    leaders = {line.leader.pk: line.leader.name for line in lines if line.leader}
    titles = dict(StaffMember.objects.filter(resource__in=leaders).order_by().values_list("resource_id", "job_title"))
    return [Leader(name, titles.get(pk, "")) for pk, name in leaders.items()]


def other_groups(centre: Centre, group: Group, now: datetime) -> list[GroupCard]:
    """Return a few other groups that a reader of this one may want: of the same kind first, then of the same age."""
    others = [each for each in groups_on_offer(centre, timezone.localdate(now)) if each.pk != group.pk]
    near = [each for each in others if _shares_age(each, group) or each.activity.kind == group.activity.kind]
    near.sort(key=lambda each: (each.activity.kind != group.activity.kind, each.free_places <= 0))
    near = near[:OTHERS_SHOWN]
    upcoming = next_starts([line for each in near for line in each.series.all()], now)
    return [group_card(each, upcoming) for each in near]


def _shares_age(one: Group, other: Group) -> bool:
    starts = max(one.age_from or 0, other.age_from or 0)
    ends = [until for until in (one.age_until, other.age_until) if until is not None]
    return not ends or starts <= min(ends)
