"""“Tell me when a time becomes free”: a family waits for another time of a service, and stops waiting."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from booking.domain.slot_watches import stop_watching, watch_slots
from booking.domain.slots import asker_for, free_slots
from booking.errors import Refused
from booking.models import Service, SlotWatch
from booking.web.family_members import centres_of, family_of, reader_of
from scheduler.models import Resource
from scheduler.period import Period


@login_required
@require_POST
def watch(request: HttpRequest, service_id: uuid.UUID) -> HttpResponse:
    """Remember that somebody whom no free time suits waits for another one of a service, within its horizon."""
    now = timezone.now()
    account = reader_of(request)
    members = family_of(account, timezone.localdate(now))
    member = next((each for each in members if str(each.id) == request.POST.get("person") and each.may_book), None)
    service = (
        Service.objects.bookable()
        .select_related("centre__timetable")
        .filter(pk=service_id, centre__in=centres_of(members))
        .first()
    )
    if member is None or service is None:
        raise Http404
    until = now + timedelta(days=service.horizon_days)
    mode = request.POST.get("mode", "")
    wish: dict[str, Any] = {"mode": mode if mode in service.modes else "", "specialist": _giver(request)}
    unwanted = free_slots(
        service=service,
        period=Period(now, until),
        now=now,
        specialist_id=wish["specialist"] and wish["specialist"].pk,
        mode=wish["mode"],
        asker=asker_for(person_id=member.person.pk),
    )
    try:
        watch_slots(
            service=service,
            person=member.person,
            earlier_than=until,
            by=account,
            now=now,
            passing_over=unwanted,
            **wish,
        )
    except Refused as problem:
        messages.warning(request, str(problem.refusal))
    return redirect("family-appointments")


@login_required
@require_POST
def unwatch(request: HttpRequest, watch_id: uuid.UUID) -> HttpResponse:
    """Take a wish for an earlier time back."""
    now = timezone.now()
    account = reader_of(request)
    on = timezone.localdate(now)
    members = [member.id for member in family_of(account, on) if member.may_book]
    if not SlotWatch.objects.visible_to(account, on).filter(pk=watch_id, person__in=members).exists():
        raise Http404
    stop_watching(watch_id=watch_id, now=now)
    return redirect("family-appointments")


def _giver(request: HttpRequest) -> Resource | None:
    """Return with whom the visit is wished for; None for anyone. Raises Http404 for what no form sends."""
    wanted = request.POST.get("specialist", "")
    try:
        return get_object_or_404(Resource.objects.specialists(), pk=uuid.UUID(wanted)) if wanted else None
    except ValueError:
        raise Http404 from None
