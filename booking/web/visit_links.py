"""A visit by the link of its message, without an account: see it, move it, cancel it, answer an earlier time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from booking.domain.appointment_answers import accept_appointment, accept_at_another_time, decline_appointment
from booking.domain.appointment_changes import Wish, cancel_appointment, move_appointment
from booking.domain.appointment_offers import stands_in
from booking.domain.appointment_rules import change_deadline, is_late
from booking.domain.appointment_telling import people_of
from booking.domain.slots import Slot, asker_for, free_slots
from booking.errors import Refusal, Refused
from booking.messages.appointments import read_link_secret
from booking.messages.readers import people_told_of_visit
from booking.models import Account, Appointment, Merge, Person
from booking.web.letter_lock import LetterLock, unseen
from booking.web.visit_words import VisitWords, days_of, knows_home
from scheduler.period import Period

CONFLICT = 409
SHOWN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Link:
    """A visit, the reader whom the link was sent to, and whom of those who come she speaks for."""

    token: str
    appointment: Appointment
    reader: Person
    person: Person

    @property
    def lock(self) -> LetterLock:
        """What asks for the letters of the name before the page is shown."""
        centre = self.appointment.service.centre
        return LetterLock("visit", self.token, centre, self.person.family_name)


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
                _act(request, link, now)
                return unseen(redirect("visit-by-link", token))
            except Refused as problem:
                refused = problem.refusal
        return unseen(_show(request, link, now, refused))


def _act(request: HttpRequest, link: Link, now: datetime) -> None:
    """Do what was asked. Raises Refused."""
    by = Account.objects.filter(person=link.reader).first()
    appointment_id, asked = link.appointment.pk, request.POST.get("act", "")
    if asked == "cancel":
        cancel_appointment(appointment_id=appointment_id, by=by, now=now)
    elif asked == "accept":
        accept_appointment(appointment_id=appointment_id, by=by, now=now)
    elif asked == "decline":
        decline_appointment(appointment_id=appointment_id, by=by, now=now)
    elif asked == "move":
        try:
            starts_at = datetime.fromisoformat(request.POST.get("starts_at", ""))
        except ValueError:
            raise Http404 from None
        if timezone.is_naive(starts_at):
            raise Http404
        if link.appointment.status == Appointment.Status.OFFERED:
            accept_at_another_time(appointment_id=appointment_id, starts_at=starts_at, by=by, now=now)
        else:
            move_appointment(appointment_id=appointment_id, wish=Wish(starts_at), by=by, now=now)


def _show(request: HttpRequest, link: Link, now: datetime, refused: Refusal | None) -> HttpResponse:
    appointment = Appointment.objects.select_related(
        "service__centre__timetable", "specialist", "person", "room__place", "booked_by"
    ).get(pk=link.appointment.pk)
    comes = appointment.status == Appointment.Status.BOOKED and appointment.starts_at > now
    held = appointment.status == Appointment.Status.OFFERED and (appointment.expires_at or now) > now
    late = comes and is_late(appointment, now)
    instead = held and stands_in(appointment)
    moves = (instead or (comes and not late)) and "move" in request.GET
    facts = {
        "centre": appointment.service.centre,
        "visit": VisitWords(appointment, link.person, at_home=knows_home(appointment, link.reader.pk), discreet=True),
        "comes": comes,
        "held": held,
        "instead": instead,
        "late": late,
        "deadline": change_deadline(appointment),
        "moves": moves,
        "days": days_of(_free(appointment, link.person, now)) if moves else [],
        "refused": refused,
    }
    return render(request, "booking/visit.html", facts, status=CONFLICT if refused else 200)


def _free(appointment: Appointment, person: Person, now: datetime) -> list[Slot]:
    return free_slots(
        service=appointment.service,
        period=Period(now, now + SHOWN),
        now=now,
        specialist_id=appointment.specialist_id,
        mode=appointment.mode,
        asker=asker_for(person_id=person.pk),
        besides=appointment.pk,
    )


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
