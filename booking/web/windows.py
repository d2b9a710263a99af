"""Hours for visits: a specialist's own, everybody's for the organiser, and booked visits that fit none of them."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from booking.domain.visits_to_settle import keep_outside_hours, visits_outside_hours
from booking.domain.window_rights import specialists_of
from booking.models import Account, Appointment, Centre, OpeningWindow, StaffMember
from booking.models.modes import Mode
from booking.web.family_members import reader_of
from booking.web.offer_words import say_meetings
from booking.web.recurrence_words import meetings_of
from scheduler.models import Resource
from scheduler.models.series import WEEKDAYS
from scheduler.recurrence import planned_dates


@dataclass(frozen=True, slots=True)
class WindowCard:
    """A window in words."""

    window: OpeningWindow
    when: list[str]
    modes: list[str]
    services: list[str]


@login_required
@never_cache
@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Show the hours for visits of one person, and her visits that fit them no more.

    Who plans a timetable and receives nobody herself first chooses whose hours she wants to see.
    """
    reader, now = reader_of(request), timezone.now()
    wanted = request.GET.get("specialist", "")
    leader, others = leader_of(reader, now, wanted)
    if not wanted and ("all" in request.GET or not _is_own(leader, reader)):
        return _everybody(request, reader, others, now)
    with timezone.override(leader.timetable.tz):
        today = timezone.localdate(now)
        visits = visits_outside_hours(specialists=[leader.pk], now=now)
        cards = _cards(reader, [leader], today)
        facts = {
            **frame_of(leader, reader, _("Hours for visits")),
            "windows": cards,
            "services": sorted({each for card in cards for each in card.window.series.services.all()}, key=str),
            "plans": Centre.objects.planned_by(reader, today).filter(timetable=leader.timetable_id).exists(),
            "others": others,
            "visits": visits,
            "named": named(reader, visits, today),
            "at_desk": _at_desk(reader, visits, today),
        }
        return render(request, "booking/staff/windows.html", facts)


@login_required
@require_POST
def keep_visit(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Leave a visit where it is, outside the hours."""
    reader, now = reader_of(request), timezone.now()
    mine = specialists_of(reader, timezone.localdate(now))
    visit = get_object_or_404(Appointment.objects.coming(now).filter(specialist__in=mine), pk=visit_id)
    keep_outside_hours(visit_id=visit.pk, now=now)
    messages.success(request, _("The visit stays where it is."))
    return redirect(list_of(visit.specialist))


def named(reader: Account, visits: Iterable[Appointment], on: date) -> set[uuid.UUID]:
    """Return the visits whose client and service the reader may know: who plans hours may see the time only."""
    keys = [visit.pk for visit in visits]
    return set(Appointment.objects.visible_to(reader, on).filter(pk__in=keys).values_list("pk", flat=True))


def leader_of(reader: Account, now: datetime, wanted: str) -> tuple[Resource, list[Resource]]:
    """Return whose hours are shown, and everybody whose hours the reader keeps. Raises Http404 if there is nobody."""
    mine = list(specialists_of(reader, timezone.localdate(now)).select_related("timetable").order_by("name"))
    own = set(StaffMember.objects.diaries_of(reader, timezone.localdate(now)).values_list("resource_id", flat=True))
    chosen = [each for each in mine if str(each.pk) == wanted] if wanted else [each for each in mine if each.pk in own]
    if not mine or (wanted and not chosen):
        raise Http404
    return (chosen or mine)[0], mine


def frame_of(leader: Resource, reader: Account, title: str, *, below: bool = False) -> dict[str, Any]:
    """Return what every page about somebody's hours shows: whose they are, the title and the way to it."""
    own = _is_own(leader, reader)
    crumbs = [{"url": reverse("diary"), "label": _("Diary")}]
    if not own:
        crumbs = [{"url": f"{reverse('windows')}?all=1", "label": _("Hours of everybody")}]
    if below:
        crumbs.append({"url": list_of(leader), "label": _("Hours for visits") if own else leader.name})
    crumbs.append({"url": "", "label": title if own or below else leader.name})
    centre = Centre.objects.get(timetable=leader.timetable_id)
    return {"leader": leader, "title": title, "centre": centre, "crumbs": crumbs, "is_own": own}


def list_of(leader: Resource) -> str:
    """Return the address of somebody's hours."""
    return f"{reverse('windows')}?specialist={leader.pk}"


def card_of(row: OpeningWindow) -> WindowCard:
    """Return a window in words."""
    names = sorted(service.name for service in row.series.services.all())
    modes = [str(Mode(mode).label) for mode in row.modes]
    return WindowCard(row, say_meetings(meetings_of(row.series)), modes, names)


def _everybody(request: HttpRequest, reader: Account, mine: list[Resource], now: datetime) -> HttpResponse:
    """Show who receives people and when, and who could."""
    zone = mine[0].timetable.tz
    with timezone.override(zone):
        cards = _cards(reader, mine, timezone.localdate(now))
        by_leader = groupby(cards, key=lambda card: card.window.series.leader)
        waiting = Counter(
            visit.specialist_id for visit in visits_outside_hours(specialists=[each.pk for each in mine], now=now)
        )
        rows = [(leader, list(found), waiting[leader.pk]) for leader, found in by_leader if leader]
        receiving = {leader.pk for leader, _found, _waiting in rows}
        facts = {
            "centre": Centre.objects.get(timetable=mine[0].timetable_id),
            "rows": rows,
            "others": [each for each in mine if each.pk not in receiving],
            "crumbs": [
                {"url": reverse("board"), "label": _("Timetable board")},
                {"url": "", "label": _("Hours for visits")},
            ],
        }
        return render(request, "booking/staff/windows_of_all.html", facts)


def _cards(reader: Account, leaders: list[Resource], today: date) -> list[WindowCard]:
    """Return the hours of these people that go on or are to come, by person and day, in a fixed number of queries."""
    kept = OpeningWindow.objects.kept_by(reader, today).standing().filter(series__leader__in=leaders)
    rows = kept.select_related("series__event__rule", "series__timetable", "series__room", "series__leader")
    rows = rows.prefetch_related("rooms", "series__services")
    lasting = (row for row in rows if any(planned.day >= today for planned in planned_dates(row.series)))
    return [card_of(row) for row in sorted(lasting, key=_place)]


def _place(window: OpeningWindow) -> tuple[object, ...]:
    """Return where hours stand in a list: by person, then as the week goes, single days by their date."""
    line = window.series
    of_week = (line.weekdays[0], line.starts) if line.rule_id else (len(WEEKDAYS), line.starts)
    return (line.leader.name if line.leader else "", str(line.leader_id), *of_week, line.starts_on)


def _at_desk(reader: Account, visits: Iterable[Appointment], on: date) -> set[uuid.UUID]:
    """Return the visits that the reader moves and cancels at the desk."""
    keys = [visit.pk for visit in visits]
    return set(Appointment.objects.at_desk_of(reader, on).filter(pk__in=keys).values_list("pk", flat=True))


def _is_own(leader: Resource, reader: Account) -> bool:
    return StaffMember.objects.diaries_of(reader, timezone.localdate()).filter(resource=leader).exists()
