"""Opening, changing and closing hours for visits: what a change does, and to whom, is shown before it is confirmed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.window_facts import WindowFacts
from booking.domain.windows import WindowPlan, WindowPlanChanged, change_window, open_window, plan_window_change
from booking.errors import Refused
from booking.models import Account, OpeningWindow
from booking.web.family_members import reader_of
from booking.web.window_forms import FromDayForm, WindowForm, next_day
from booking.web.windows import card_of, frame_of, leader_of, list_of, named
from scheduler.models import Resource, Series

CHOSEN, REFUSED, UNPROCESSABLE = 200, 409, 422
SHOWN_DATES = 8


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_window(request: HttpRequest) -> HttpResponse:
    """Open hours for visits."""
    reader, now = reader_of(request), timezone.now()
    leader, _others = leader_of(reader, now, request.GET.get("specialist", ""))
    with timezone.override(leader.timetable.tz):
        form = WindowForm(request.POST or None, leader=leader, today=timezone.localdate(now))
        facts: dict[str, Any] = {**frame_of(leader, reader, _("New hours"), below=True), "form": form}
        if request.method != "POST" or not form.is_valid():
            status = UNPROCESSABLE if request.method == "POST" else CHOSEN
            return render(request, "booking/staff/window_form.html", facts, status=status)
        try:
            _window, plan = open_window(specialist=leader, facts=form.facts(), now=now, by=reader)
        except Refused as refused:
            return render(
                request, "booking/staff/window_form.html", {**facts, "refusal": refused.refusal}, status=REFUSED
            )
        messages.success(request, _opened(plan))
    return redirect(list_of(leader))


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
        facts = {**frame_of(leader, reader, _("Change these hours"), below=True), "form": form, "window": card_of(row)}
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
        facts = {**frame_of(leader, reader, _("Close these hours"), below=True), "form": form, "window": card_of(row)}
        facts["closing"] = True
        if request.method != "POST" or not form.is_valid():
            status = UNPROCESSABLE if request.method == "POST" else CHOSEN
            return render(request, "booking/staff/window_form.html", facts, status=status)
        day = form.cleaned_data["from_day"]
        return _planned(request, row, None, day, facts, _("The hours are closed. Booked visits stayed."))


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
        change_window(
            window_id=row.pk, facts=wanted, from_day=day, fingerprint=fingerprint, now=now, by=reader_of(request)
        )
    except WindowPlanChanged as changed:
        return render(
            request, page, {**facts, **_shown(changed.plan, request), "refusal": changed.refusal}, status=REFUSED
        )
    except Refused as refused:
        return render(request, page, {**facts, "refusal": refused.refusal}, status=REFUSED)
    messages.success(request, done)
    return redirect(list_of(leader))


def _from_day(series: Series, day: date, today: date) -> date:
    """Return from when on a change counts: hours of one day, and such as have not begun, are changed as a whole."""
    return day if series.starts_on < today else min(day, series.starts_on)


def _shown(plan: WindowPlan, request: HttpRequest) -> dict[str, Any]:
    return {
        "plan": plan,
        "dates": plan.coming[:SHOWN_DATES],
        "more": max(0, len(plan.coming) - SHOWN_DATES),
        "named": named(reader_of(request), plan.conflicts, timezone.localdate()),
    }


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


def _window(reader: Account, now: datetime, window_id: uuid.UUID) -> tuple[OpeningWindow, Resource]:
    kept = OpeningWindow.objects.kept_by(reader, timezone.localdate(now)).standing()
    loaded = kept.select_related(
        "series__event__rule", "series__timetable", "series__term", "series__room", "series__leader__timetable"
    )
    row = get_object_or_404(loaded.prefetch_related("rooms", "series__services", "series__resources"), pk=window_id)
    if row.series.leader is None:
        raise Http404
    return row, row.series.leader
