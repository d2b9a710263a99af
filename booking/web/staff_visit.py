"""A visit as staff see it, in diary and at the desk: who comes, how to reach them, what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.domain.appointment_answers import accept_appointment, accept_at_another_time
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_givers import givers_of
from booking.domain.appointment_handover import reassign_appointment
from booking.domain.appointment_outcomes import OUTCOMES, outcomes_for, planned_minutes, record_outcome
from booking.domain.appointment_telling import people_of
from booking.domain.visit_readers import readers_of_visit
from booking.errors import Refused
from booking.models import Account, Appointment, Person
from booking.models.appointment import COMING
from booking.web.appointment_times import free_days, read_start
from booking.web.staff_visit_forms import CancelForm, HandOverForm, OutcomeForm
from booking.web.visit_words import VisitWords

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
    """Show a visit, or do what was asked and come back to it; `facts` are the page's own (crumbs, where to go back).

    The caller has made sure that the reader works with this visit. A refusal is told on the page, nothing changed.
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
                    messages.success(request, _act(request, visit, forms, by=by, now=now))
                    return redirect(request.path)
                except Refused as problem:
                    refused, status = problem.refusal, CONFLICT
        shown = {**_facts(request, visit, now), **facts, "forms": forms, "refused": refused}
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
            VisitWords(visit, person, at_home=True),
            tuple(known[reader.id] for reader in readers.get(person.pk, ()) if reader.id in known),
        )
        for person in people
    ]


def _forms(request: HttpRequest, visit: Appointment) -> dict[str, Any]:
    asked = request.POST.get("act", "") if request.method == "POST" else ""
    others = givers_of(visit.service).exclude(pk=visit.specialist_id)
    minutes = {"minutes": visit.minutes or planned_minutes(visit)}
    return {
        "outcome": OutcomeForm(request.POST if asked == "outcome" else None, initial=minutes),
        "cancel": CancelForm(request.POST if asked == "cancel" else None),
        "reassign": HandOverForm(request.POST if asked == "reassign" else None, others=others),
    }


def _act(request: HttpRequest, visit: Appointment, forms: dict[str, Any], *, by: Account, now: datetime) -> str:
    """Do what was asked and return what to say about it. Raises Refused, and Http404 for what no button sends."""
    asked, key = request.POST.get("act", ""), visit.pk
    if asked == "outcome":
        outcome = request.POST.get("outcome", "")
        if outcome not in {each.value for each in OUTCOMES}:
            raise Http404
        minutes = forms["outcome"].cleaned_data["minutes"]
        record_outcome(appointment_id=key, outcome=outcome, by=by, now=now, minutes=minutes)
        return _("Noted. Nobody is told of it.")
    if asked == "cancel":
        cancel_appointment(appointment_id=key, by=by, now=now, by_staff=True, note=forms["cancel"].cleaned_data["note"])
        return _("The visit is cancelled. Everybody concerned is told.")
    if asked == "reassign":
        wanted = forms["reassign"].cleaned_data
        reassign_appointment(
            appointment_id=key, specialist_id=wanted["specialist"].pk, by=by, now=now, note=wanted["note"]
        )
        return _("The visit is handed over. The family and both specialists are told.")
    if asked == "accept":
        accept_appointment(appointment_id=key, by=by, now=now)
        return _("The visit is booked. Everybody concerned is told.")
    if asked == "move" and visit.status == Appointment.Status.OFFERED:
        starts_at = read_start(request.POST.get("starts_at", ""))
        accept_at_another_time(appointment_id=key, starts_at=starts_at, by=by, now=now, by_staff=True)
        return _("The visit is booked. Everybody concerned is told.")
    if asked == "move":
        wish = Wish(read_start(request.POST.get("starts_at", "")))
        move_appointment(appointment_id=key, wish=wish, by=by, now=now, by_staff=True)
        return _("The visit is moved. Everybody concerned is told.")
    raise Http404


def _facts(request: HttpRequest, visit: Appointment, now: datetime) -> dict[str, Any]:
    row = Appointment.objects.select_related(*RELATED).prefetch_related("parties", "colleagues").get(pk=visit.pk)
    comes = row.status in COMING and row.starts_at > now
    moves = comes and "move" in request.GET
    return {
        "centre": row.service.centre,
        "visit": VisitWords(row, row.person, at_home=True),
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
