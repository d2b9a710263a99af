"""The terms of a centre: which there are, a new one, a copy of another with new dates, changing and discarding one."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.term_copying import copy_term
from booking.domain.term_publishing import plan_term
from booking.errors import Refused
from booking.models import Centre
from booking.web.access import planned_centre
from booking.web.board_access import planned_term
from booking.web.family_members import reader_of
from booking.web.findings import dropped_of
from booking.web.term_forms import TermForm
from scheduler.domain.terms import change_term, discard_term, open_term
from scheduler.models import Term

if TYPE_CHECKING:
    from booking.errors import Refusal

A_YEAR = timedelta(days=364)  # 52 weeks: the same weekdays


@login_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """List the terms of a centre, the latest first, with how much of each is drafted."""
    today = timezone.localdate()
    centre = planned_centre(reader_of(request), today, request.GET.get("centre", ""))
    lines = Q(series__replaces=None, series__published_at__isnull=False, series__discontinued=False)
    rows = Term.objects.filter(timetable=centre.timetable).annotate(
        published=Count("series", filter=lines, distinct=True),
        drafted=Count("series", filter=Q(series__published_at=None), distinct=True),
    )
    facts = {
        "centre": centre,
        "centres": Centre.objects.planned_by(reader_of(request), today),
        "terms": rows.order_by("-starts_on", "name"),
        "today": today,
        "crumbs": _crumbs(centre, _("Terms")),
    }
    return render(request, "booking/staff/terms.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open an empty term."""
    centre = planned_centre(reader_of(request), timezone.localdate(), request.GET.get("centre", ""))
    form = TermForm(request.POST or None)
    facts = {"title": _("New term"), "button": _("Open the term")}
    if request.method != "POST" or not form.is_valid():
        return _form(request, centre, form, facts)
    try:
        term = open_term(timetable=centre.timetable, **form.cleaned_data)
    except Refused as refused:
        return _form(request, centre, form, facts, refused.refusal)
    return redirect(reverse("board-plan", args=[term.pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Give a term another name or other days."""
    term = planned_term(reader_of(request), timezone.localdate(), term_id)
    form = TermForm(request.POST or None, initial=_initial(term))
    facts = {"title": _("Name and days of the term"), "button": _("Save"), "term": term, "discardable": True}
    if request.method != "POST" or not form.is_valid():
        return _form(request, term.timetable.centre, form, facts)
    try:
        change_term(term_id=term.pk, **form.cleaned_data)
    except Refused as refused:
        return _form(request, term.timetable.centre, form, facts, refused.refusal)
    messages.success(request, _("Saved."))
    return redirect(reverse("board-plan", args=[term.pk]))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Draft a new term with the lines and groups of another; what could not be copied is listed with its reason."""
    now = timezone.now()
    term = planned_term(reader_of(request), timezone.localdate(now), term_id)
    days = {"starts_on": _next_year(term.starts_on), "ends_on": _next_year(term.ends_on)}
    form = TermForm(request.POST or None, initial={"name": _next_name(term), **days})
    facts = {
        "title": _("Copy “%(term)s” into a new term") % {"term": term.name},
        "button": _("Copy into the draft"),
        "lead": _("Every series keeps its weekday, hours, room and people. Nothing is published, nobody is told."),
        "term": term,
    }
    centre = term.timetable.centre
    if request.method != "POST" or not form.is_valid():
        return _form(request, centre, form, facts)
    try:
        copied = copy_term(term_id=term.pk, **form.cleaned_data)
    except Refused as refused:
        return _form(request, centre, form, facts, refused.refusal)
    shown = {
        "centre": centre,
        "copied": copied,
        "dropped": dropped_of(plan_term(term_id=copied.term.pk, now=now).publication),
        "crumbs": _crumbs(centre, copied.term.name),
    }
    return render(request, "booking/staff/copied.html", shown)


@login_required
@require_POST
def discard(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Forget a term of which nothing was published."""
    term = planned_term(reader_of(request), timezone.localdate(), term_id)
    centre = term.timetable.centre
    try:
        discard_term(term_id=term.pk)
    except Refused as refused:
        facts = {"title": _("Name and days of the term"), "button": _("Save"), "term": term}
        return _form(request, centre, TermForm(initial=_initial(term)), facts, refused.refusal)
    messages.success(request, _("The draft is gone."))
    return redirect(f"{reverse('board-terms')}?centre={centre.slug}")


def _form(
    request: HttpRequest, centre: Centre, form: TermForm, facts: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    status = 409 if refusal else 422 if form.is_bound else 200
    shown = {"centre": centre, "form": form, "refusal": refusal, "crumbs": _crumbs(centre, facts["title"]), **facts}
    return render(request, "booking/staff/term_form.html", shown, status=status)


def _crumbs(centre: Centre, last: str) -> list[dict[str, str]]:
    crumbs = [{"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")}]
    if last != _("Terms"):
        crumbs.append({"url": f"{reverse('board-terms')}?centre={centre.slug}", "label": _("Terms")})
    return [*crumbs, {"url": "", "label": last}]


def _initial(term: Term) -> dict[str, Any]:
    return {"name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on}


def _next_year(day: date) -> date:
    """Return the same weekday about a year later."""
    return day + A_YEAR


def _next_name(term: Term) -> str:
    """Return the name with its years moved on: "2026/2027" becomes "2027/2028"; otherwise blank."""
    years = sorted({term.starts_on.year, term.ends_on.year}, reverse=True)
    name = term.name
    for year in years:
        name = name.replace(str(year), str(year + 1))
    return name if name != term.name else ""
