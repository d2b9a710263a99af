"""Booking a visit at the desk: how, with whom, when, who else comes; once, or as a series that is shown first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.domain.appointment_givers import colleagues_of, givers_of
from booking.domain.joint_slots import joint_slots
from booking.domain.nearest_slots import nearest_slots
from booking.domain.slots import MOMENT, STAFF, Slot, free_slots
from booking.domain.visit_consents import consent_refusal
from booking.errors import Refused
from booking.models import Appointment, Person, Service
from booking.models.modes import Mode
from booking.web.appointment_times import free_days, read_start
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.desk_series import show_series
from booking.web.desk_visit_forms import BookForm
from booking.web.desk_visits import services_at
from scheduler.domain.closures import closed_on
from scheduler.models import Resource, Series
from scheduler.period import Period

CONFLICT, UNPROCESSABLE = 409, 422
OTHER_TIMES = {"slot_taken", "visit_clash", "busy_then", "room_taken_then"}  # another time helps
CONSENTS = {"missing_consent", "consent_at_desk"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen so far; the links of the pages carry it on."""

    mode: str
    specialist: Resource | None
    colleagues: tuple[Resource, ...]
    starts_at: datetime | None
    is_outside: bool

    @property
    def query(self) -> str:
        """The choice without a time, as the beginning of a query."""
        together = "".join(f"with={each.pk}&" for each in self.colleagues)
        return f"mode={self.mode}&specialist={self.specialist.pk if self.specialist else ''}&{together}"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, person_id: uuid.UUID, service_id: uuid.UUID) -> HttpResponse:
    """Let the desk choose a time, or write one down that was agreed outside the hours; then book, once or many times.

    A series is shown before it is booked: which dates are free, which are not and why, and what is near instead.
    """
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    service = get_object_or_404(services_at(desk), pk=service_id)
    givers = list(givers_of(service))
    only = givers if len(givers) == 1 else []  # who alone gives it joins nobody
    others = [each for each in colleagues_of(service) if each not in only]
    with timezone.override(service.centre.timetable.tz):
        choice = _choice(request, service, givers, others)
        ways = crumbs(_("Book a visit"), household=household)
        back = {"url": reverse("desk-visits", args=[person.pk]), "label": _("Visits")}
        facts: dict[str, Any] = {
            "centre": service.centre,
            "person": person,
            "service": service,
            "choice": choice,
            "modes": [Mode(each) for each in service.modes],
            "mode_label": Mode(choice.mode).label,
            "givers": givers,
            "others": others,
            "crumbs": [*ways[:-1], back, ways[-1]],
        }
        if choice.starts_at is not None:
            return _last_look(request, desk, facts)
        if choice.is_outside:
            facts["outside_wrong"] = True
        chosen = choice.specialist.pk if choice.specialist else None
        facts["times"] = free_days(
            request,
            service,
            desk.now,
            specialist_id=chosen,
            mode=choice.mode,
            colleagues=[each.pk for each in choice.colleagues],
            by_staff=True,
        )
        status = UNPROCESSABLE if choice.is_outside else 200
        return render(request, "booking/desk/book_times.html", facts, status=status)


def _last_look(request: HttpRequest, desk: Desk, facts: dict[str, Any]) -> HttpResponse:
    """Ask what else belongs to the visit, show a series before it is booked, and book."""
    service, person, choice = facts["service"], facts["person"], facts["choice"]
    form = BookForm(
        request.POST or None,
        desk=desk,
        service=service,
        choice=choice,
        initial={"address": _home_of(desk, person)},
    )
    facts |= {"form": form, "closed": _closed_on(choice.starts_at, service), "slot": _slot(desk, service, choice)}
    if request.method != "POST" or not form.is_valid():
        status = UNPROCESSABLE if form.errors else 200
        return render(request, "booking/desk/book_visit.html", facts, status=status)
    wanted = form.facts()
    try:
        if form.cleaned_data.get("count", 1) > 1:
            return show_series(request, desk, facts, wanted)
        made = book_appointment(facts=wanted, person=person, by=desk.account, now=desk.now, source=Source.DESK)
    except Refused as problem:
        code = problem.refusal.code
        facts |= {"refused": problem.refusal, "instead": _instead(desk, wanted, person) if code in OTHER_TIMES else []}
        facts["consents_of"] = _whose_consent(wanted, person, desk) if code in CONSENTS else None
        return render(request, "booking/desk/book_visit.html", facts, status=CONFLICT)
    messages.success(request, _("The visit is booked. Everybody who comes gets a separate message."))
    return redirect("desk-visit", made.pk)


def _instead(desk: Desk, wanted: VisitFacts, person: Person) -> list[Slot]:
    own = Appointment.objects.at_desk_of(desk.account, desk.today).of_person(person.pk)
    return nearest_slots(facts=wanted, now=desk.now, asker=STAFF, own=own)


def _slot(desk: Desk, service: Service, choice: Choice) -> Slot | None:
    """Return the free time that was chosen, to say who would give the visit and where; None if it is none by now."""
    if choice.starts_at is None or choice.is_outside:
        return None
    found = free_slots(
        service=service,
        period=Period(choice.starts_at, choice.starts_at + MOMENT),
        now=desk.now,
        specialist_id=choice.specialist.pk if choice.specialist else None,
        mode=choice.mode,
        asker=STAFF,
    )
    colleagues = [each.pk for each in choice.colleagues]
    return next(iter(joint_slots(found, service=service, colleagues=colleagues)), None)


def _whose_consent(wanted: VisitFacts, person: Person, desk: Desk) -> Person:
    """Return the first of those who come whose consent is missing."""
    sides = [person, *(party.person for party in wanted.parties)]
    missing = (each for each in sides if consent_refusal(person=each, service=wanted.service, on=desk.today))
    return next(missing, person)


def _closed_on(starts_at: datetime | None, service: Service) -> str:
    """Return why the centre rests on the day of an agreed time, or nothing: the desk may go on, but should know."""
    if starts_at is None:
        return ""
    timetable = service.centre.timetable
    closed = closed_on(timetable, timezone.localdate(starts_at), on_breaks=Series.OnBreaks.RUN, place=None)
    return closed.name if closed else ""


def _home_of(desk: Desk, person: Person) -> str:
    home = desk.household_of(person)
    return ", ".join(filter(None, [home.address, home.village]))


def _choice(request: HttpRequest, service: Service, givers: list[Resource], others: list[Resource]) -> Choice:
    """Read what the links and forms of these pages carry. Raises Http404 for what none of them sends."""
    asked = request.GET
    mode = asked.get("mode", "")
    wanted = asked.get("specialist", "")
    specialist = next((each for each in givers if str(each.pk) == wanted), None)
    if wanted and specialist is None:
        raise Http404
    together = set(asked.getlist("with"))
    colleagues = tuple(each for each in others if str(each.pk) in together and each != specialist)
    outside = "outside" in asked
    starts_at = _agreed(asked.get("day", ""), asked.get("time", "")) if outside else None
    if "starts_at" in asked and not outside:
        starts_at = read_start(asked["starts_at"])
    if outside and specialist is None:
        starts_at = None
    return Choice(mode if mode in service.modes else service.modes[0], specialist, colleagues, starts_at, outside)


def _agreed(day: str, time: str) -> datetime | None:
    """Return the instant of an hour that was agreed on, on the centre's wall clock; None for what is none."""
    try:
        on, at = parse_date(day), parse_time(time)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(on, at)) if on and at else None
