"""Booking a visit for somebody of the family: the service, then the time, then a last look; without JavaScript."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.appointment_booking import VisitFacts, book_appointment
from booking.domain.appointment_rules import change_deadline, is_late
from booking.domain.slots import MOMENT, asker_for, first_free_slots, free_slots
from booking.errors import Refused, refusal
from booking.models import Appointment, Service
from booking.models.modes import MODES, Mode
from booking.web.appointment_times import free_days, read_start
from booking.web.family_members import Member, centres_of, family_of, reader_of
from booking.web.visit_forms import ConfirmForm
from booking.web.visit_words import VisitWords
from scheduler.models import Resource, Session
from scheduler.period import Period

CONFLICT, UNPROCESSABLE = 409, 422


@login_required
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show the services that the family can book, each with its first free time; and those that go by the desk."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    found = Service.objects.listed().filter(centre__in=centres_of(members)).select_related("centre__timetable")
    bookable = list(found.bookable())
    first = first_free_slots(services=bookable, now=now)
    facts = {
        "rows": [(service, first.get(service.pk)) for service in bookable],
        "others": found.exclude(pk__in=[service.pk for service in bookable]),
        "person": request.GET.get("person", ""),
    }
    return render(request, "booking/family/book_services.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, service_id: uuid.UUID) -> HttpResponse:
    """Let the reader choose for whom, how, with whom and when, then book what she has looked at once more."""
    now = timezone.now()
    members = [each for each in family_of(reader_of(request), timezone.localdate(now)) if each.may_book]
    found = Service.objects.bookable().select_related("centre__timetable")
    service = get_object_or_404(found, pk=service_id, centre__in=centres_of(members))
    member = _member(request, members)
    mode = request.GET.get("mode", "")
    facts = {
        "service": service,
        "centre": service.centre,
        "members": members,
        "member": member,
        "person_key": str(member.id) if member else "",
        "modes": [Mode(each) for each in MODES if getattr(service, each)],
        "mode": mode if mode in service.modes else service.modes[0],
        "specialists": _specialists(service, now),
        "specialist": request.GET.get("specialist", ""),
    }
    with timezone.override(service.centre.timetable.tz):
        if member is not None and "starts_at" in request.GET:
            return _confirm(request, service, member, now, facts)
        if member is not None:
            chosen = _specialist_id(facts["specialist"])
            facts["times"] = free_days(
                request, service, now, person=member.person, specialist_id=chosen, mode=str(facts["mode"])
            )
        return render(request, "booking/family/book_times.html", facts)


def _confirm(
    request: HttpRequest, service: Service, member: Member, now: datetime, facts: dict[str, Any]
) -> HttpResponse:
    start = read_start(request.GET["starts_at"])
    mode = str(facts["mode"])
    form = ConfirmForm(request.POST if request.method == "POST" else None, at_home=mode == Mode.HOME)
    facts |= {"starts_at": start, "mode": mode, "mode_label": Mode(mode).label, "form": form}
    specialist_id = _specialist_id(facts["specialist"])
    if request.method != "POST":
        return _last_look(request, service, member, now, facts)
    if form.is_valid():
        wanted = VisitFacts(
            service,
            start,
            mode=mode,
            specialist_id=specialist_id,
            address=form.cleaned_data.get("address", ""),
        )
        try:
            made = book_appointment(facts=wanted, person=member.person, by=reader_of(request), now=now)
        except Refused as problem:
            return _refuse(request, service, member, now, facts | {"refused": problem.refusal})
        messages.success(request, _("The visit is booked."))
        return redirect("family-appointment", made.pk)
    return _last_look(request, service, member, now, facts)


def _last_look(
    request: HttpRequest, service: Service, member: Member, now: datetime, facts: dict[str, Any]
) -> HttpResponse:
    """Show who would give the visit, where, and until when it can be changed; or that the time is gone by now."""
    start, mode = facts["starts_at"], facts["mode"]
    found = free_slots(
        service=service,
        period=Period(start, start + MOMENT),
        now=now,
        specialist_id=_specialist_id(facts["specialist"]),
        mode=mode,
        asker=asker_for(person_id=member.person.pk),
    )
    if not found:
        return _refuse(request, service, member, now, facts | {"refused": refusal("slot_taken")})
    slot = found[0]
    visit = Appointment(service=service, starts_at=slot.starts_at, ends_at=slot.ends_at, mode=mode)
    visit.specialist = Resource.objects.get(pk=slot.specialist_id)
    if slot.room_id is not None:
        visit.room = Resource.objects.select_related("place").get(pk=slot.room_id)
    facts |= {"visit": VisitWords(visit, None), "ends_at": slot.ends_at}
    facts |= {"deadline": change_deadline(visit), "late": is_late(visit, now)}
    status = UNPROCESSABLE if facts["form"].errors else 200
    return render(request, "booking/family/book_confirm.html", facts, status=status)


def _refuse(
    request: HttpRequest, service: Service, member: Member, now: datetime, facts: dict[str, Any]
) -> HttpResponse:
    """Say why the visit was not booked, above the times that are free."""
    specialist_id, mode = _specialist_id(facts["specialist"]), str(facts["mode"])
    times = free_days(request, service, now, person=member.person, specialist_id=specialist_id, mode=mode)
    return render(request, "booking/family/book_times.html", {**facts, "times": times}, status=CONFLICT)


def _member(request: HttpRequest, members: Sequence[Member]) -> Member | None:
    """Return whom the visit is for: as chosen, or the only one there is."""
    chosen = next((each for each in members if str(each.id) == request.GET.get("person", "")), None)
    return chosen or (members[0] if len(members) == 1 else None)


def _specialists(service: Service, now: datetime) -> list[Resource]:
    """Return who gives a service from now on, by name."""
    hours = Session.objects.standing().filter(series__services=service, series__window__isnull=False, ends_at__gt=now)
    return list(Resource.objects.filter(pk__in=hours.values("leader")).order_by("name"))


def _specialist_id(text: object) -> uuid.UUID | None:
    """Return the specialist a link names; none means anyone. Raises Http404 for what no link names."""
    if not text:
        return None
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise Http404 from None
