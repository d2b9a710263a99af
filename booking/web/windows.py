"""Hours for visits: a specialist's own, and everybody's for the organiser; conflicts are shown before a change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.visits_to_settle import keep_outside_hours, visits_outside_hours
from booking.domain.window_facts import WindowFacts
from booking.domain.window_rights import specialists_of
from booking.domain.windows import WindowPlan, WindowPlanChanged, change_window, open_window, plan_window_change
from booking.errors import Refused
from booking.models import Account, Appointment, Centre, OpeningWindow, StaffMember
from booking.models.modes import Mode
from booking.web.family_members import reader_of
from booking.web.offer_words import say_meetings
from booking.web.recurrence_words import meetings_of
from booking.web.window_forms import FromDayForm, WindowForm, next_day
from scheduler.models import Resource, Series

CHOSEN, REFUSED, UNPROCESSABLE = 200, 409, 422
SHOWN_DATES = 8


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
    """Show the hours for visits of one person, and her visits that no hours cover any more."""
    reader, now = reader_of(request), timezone.now()
    leader, others = _leader(reader, now, request.GET.get("specialist", ""))
    with timezone.override(leader.timetable.tz):
        today = timezone.localdate(now)
        kept = OpeningWindow.objects.kept_by(reader, today).standing().filter(series__leader=leader)
        rows = kept.select_related("series__event__rule", "series__timetable", "series__room")
        rows = rows.prefetch_related("rooms", "series__services").order_by("series__event__start")
        visits = visits_outside_hours(specialists=[leader.pk], now=now)
        facts = {
            **_frame(leader, reader, _("Hours for visits")),
            "windows": [_card(row) for row in rows if row.series.last_on >= today and row.series.published_at],
            "others": others,
            "visits": visits,
            "named": _named(reader, visits, today),
        }
        return render(request, "booking/staff/windows.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_window(request: HttpRequest) -> HttpResponse:
    """Open hours for visits."""
    reader, now = reader_of(request), timezone.now()
    leader, _others = _leader(reader, now, request.GET.get("specialist", ""))
    with timezone.override(leader.timetable.tz):
        form = WindowForm(request.POST or None, leader=leader, today=timezone.localdate(now))
        facts: dict[str, Any] = {**_frame(leader, reader, _("New hours"), below=True), "form": form}
        if request.method != "POST" or not form.is_valid():
            status = UNPROCESSABLE if request.method == "POST" else CHOSEN
            return render(request, "booking/staff/window_form.html", facts, status=status)
        try:
            _window, plan = open_window(specialist=leader, facts=form.facts(), now=now)
        except Refused as refused:
            return render(
                request, "booking/staff/window_form.html", {**facts, "refusal": refused.refusal}, status=REFUSED
            )
        messages.success(request, _opened(plan))
    return redirect(_list_of(leader))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: HttpRequest, window_id: uuid.UUID) -> HttpResponse:
    """Change hours: first the page shows what a change does, then it is confirmed."""
    reader, now = reader_of(request), timezone.now()
    row, leader = _window(reader, now, window_id)
    with timezone.override(leader.timetable.tz):
        today = timezone.localdate(now)
        form = WindowForm(
            request.POST or None,
            leader=leader,
            today=today,
            before=WindowFacts.of(row),
            initial={"day": next_day(row.series, today)},
        )
        facts = {**_frame(leader, reader, _("Change these hours"), below=True), "form": form, "window": _card(row)}
        if request.method != "POST" or not form.is_valid():
            status = UNPROCESSABLE if request.method == "POST" else CHOSEN
            return render(request, "booking/staff/window_form.html", facts, status=status)
        wanted = form.facts()
        from_day = _from_day(row.series, wanted.day, today)
        return _planned(request, row, wanted, from_day, facts, _("The hours are changed. Booked visits stayed."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close_window(request: HttpRequest, window_id: uuid.UUID) -> HttpResponse:
    """Close hours from a day on: first the page shows which booked visits lose their hours."""
    reader, now = reader_of(request), timezone.now()
    row, leader = _window(reader, now, window_id)
    with timezone.override(leader.timetable.tz):
        today = timezone.localdate(now)
        form = FromDayForm(request.POST or None, initial={"from_day": next_day(row.series, today)})
        facts = {**_frame(leader, reader, _("Close these hours"), below=True), "form": form, "window": _card(row)}
        facts["closing"] = True
        if request.method != "POST" or not form.is_valid():
            status = UNPROCESSABLE if request.method == "POST" else CHOSEN
            return render(request, "booking/staff/window_form.html", facts, status=status)
        day = form.cleaned_data["from_day"]
        return _planned(request, row, None, day, facts, _("The hours are closed. Booked visits stayed."))


@login_required
@require_POST
def keep_visit(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Leave a visit where it is, outside the hours."""
    reader, now = reader_of(request), timezone.now()
    mine = specialists_of(reader, timezone.localdate(now))
    visit = get_object_or_404(Appointment.objects.coming(now).filter(specialist__in=mine), pk=visit_id)
    keep_outside_hours(visit_id=visit.pk, now=now)
    messages.success(request, _("The visit stays where it is."))
    return redirect(_list_of(visit.specialist))


