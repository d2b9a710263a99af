"""A series of visits at the desk: its dates are shown first, each that fails with why and what else; then booked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from booking.domain.appointment_booking import VisitFacts
from booking.domain.appointment_series import (
    LONGEST,
    BookedSeries,
    book_appointments,
    plan_appointments,
    rhythm_after,
    series_starts,
)
from booking.web.appointment_times import read_start
from booking.web.desk_access import Desk

CONFLICT, UNPROCESSABLE = 409, 422
DATES, KEY = "date", "series"


def show_series(request: HttpRequest, desk: Desk, facts: dict[str, Any], wanted: VisitFacts) -> HttpResponse:
    """Show what a series comes to; book the dates that were ticked and chosen when that was seen.

    What somebody else took meanwhile is shown again with what is free now. Raises Refused (`series_too_long`).
    """
    person, form = facts["person"], facts["form"]
    if request.POST.get("act") != "book":
        count, weeks = form.cleaned_data["count"], form.cleaned_data["weeks"]
        starts = series_starts(wanted.starts_at, count=count, weeks=weeks, facts=wanted)
        return _show(request, desk, facts, wanted, starts, key=uuid.uuid4())
    starts = _chosen(request)
    if not starts:
        facts["nothing_chosen"] = True
        count, weeks = form.cleaned_data["count"], form.cleaned_data["weeks"]
        starts = series_starts(wanted.starts_at, count=count, weeks=weeks, facts=wanted)
        return _show(request, desk, facts, wanted, starts, key=_key(request), status=UNPROCESSABLE)
    done = book_appointments(
        facts=wanted, person=person, starts=starts, by=desk.account, now=desk.now, key=_key(request)
    )
    _say(request, done)
    if done.failed:
        missing = [each.starts_at for each in done.failed]
        facts["booked"] = done.booked
        return _show(request, desk, facts, wanted, missing, key=done.key, status=CONFLICT)
    return redirect("desk-visits", person.pk)


def _show(  # noqa: PLR0913  the parts of one page
    request: HttpRequest,
    desk: Desk,
    facts: dict[str, Any],
    wanted: VisitFacts,
    starts: Sequence[datetime],
    *,
    key: uuid.UUID,
    status: int = 200,
) -> HttpResponse:
    person, weeks = facts["person"], facts["form"].cleaned_data["weeks"]
    plan = plan_appointments(facts=wanted, person=person, starts=starts, by=desk.account, now=desk.now)
    free = sum(1 for each in plan if each.slot)
    booked = [each.starts_at for each in facts.get("booked", ())]
    later = rhythm_after(
        facts=wanted,
        person=person,
        starts=[*starts, *booked],
        weeks=weeks,
        count=len(plan) - free,
        by=desk.account,
        now=desk.now,
    )
    own = {"csrfmiddlewaretoken", "act", DATES, KEY}
    asked = {name: value for name, value in request.POST.items() if name not in own}
    facts |= {"plan": plan, "free": free, "later": later, "asked": asked, "key": key}
    return render(request, "booking/desk/book_series.html", facts, status=status)


def _say(request: HttpRequest, done: BookedSeries) -> None:
    n = len(done.booked)
    if n:
        messages.success(request, ngettext("%(n)d visit is booked.", "%(n)d visits are booked.", n) % {"n": n})


def _chosen(request: HttpRequest) -> list[datetime]:
    """Return the dates that were ticked or chosen, each once and in order. Raises Http404 for what no page sends."""
    chosen = sorted({read_start(text) for text in request.POST.getlist(DATES) if text})
    if len(chosen) > LONGEST:
        raise Http404
    return chosen


def _key(request: HttpRequest) -> uuid.UUID:
    """Return what the visits of this series share. Raises Http404 for what no page sends."""
    try:
        return uuid.UUID(request.POST.get(KEY, ""))
    except ValueError:
        raise Http404 from None
