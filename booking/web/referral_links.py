"""Choosing a time by the link of a referral, without an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from booking.domain.referrals import book_by_referral
from booking.domain.slots import Slot, asker_for, free_slots
from booking.domain.visit_consents import consent_refusal
from booking.errors import Refusal, Refused, refusal
from booking.messages.readers import people_told_of_visit
from booking.messages.service_words import service_title
from booking.models import Account, Merge, Person, Referral
from booking.models.referral import read_referral_secret
from booking.web.letter_lock import LetterLock, unseen
from booking.web.visit_words import VisitWords, days_of
from scheduler.period import Period

CONFLICT = 409
SHOWN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Link:
    """A referral and the reader whom the link was sent to."""

    token: str
    referral: Referral
    reader: Person

    def is_open(self, now: datetime) -> bool:
        """Whether a time can still be chosen by it; it is renewed by another invitation."""
        return self.referral.is_link_open(timezone.localdate(now, self.referral.service.centre.timetable.tz))

    @property
    def lock(self) -> LetterLock:
        """What asks for the letters of the name before the page is shown."""
        centre = self.referral.service.centre
        return LetterLock("referral", self.token, centre, self.referral.person.family_name)


@require_http_methods(["GET", "HEAD", "POST"])
def book_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the first letters of the name, then show the free times; a POST books one of them.

    The page names the service no more than the letter did, for it can be seen over somebody's shoulder.
    """
    now = timezone.now()
    link = _read(token, now)
    if link is None:
        return unseen(render(request, "booking/referral_over.html", {}, status=HTTPStatus.NOT_FOUND))
    if not (link.referral.is_booked or link.is_open(now)):
        facts = {"centre": link.referral.service.centre, "has_expired": True}
        return unseen(render(request, "booking/referral_over.html", facts, status=HTTPStatus.GONE))
    if not link.lock.is_open(request):
        return unseen(link.lock.ask(request))
    with timezone.override(link.referral.service.centre.timetable.tz):
        refused = None
        slots = [] if link.referral.is_booked else _free(link, now)
        if request.method == "POST" and not link.referral.is_booked:
            try:
                _book(request, link, slots, now)
                return unseen(redirect("referral-link", token))
            except Refused as problem:
                refused = problem.refusal
        return unseen(_show(request, link, slots, refused, now))


def _book(request: HttpRequest, link: Link, slots: list[Slot], now: datetime) -> None:
    """Book the chosen time. Raises Refused, also for a time that is not free any more."""
    chosen = request.POST.get("starts_at", "")
    slot = next((each for each in slots if each.starts_at.isoformat() == chosen), None)
    if slot is None:
        raise Refused(refusal("slot_gone"))
    book_by_referral(
        referral_id=link.referral.pk,
        starts_at=slot.starts_at,
        specialist_id=slot.specialist_id,
        mode=slot.mode,
        by=Account.objects.filter(person=link.reader).first(),
        now=now,
    )


def _free(link: Link, now: datetime) -> list[Slot]:
    """Return one free time for each moment of the coming weeks, whoever gives it."""
    referral = link.referral
    asker = asker_for(person_id=referral.person_id, is_urgent=referral.priority == Referral.Priority.URGENT)
    found = free_slots(service=referral.service, period=Period(now, now + SHOWN), now=now, asker=asker)
    return list({slot.starts_at: slot for slot in reversed(found) if slot.mode != "home"}.values())[::-1]


def _show(request: HttpRequest, link: Link, slots: list[Slot], refused: Refusal | None, now: datetime) -> HttpResponse:
    referral = link.referral
    visit = referral.appointment
    today = timezone.localdate(now)
    waits = None
    if not referral.is_booked:
        waits = consent_refusal(person=referral.person, service=referral.service, on=today)
    facts = {
        "centre": referral.service.centre,
        "referral": referral,
        "person": referral.person,
        "title": service_title(referral.service),
        "visit": VisitWords(visit, referral.person, discreet=True) if visit and referral.is_booked else None,
        "days": days_of(slots),
        "waits": waits,
        "is_overdue": referral.is_overdue(today),
        "refused": refused,
    }
    return render(request, "booking/referral.html", facts, status=CONFLICT if refused else 200)


def _read(token: str, now: datetime) -> Link | None:
    """Return what a link is for; None for one nobody was sent, one that was taken back, or who may book no more."""
    found = read_referral_secret(token)
    if found is None:
        return None
    related = ("person", "service__centre__timetable", "appointment__room__place", "appointment__specialist")
    referral = Referral.objects.open().select_related(*related).filter(pk=found.referral_id).first()
    if referral is None or (referral.link_number, referral.link_until is None) != (found.number, False):
        return None
    reader_id = Merge.objects.kept_instead_of(
        Merge.Kind.PERSON, found.reader_id
    )  # her record may have been put into another
    on = timezone.localdate(now, referral.service.centre.timetable.tz)
    told = people_told_of_visit(reader_id, [referral.person_id], service_id=referral.service_id, on=on)
    if not told or not Person.objects.booked_by(reader_id, on).filter(pk=referral.person_id).exists():
        return None
    return Link(token, referral, get_object_or_404(Person, pk=reader_id))