def _planned(  # noqa: PLR0917  the parts of one answer
    request: HttpRequest,
    row: OpeningWindow,
    wanted: WindowFacts | None,
    day: date,
    facts: dict[str, Any],
    done: str,
) -> HttpResponse:
    """Carry a change out that was confirmed as it was shown; otherwise show what it does."""
    page, now = "booking/staff/window_form.html", timezone.now()
    leader = row.series.leader
    assert leader is not None  # noqa: S101  windows without anybody are not found
    fingerprint = request.POST.get("fingerprint", "")
    try:
        if not fingerprint:
            plan = plan_window_change(window_id=row.pk, facts=wanted, from_day=day, now=now)
            return render(request, page, {**facts, **_shown(plan, request)})
        change_window(window_id=row.pk, facts=wanted, from_day=day, fingerprint=fingerprint, now=now)
    except WindowPlanChanged as changed:
        return render(
            request, page, {**facts, **_shown(changed.plan, request), "refusal": changed.refusal}, status=REFUSED
        )
    except Refused as refused:
        return render(request, page, {**facts, "refusal": refused.refusal}, status=REFUSED)
    messages.success(request, done)
    return redirect(_list_of(leader))


def _from_day(series: Series, day: date, today: date) -> date:
    """Return from when on a change counts: hours of one day, and such as have not begun, are changed as a whole."""
    return day if series.starts_on < today else min(day, series.starts_on)


def _shown(plan: WindowPlan, request: HttpRequest) -> dict[str, Any]:
    return {
        "plan": plan,
        "dates": plan.coming[:SHOWN_DATES],
        "more": max(0, len(plan.coming) - SHOWN_DATES),
        "named": _named(reader_of(request), plan.conflicts, timezone.localdate()),
    }


def _named(reader: Account, visits: Iterable[Appointment], on: date) -> set[uuid.UUID]:
    """Return the visits whose client and service the reader may know: who plans hours may see the time only."""
    keys = [visit.pk for visit in visits]
    return set(Appointment.objects.visible_to(reader, on).filter(pk__in=keys).values_list("pk", flat=True))


def _opened(plan: WindowPlan) -> str:
    dates = plan.coming
    if not dates:
        return _("The hours are saved, but no date is left: all of them are past or days of rest.")
    sentence = ngettext(
        "The hours are open: %(count)s date, on %(day)s.",
        "The hours are open: %(count)s dates, the first on %(day)s.",
        len(dates),
    )
    return sentence % {
        "count": len(dates),
        "day": date_format(timezone.localtime(dates[0].starts_at), "l j E"),
    }


def _leader(reader: Account, now: datetime, wanted: str) -> tuple[Resource, list[Resource]]:
    """Return whose hours are shown, and everybody whose hours the reader keeps. Raises Http404 if there is nobody."""
    mine = list(specialists_of(reader, timezone.localdate(now)).select_related("timetable").order_by("name"))
    own = set(StaffMember.objects.diaries_of(reader).values_list("resource_id", flat=True))
    chosen = [each for each in mine if str(each.pk) == wanted] if wanted else [each for each in mine if each.pk in own]
    if not mine or (wanted and not chosen):
        raise Http404
    return (chosen or mine)[0], mine


def _window(reader: Account, now: datetime, window_id: uuid.UUID) -> tuple[OpeningWindow, Resource]:
    kept = OpeningWindow.objects.kept_by(reader, timezone.localdate(now)).standing()
    loaded = kept.select_related(
        "series__event__rule", "series__timetable", "series__term", "series__room", "series__leader__timetable"
    )
    row = get_object_or_404(loaded.prefetch_related("rooms", "series__services", "series__resources"), pk=window_id)
    if row.series.leader is None:
        raise Http404
    return row, row.series.leader


def _frame(leader: Resource, reader: Account, title: str, *, below: bool = False) -> dict[str, Any]:
    own = StaffMember.objects.diaries_of(reader).filter(resource=leader).exists()
    crumbs = [{"url": reverse("diary"), "label": _("Diary")}] if own else []
    if below:
        crumbs.append({"url": _list_of(leader), "label": _("Hours for visits")})
    crumbs.append({"url": "", "label": title})
    centre = Centre.objects.get(timetable=leader.timetable_id)
    return {"leader": leader, "title": title, "centre": centre, "crumbs": crumbs, "is_own": own}


def _list_of(leader: Resource) -> str:
    return f"{reverse('windows')}?specialist={leader.pk}"


def _card(row: OpeningWindow) -> WindowCard:
    names = sorted(service.name for service in row.series.services.all())
    modes = [str(Mode(mode).label) for mode in row.modes]
    return WindowCard(row, say_meetings(meetings_of(row.series)), modes, names)
