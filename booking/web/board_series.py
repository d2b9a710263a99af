"""One line of the timetable: drafting it, changing it as a draft, ending it, and the dates it gives or drops."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.series_drafts import discard, discontinue_line, draft_line, revise_line, split_line
from booking.domain.timetable_changes import force_date
from booking.errors import Refused
from booking.web.board_access import plan_of, planned_line, planned_session, planned_term
from booking.web.board_forms import ForceForm
from booking.web.board_lines import PlanLine
from booking.web.family_members import reader_of
from booking.web.line_dates import line_dates
from booking.web.series_form import SeriesForm
from scheduler.domain.series_facts import SeriesFacts
from scheduler.models import Series, Session, Term


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Draft a line; `?weekday=&starts=&room=&leader=` fill in what the board was clicked at."""
    term = planned_term(reader_of(request), timezone.localdate(), term_id)
    form = SeriesForm(request.POST or None, term=term, initial=_clicked(request, term))
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_line(term=term, facts=form.facts(), groups=form.chosen_groups())
        except Refused as refused:
            return _show(request, term, form, refusal=refused.refusal, status=409)
        messages.success(
            request, _("“%(title)s” is drafted. Families see it once you publish.") % {"title": made.title}
        )
        return redirect(_board_of(term))
    return _show(request, term, form, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Show a line with its form and dates; save what it is to become as a draft."""
    line = planned_line(reader_of(request), timezone.localdate(), series_id)
    plan = plan_of(line)
    initial = {"groups": list(plan.groups.all()) or list(line.groups.all())}
    form = SeriesForm(request.POST or None, term=line.term, line=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revise_line(series_id=line.pk, facts=form.facts(), groups=form.chosen_groups())
        except Refused as refused:
            return _show(request, line.term, form, line=line, refusal=refused.refusal, status=409)
        messages.success(request, _("Saved in the draft. Families see it once you publish."))
        return redirect(_board_of(line.term))
    return _show(request, line.term, form, line=line, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    """Change one date and all that follow, as a draft: the line ends before it, a new one goes on from it."""
    account = reader_of(request)
    session = planned_session(account, timezone.localdate(), session_id)
    line = planned_line(account, timezone.localdate(), session.series_id)
    initial = {"day": session.planned_date, "groups": list(line.groups.all())}
    form = SeriesForm(request.POST or None, term=line.term, line=plan_of(line), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            split_line(session_id=session.pk, facts=form.facts(), groups=form.chosen_groups(), now=timezone.now())
        except Refused as refused:
            return _show(request, line.term, form, following=session, refusal=refused.refusal, status=409)
        messages.success(request, _("Drafted. The earlier dates stay; families see the change once you publish."))
        return redirect(_board_of(line.term))
    return _show(request, line.term, form, following=session, status=422 if form.is_bound else 200)


@login_required
@require_POST
def force(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Let a date that falls on a day of rest take place: at once where the line is published, else in the draft."""
    account, now = reader_of(request), timezone.now()
    line = planned_line(account, timezone.localdate(now), series_id)
    plan = plan_of(line)
    with timezone.override(line.timetable.tz):
        form = ForceForm(request.POST, days=[each.day for each in line_dates(plan, line, now=now).off])
        if not form.is_valid():
            return _show(
                request, line.term, SeriesForm(term=line.term, line=plan), line=line, force_form=form, status=422
            )
        day, reason = form.cleaned_data["day"], form.cleaned_data["reason"]
        done = _("It takes place on that day. Everyone concerned is told.")
        if plan is line and line.published_at is not None:
            return _change(
                request,
                series_id,
                lambda _line: force_date(series_id=line.pk, day=day, by=account, reason=reason, now=now),
                done,
            )
        facts = SeriesFacts.of(plan)
        forced = {**facts.forced_days, day.isoformat(): reason}
        return _change(
            request,
            series_id,
            lambda _line: revise_line(series_id=line.pk, facts=replace(facts, forced_days=forced)),
            _("Saved in the draft. Families see it once you publish."),
        )


@login_required
@require_POST
def discontinue(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Plan that a published line has no more dates."""
    done = _("This series ends with the next publication. Until then families see it as it was.")
    return _change(request, series_id, lambda line: discontinue_line(series_id=line.pk), done)


@login_required
@require_POST
def discard_changes(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Forget what was drafted: a new line altogether, of a published one only the changes."""
    return _change(request, series_id, lambda line: discard(series_id=line.pk), _("The draft is gone."))


def _change(request: HttpRequest, series_id: uuid.UUID, change: Callable[[Series], object], done: str) -> HttpResponse:
    line = planned_line(reader_of(request), timezone.localdate(), series_id)
    try:
        change(line)
    except Refused as refused:
        form = SeriesForm(term=line.term, line=plan_of(line))
        return _show(request, line.term, form, line=line, refusal=refused.refusal, status=409)
    messages.success(request, done)
    return redirect(_board_of(line.term))


def _show(
    request: HttpRequest, term: Term, form: SeriesForm, *, line: Series | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """Show the form of a new line, or the page of `line`; `more` may hold a refusal, force_form and following."""
    centre = term.timetable.centre
    plan = plan_of(line) if line else None
    with timezone.override(term.timetable.tz):
        dates = line_dates(plan, line, now=timezone.now()) if line and plan else None
        facts: dict[str, Any] = {
            "centre": centre,
            "term": term,
            "form": form,
            "line": line,
            "plan": plan,
            "shown": PlanLine(line, plan) if line and plan else None,
            "dates": dates,
            "force_form": ForceForm(days=[each.day for each in dates.off] if dates else []),
            "crumbs": [
                {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
                {"url": _board_of(term), "label": term.name},
                {"url": "", "label": _named(plan, more.get("following"))},
            ],
            **more,
        }
        return render(request, "booking/staff/series.html", facts, status=status)


def _named(plan: Series | None, following: Session | None) -> str:
    if following is not None:
        return following.series.title
    return plan.title if plan else _("New series")


def _board_of(term: Term) -> str:
    return reverse("board-plan", args=[term.pk])


def _clicked(request: HttpRequest, term: Term) -> dict[str, Any]:
    """Return what the address says of a new line; what makes no sense is left out."""
    query = request.GET
    said: dict[str, Any] = {}
    weekday = query.get("weekday", "")
    if weekday in set("0123456"):
        day = term.starts_on
        ahead = (int(weekday) - day.weekday()) % 7
        said["day"] = date.fromordinal(day.toordinal() + ahead)
    for name in ("starts", "room", "leader"):
        if query.get(name):
            said[name] = query[name]
    if query.get("group"):
        said["groups"] = [query["group"]]
    return said
