"""A visit by the link of its message, without an account: see it, move it, cancel it, answer an earlier time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from booking.domain.appointment_telling import people_of
from booking.errors import Refusal, Refused
from booking.messages.appointments import link_secret, read_link_secret
from booking.messages.readers import people_told_of_visit
from booking.models import Account, Appointment, Merge, Person
from booking.web.letter_lock import LetterLock, unseen
from booking.web.visit_answers import answer_visit, others_of_series, visit_facts
from booking.web.visit_words import VisitWords, knows_home

CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Link:
    """A visit, the reader whom the link was sent to, and whom of those who come she speaks for."""

    token: str
    appointment: Appointment
    reader: Person
    person: Person

    @property
    def lock(self) -> LetterLock:
        """What asks for the letters of the name before the page is shown; asked once for all visits of one person."""
        centre = self.appointment.service.centre
        return LetterLock("visit", f"{self.reader.pk}:{self.person.pk}", centre, self.person.family_name)


@require_http_methods(["GET", "HEAD", "POST"])
def visit_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the first letters of the name, then show the visit; only a POST changes anything.

    A message can be read over somebody's shoulder or sent on by mistake, so the link alone opens nothing.
    """
    now = timezone.now()
    link = _read(token, now)
    if not link.lock.is_open(request):
        return unseen(link.lock.ask(request))
    with timezone.override(link.appointment.service.centre.timetable.tz):
        refused = None
        if request.method == "POST":
            try:
                by = Account.objects.filter(person=link.reader).first()
                said = answer_visit(request, link.appointment, link.person, by=by, now=now)
                messages.success(request, said)
                return unseen(redirect("visit-by-link", token))
            except Refused as problem:
                refused = problem.refusal
        return unseen(_show(request, link, now, refused))


def _show(request: HttpRequest, link: Link, now: datetime, refused: Refusal | None) -> HttpResponse:
    related = ("service__centre__timetable", "specialist", "person", "room__place", "booked_by")
    visit = Appointment.objects.select_related(*related).prefetch_related("parties").get(pk=link.appointment.pk)
    others = [
        (reverse("visit-by-link", args=[link_secret(each.pk, link.reader.pk)]), each.comes_at(link.person.pk))
        for each in others_of_series(visit, link.person, reader_id=link.reader.pk, now=now)
    ]
    facts = {
        **visit_facts(request, visit, link.person, now),
        "visit": VisitWords(visit, link.person, at_home=knows_home(visit, link.reader.pk), discreet=True),
        "may_book": True,
        "others": others,
        "refused": refused,
    }
    return render(request, "booking/visit.html", facts, status=CONFLICT if refused else 200)


def _read(token: str, now: datetime) -> Link:
    """Return what a link is for; of somebody who may no longer book for the person it is not found."""
    found = read_link_secret(token)
    if found is None:
        raise Http404
    related = ("service__centre__timetable", "person")
    appointment = get_object_or_404(Appointment.objects.select_related(*related), pk=found[0])
    reader_id = Merge.objects.kept_instead_of(Merge.Kind.PERSON, found[1])  # her record may have been put into another
    on = timezone.localdate(now, appointment.service.centre.timetable.tz)
    people = [each.pk for each in people_of(appointment)]
    told = people_told_of_visit(reader_id, people, service_id=appointment.service_id, visit_id=appointment.pk, on=on)
    hers = Person.objects.booked_by(reader_id, on).filter(pk__in=[each.pk for each in told])
    person = next((each for each in people_of(appointment) if hers.filter(pk=each.pk).exists()), None)
    if person is None:
        raise Http404
    return Link(token, appointment, get_object_or_404(Person, pk=reader_id), person)
