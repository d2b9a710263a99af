"""The board of one term: its week as it is drafted, what is wrong with it, and moving its lines by drag or form."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.domain.series_drafts import revise_line
from booking.domain.term_publishing import plan_term
from booking.errors import Refused
from booking.models import TermPublication
from booking.web.board_access import plan_of, planned_line, planned_term
from booking.web.board_forms import ShiftForm
from booking.web.board_lines import PlanLine, lines_of
from booking.web.family_members import reader_of
from booking.web.findings import dropped_of, findings_of
from booking.web.sheets import Parts, lay_out_pattern
from booking.web.timetable_filter import TimetableFilter
from booking.web.week_links import monday_of, query_with
from scheduler.domain.series_facts import SeriesFacts
from scheduler.errors import Refusal
from scheduler.models import Recurrence, Resource, Series, Term

if TYPE_CHECKING:
    from django.http import QueryDict

WAYS = ("room", "person", "group", "all")
DRAWN = ("room", "person", "group")  # what has columns of its own
LATEST = 5  # publications that the board names
WEEK = timedelta(days=7)
A_MONDAY = date(2024, 1, 1)  # of a week in which no clock changes anywhere


@login_required
@require_safe
def plan(request: HttpRequest, term_id: uuid.UUID) -> HttpResponse:
    """Show the week of a term as it is drafted, by room, person or group, with everything that stands in the way."""
    now = timezone.now()
    term = planned_term(reader_of(request), timezone.localdate(now), term_id)
    with timezone.override(term.timetable.tz):
        outcome = plan_term(term_id=term.pk, now=now)
        findings = findings_of(outcome.findings)
        lines = lines_of(term, stops=findings.stopping_series, warns=findings.warning_series)
        form = TimetableFilter(request.GET, centre=term.timetable.centre)
        shown = _narrow(lines, form)
        way = request.GET.get("by", "room")
        way = way if way in WAYS else "room"
        facts = {
            **_frame(term),
            "lines": lines,
            "shown": shown,
            "outcome": outcome,
            "findings": findings,
            "dropped": dropped_of(outcome.publication),
            "form": form,
            "way": way,
            "links": _links(request.GET, way, term),
            "hidden": [("by", way), ("view", request.GET.get("view", ""))],
            "sheet": _sheet(shown, form, way, term, request.GET.get("view", "")),
            "board": _board(shown, form, way, term),
            "publications": TermPublication.objects.filter(term=term).select_related("by__person")[:LATEST],
            "as_list": request.GET.get("view") == "list",
        }
        return render(request, "booking/staff/plan.html", facts)


@login_required
@require_POST
def shift(request: HttpRequest, series_id: uuid.UUID) -> HttpResponse:
    """Give a line another hour, weekday, room or leader as a draft; answers the script, or leads back to the board."""
    now = timezone.now()
    line = planned_line(reader_of(request), timezone.localdate(now), series_id)
    form = ShiftForm(request.POST, timetable=line.timetable)
    if not form.is_valid():
        return JsonResponse({"detail": _("This could not be understood. Use the form of the series.")}, status=422)
    before = plan_of(line)
    try:
        revise_line(series_id=line.pk, facts=_shifted(before, form.cleaned_data))
    except Refused as refused:
        return JsonResponse({"code": refused.refusal.code, "detail": str(refused.refusal)}, status=409)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"url": reverse("board-series", args=[line.pk])})
    return redirect("board-plan", term_id=line.term_id)


def _shifted(plan_row: Series, wanted: dict[str, Any]) -> SeriesFacts:
    """Return the facts of a line after a drag. Raises Refused (`day_by_form`) where a weekday does not say the day."""
    facts = SeriesFacts.of(plan_row)
    changed: dict[str, Any] = {"starts": wanted["starts"], "ends": wanted["ends"]}
    if wanted["room"]:
        changed["room"] = wanted["room"]
    if wanted["person"]:
        changed |= _another_person(facts, wanted["person"], wanted["instead_of"])
    old, new = wanted["old_weekday"], wanted["weekday"]
    if old != new:
        changed |= _another_day(plan_row, facts, old, new)
    return replace(facts, **changed)


def _another_person(facts: SeriesFacts, person: Resource, instead_of: uuid.UUID | None) -> dict[str, Any]:
    """Return who leads and helps when `person` comes in the place of somebody: of who leads, unless it says another."""
    if instead_of is None or facts.leader is None or facts.leader.pk == instead_of:
        return {"leader": person, "resources": tuple(each for each in facts.resources if each != person)}
    kept = tuple(each for each in facts.resources if each.pk != instead_of and each != person)
    return {"resources": kept if person == facts.leader else (*kept, person)}


def _another_day(plan_row: Series, facts: SeriesFacts, old: int, new: int) -> dict[str, Any]:
    if facts.recurrence not in {Recurrence.WEEKLY, Recurrence.FORTNIGHTLY, Recurrence.ONCE}:
        raise Refused(Refusal("day_by_form", _("The day of this series is changed in its form.")))
    term = plan_row.term
    day = facts.day + timedelta(days=new - facts.day.weekday()) if facts.day.weekday() == old else facts.day
    while day < term.starts_on:
        day += WEEK
    kept = tuple(weekday for weekday in facts.weekdays if weekday != old)
    return {"day": day, "weekdays": tuple(sorted({*kept, new})) if facts.weekdays else ()}


def _frame(term: Term) -> dict[str, Any]:
    centre = term.timetable.centre
    return {
        "centre": centre,
        "term": term,
        "crumbs": [
            {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
            {"url": f"{reverse('board-terms')}?centre={centre.slug}", "label": _("Terms")},
            {"url": "", "label": term.name},
        ],
    }


def _narrow(lines: list[PlanLine], form: TimetableFilter) -> list[PlanLine]:
    form.is_valid()
    wanted = {value.pk for value in form.cleaned_data.values() if value}
    return [line for line in lines if wanted <= line.belongs]


def _links(query: QueryDict, way: str, term: Term) -> dict[str, Any]:
    names = {"room": _("By room"), "person": _("By person"), "group": _("By group"), "all": _("Together")}
    return {
        "title": term.name,
        "ways": [{"url": query_with(query, by=each), "label": names[each], "is_shown": each == way} for each in WAYS],
        "board": query_with(query, view=""),
        "list": query_with(query, view="list"),
    }


def _sheet(shown: list[PlanLine], form: TimetableFilter, way: str, term: Term, view: str) -> Any:
    monday = monday_of(term.starts_on)
    entries = [entry for line in shown for entry in line.entries(monday, term.timetable.tz)]
    rest = {"room": _("Without a room"), "person": _("Without a leader"), "group": _("Without a group")}
    parts = Parts(form.parts(way), rest[way]) if way in rest and view != "list" else None
    return lay_out_pattern(entries, parts, monday=monday, view="list" if view == "list" else None)


def _board(shown: list[PlanLine], form: TimetableFilter, way: str, term: Term) -> dict[str, Any]:
    """Return what the script that lets lines be dragged is told."""
    return {
        "monday": A_MONDAY.isoformat(),
        "way": way,
        "resources": [{"id": str(key), "title": name} for key, name in form.parts(way)] if way in DRAWN else [],
        "weekdays": [str(WEEKDAYS[number]) for number in range(7)],
        "lines": [line.as_json() for line in shown],
        "new": reverse("board-series-new", args=[term.pk]),
        "words": {
            "saved": _("Moved in the draft. Families see nothing until you publish."),
            "failed": _("This could not be saved. Please try again."),
            "week": _("The whole week"),
        },
    }
