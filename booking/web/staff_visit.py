"""A visit as staff see it, in diary and at the desk: who comes, how to reach them, what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from booking.domain.appointment_givers import colleagues_of, givers_of
from booking.domain.appointment_outcomes import outcomes_for, planned_minutes
from booking.domain.appointment_telling import people_of
from booking.domain.visit_readers import readers_of_visit
from booking.errors import Refused
from booking.models import Account, Appointment, Person
from booking.models.appointment import COMING
from booking.models.modes import Mode
from booking.web.agreed_time_forms import AgreedTimeForm
from booking.web.appointment_times import free_days
from booking.web.staff_visit_changes import Asked, change_visit
from booking.web.staff_visit_forms import CancelForm, HandOverForm, OutcomeForm
from booking.web.visit_words import VisitWords, plans_home
from scheduler.models import Resource

CONFLICT, UNPROCESSABLE = 409, 422
RELATED = ("service__centre__timetable", "specialist", "person", "room__place")


@dataclass(frozen=True, slots=True)
class Side:
    """One of those who come, at her hour, and whom to call about her: nobody from whom the visit is hidden."""

    words: VisitWords
    contacts: tuple[Person, ...]

    @property
    def person(self) -> Person | None:
        """Who comes."""
        return self.words.person

    @property
    def comes_at(self) -> datetime:
        """When she comes."""
        return self.words.starts_at


def show_visit(request: HttpRequest, visit: Appointment, *, by: Account, facts: dict[str, Any]) -> HttpResponse:
    """Show a visit, or do what was asked and come back to it; `facts` are the page's own, such as crumbs.

    The caller has made sure that the reader works with this visit. Who hands it over, and then works with it no more,
    goes to the page in the fact `gone_to`, if there is one. A refusal is told on the page, nothing changed.
    """
    now = timezone.now()
    with timezone.override(visit.service.centre.timetable.tz):
        forms = _forms(request, visit)
        status, refused = 200, None
        if request.method == "POST":
            form = forms.get(request.POST.get("act", ""))
            if form is not None and not form.is_valid():
                status = UNPROCESSABLE
            else:
                try:
                    wanted = form.cleaned_data if form is not None else {}
                    messages.success(request, change_visit(Asked(request, visit, wanted, form, by, now)))
                    handed_over = request.POST.get("act") == "reassign"
                    return redirect(facts.get("gone_to", request.path) if handed_over else request.path)
                except Refused as problem:
                    refused, status = problem.refusal, CONFLICT
        shown = {**_facts(request, visit, by, now), **facts, "forms": forms, "refused": refused}
        return render(request, "booking/staff/visit.html", shown, status=status)


def sides_of(visit: Appointment, now: datetime) -> list[Side]:
    """Return everybody the visit is for, each with whom to call; in five queries."""
    on = timezone.localdate(now)
    people = people_of(visit)
    readers = readers_of_visit(visit, on=on)
    ids = {reader.id for those in readers.values() for reader in those}
    known = Person.objects.select_related("safe_contact").in_bulk(ids)
    return [
        Side(
            VisitWords(visit, person),
            tuple(known[reader.id] for reader in readers.get(person.pk, ()) if reader.id in known),
        )
        for person in people
    ]


def _forms(request: HttpRequest, visit: Appointment) -> dict[str, Any]:
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    giving = [visit.specialist_id, *visit.colleagues.values_list("pk", flat=True)]
    several = len(giving) > 1
    others = (colleagues_of if several else givers_of)(visit.service).exclude(pk__in=giving)
    givers = Resource.objects.filter(pk__in=giving).order_by("name")
    minutes = {"minutes": visit.minutes or planned_minutes(visit)}
    return {
        "outcome": OutcomeForm(request.POST if asked == "outcome" else None, initial=minutes),
        "cancel": CancelForm(request.POST if asked == "cancel" else None),
        "reassign": HandOverForm(
            request.POST if asked == "reassign" else None, others=others, givers=givers, several=several
        ),
        "agree": AgreedTimeForm(
            request.POST if asked == "agree" else None,
            service=visit.service,
            specialist=visit.specialist,
            in_room=visit.mode == Mode.OFFICE,
        ),
    }


def _facts(request: HttpRequest, visit: Appointment, by: Account, now: datetime) -> dict[str, Any]:
    row = Appointment.objects.select_related(*RELATED).prefetch_related("parties", "colleagues").get(pk=visit.pk)
    comes = row.status in COMING and row.starts_at > now
    moves = comes and "move" in request.GET
    return {
        "centre": row.service.centre,
        "visit": VisitWords(row, row.person, at_home=plans_home(row, by, timezone.localdate(now))),
        "sides": sides_of(row, now),
        "colleagues": list(row.colleagues.all()),
        "comes": comes,
        "held": comes and row.status == Appointment.Status.OFFERED,
        "waits_for_outcome": row.starts_at <= now and row.status in COMING,
        "outcomes": [(each, Appointment.Status(each).label) for each in outcomes_for(row, now=now)],
        "moves": moves,
        "times": free_days(request, row.service, now, visit=row, by_staff=True) if moves else None,
        "changes": row.changes.select_related("by__person"),
    }
