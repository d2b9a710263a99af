"""The list at the door: whom each child of a group may leave with today, to read or to print."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.domain.pickup import pickup_cards
from booking.domain.registers import register_of
from booking.models import Centre, Group, Person, StaffMember, StaffRole
from booking.web.family_members import reader_of
from scheduler.models import Session
from scheduler.period import Period

if TYPE_CHECKING:
    from booking.models import Account


@login_required
@require_safe
def door_list(request: HttpRequest) -> HttpResponse:
    """Show the children expected on a day in one group of the reader's, with those who may collect them.

    Open to whoever leads or helps in a meeting of the group on that day while she works there, and to the desk.
    """
    account = reader_of(request)
    centre = _centre_of(account, timezone.localdate())
    with timezone.override(centre.timetable.tz):
        today = timezone.localdate()
        day = _read_day(request.GET.get("date", ""), today)
        sessions = _sessions(account, centre, day, today)
        groups = list(Group.objects.filter(series__in=[each.series_id for each in sessions]).distinct())
        chosen = _chosen(groups, request.GET.get("group", ""))
        children: dict[uuid.UUID, Person] = {}
        away: list[Person] = []
        of_group = set(chosen.series.values_list("pk", flat=True)) if chosen else set()
        for session in sessions:
            for line in register_of(session, on=day, group=chosen) if session.series_id in of_group else ():
                if line.is_absent:
                    away.append(line.person)
                else:
                    children[line.person.pk] = line.person
        facts = {
            "centre": centre,
            "day": day,
            "groups": groups,
            "group": chosen,
            "cards": pickup_cards(sorted(children.values(), key=lambda each: each.sort_name), on=day),
            "away": {person.pk: person for person in away if person.pk not in children}.values(),
        }
        return render(request, "booking/staff/door_list.html", facts)


def _centre_of(account: Account, on: date) -> Centre:
    """Return the centre the reader works for on that day. Raises Http404."""
    held = StaffRole.objects.held_by(account, on)
    centre = Centre.objects.filter(staff__in=held.values("member")).select_related("timetable").order_by("name").first()
    if centre is None:
        raise Http404
    return centre


def _sessions(account: Account, centre: Centre, day: date, today: date) -> list[Session]:
    """Return the meetings of that day that the reader may ask about."""
    period = Period.of_days(day, day, centre.timetable.tz)
    of_day = Session.objects.of_timetable(centre.timetable_id).within(period).standing()
    if not Centre.objects.with_desk_of(account, today).filter(pk=centre.pk).exists():
        mine = StaffMember.objects.diaries_of(account, today).filter(Q(centre=centre))
        of_day = of_day.led_by(*mine.values_list("resource", flat=True))
    return list(of_day.filter(series__groups__isnull=False).distinct().order_by("starts_at", "pk"))


def _chosen(groups: list[Group], key: str) -> Group | None:
    if not key:
        return groups[0] if groups else None
    found = next((group for group in groups if str(group.pk) == key), None)
    if found is None:
        raise Http404
    return found


def _read_day(text: str, today: date) -> date:
    """Return the day asked for, up to a week from today; today for anything else. Nobody needs older lists."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if 0 <= (day - today).days <= 7 else today  # noqa: PLR2004  a week
