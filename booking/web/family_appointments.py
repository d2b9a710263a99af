"""Visits of the family: what comes, what was, an earlier time to answer, and the wish for one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from booking.errors import Refusal, Refused
from booking.models import Account, Appointment, SlotWatch
from booking.models.appointment import COMING
from booking.web.family_members import Member, family_of, reader_of
from booking.web.visit_answers import answer_visit, others_of_series, visit_facts
from booking.web.visit_words import VisitWords, knows_home

CONFLICT, FORBIDDEN = 409, 403
MOST_PAST = 50
RELATED = ("service__centre__timetable", "specialist", "person", "room__place", "booked_by")


@dataclass(frozen=True, slots=True)
class FamilyVisit(VisitWords):
    """A visit of one member of the family."""

    member: Member | None = None

    @property
    def is_held(self) -> bool:
        """Whether it waits for an answer."""
        return self.appointment.status == Appointment.Status.OFFERED


def visits_of(account: Account, members: Sequence[Member], now: datetime, *, coming: bool) -> list[FamilyVisit]:
    """Return the family's coming visits, the first first, or its latest past and cancelled ones; in two queries."""
    on = timezone.localdate(now)
    found = Appointment.objects.told_to_family(account, on).select_related(*RELATED).prefetch_related("parties")
    if coming:
        rows = list(found.coming(now).order_by("starts_at", "pk"))
    else:
        past = found.exclude(status__in=COMING, ends_at__gt=now).ever_agreed()
        rows = list(past.order_by("-starts_at", "pk")[:MOST_PAST])
    return [words_of(row, members) for row in rows]


@login_required
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """Show what comes, what waits for an answer, wishes for an earlier time, and what was."""
    now = timezone.now()
    account = reader_of(request)
    members = family_of(account, timezone.localdate(now))
    coming = visits_of(account, members, now, coming=True)
    watches = SlotWatch.objects.visible_to(account, timezone.localdate(now)).open_at(now)
    facts = {
        "held": [visit for visit in coming if visit.is_held],
        "coming": [visit for visit in coming if not visit.is_held],
        "watches": watches.filter(person__in=[member.id for member in members]).select_related("service", "person"),
        "past": visits_of(account, members, now, coming=False),
        "may_book": any(member.may_book for member in members),
    }
    return render(request, "booking/family/appointments.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appointment(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show one visit; move it, cancel it, answer an earlier time, ask for one or take that wish back."""
    now = timezone.now()
    visit = _visit_or_404(request, appointment_id, now)
    may_book = visit.member is not None and visit.member.may_book
    with timezone.override(visit.appointment.service.centre.timetable.tz):
        refused: Refusal | None = None
        if request.method == "POST":
            if not may_book:
                return render(request, "booking/family/appointment.html", _facts(request, visit, now), status=FORBIDDEN)
            try:
                said = _answer(request, visit, now)
                messages.success(request, said)
                return redirect("family-appointment", visit.appointment.pk)
            except Refused as problem:
                refused = problem.refusal
        facts = {**_facts(request, visit, now), "refused": refused, "may_book": may_book}
        return render(request, "booking/family/appointment.html", facts, status=CONFLICT if refused else 200)


def words_of(row: Appointment, members: Sequence[Member]) -> FamilyVisit:
    """Say whose visit it is: the one it was booked for if she is of this family, else the party who is."""
    ids = [row.person_id, *(party.person_id for party in row.parties.all())]
    member = next((member for key in ids for member in members if member.id == key), None)
    reader = next((member for member in members if member.is_reader), None)
    return FamilyVisit(
        row, member.person if member else None, at_home=knows_home(row, reader.id if reader else None), member=member
    )


def _visit_or_404(request: HttpRequest, appointment_id: uuid.UUID, now: datetime) -> FamilyVisit:
    account = reader_of(request)
    on = timezone.localdate(now)
    found = Appointment.objects.told_to_family(account, on).select_related(*RELATED).prefetch_related("parties")
    row = found.filter(pk=appointment_id).first()
    if row is None:
        raise Http404
    return words_of(row, family_of(account, on))


def _answer(request: HttpRequest, visit: FamilyVisit, now: datetime) -> str:
    if visit.person is None:
        raise Http404
    return answer_visit(request, visit.appointment, visit.person, by=reader_of(request), now=now)


def _facts(request: HttpRequest, visit: FamilyVisit, now: datetime) -> dict[str, object]:
    found = Appointment.objects.select_related(*RELATED).prefetch_related("parties")
    row = found.get(pk=visit.appointment.pk)
    others = [
        (reverse("family-appointment", args=[each.pk]), VisitWords(each, visit.person).starts_at)
        for each in others_of_series(row, visit.person, reader_id=reader_of(request).person_id, now=now)
    ]
    return {
        **visit_facts(request, row, visit.person, now),
        "visit": FamilyVisit(row, visit.person, at_home=visit.at_home, member=visit.member),
        "others": others,
    }
