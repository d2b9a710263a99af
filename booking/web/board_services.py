"""The rules of visits, service by service: how long, how far apart, how early and how late families book."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.visit_rules import VisitRules, change_visit_rules, example_starts
from booking.models import Appointment, Centre, Service
from booking.models.modes import Mode
from booking.models.names import in_alphabet
from booking.web.access import planned_centre
from booking.web.family_members import reader_of
from booking.web.service_forms import VisitRulesForm

UNPROCESSABLE = 422
EXAMPLE = time(9), time(13)


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """A service with its ways of meeting in words, and when its visits begin in hours of an example."""

    service: Service
    modes: list[str]
    starts: list[time]

    @classmethod
    def of(cls, service: Service) -> ServiceRules:
        """Return the rules of a service in words."""
        starts = example_starts(service, mode=service.modes[0], starts=EXAMPLE[0], ends=EXAMPLE[1])
        return cls(service, [str(Mode(mode).label) for mode in service.modes], starts)


@login_required
@never_cache
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """List the services of a centre with the rules of their visits."""
    reader, today = reader_of(request), timezone.localdate()
    centre = planned_centre(reader, today, request.GET.get("centre", ""))
    booked = centre.services.filter(entry=Service.Entry.APPOINTMENT).order_by(in_alphabet("name"))
    facts = {
        "centre": centre,
        "centres": Centre.objects.planned_by(reader, today),
        "rows": [ServiceRules.of(service) for service in booked],
        "example": EXAMPLE,
        "crumbs": _crumbs(centre),
    }
    return render(request, "booking/staff/services.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_rules(request: HttpRequest, service_id: uuid.UUID) -> HttpResponse:
    """Change the rules of a service's visits; those that are booked stay as they are."""
    now = timezone.now()
    service = _planned(request, service_id, timezone.localdate(now))
    form = VisitRulesForm(request.POST or None, before=VisitRules.of(service))
    if request.method == "POST" and form.is_valid():
        change_visit_rules(service_id=service.pk, rules=form.rules())
        messages.success(request, _("Saved. Free times follow from it at once; booked visits stayed."))
        return redirect(f"{reverse('board-services')}?centre={service.centre.slug}#service-{service.pk}")
    facts: dict[str, Any] = {
        "centre": service.centre,
        "rules": ServiceRules.of(service),
        "example": EXAMPLE,
        "form": form,
        "booked": Appointment.objects.coming(now).filter(service=service).count(),
        "crumbs": _crumbs(service.centre, service.name),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "booking/staff/service_rules.html", facts, status=status)


def _planned(request: HttpRequest, service_id: uuid.UUID, today: date) -> Service:
    """Return a service that is booked, of a centre whose timetable the reader plans. Raises Http404."""
    planned = Service.objects.filter(centre__in=Centre.objects.planned_by(reader_of(request), today))
    booked = planned.filter(entry=Service.Entry.APPOINTMENT)
    return get_object_or_404(booked.select_related("centre__timetable"), pk=service_id)


def _crumbs(centre: Centre, here: str = "") -> list[dict[str, str]]:
    own = f"?centre={centre.slug}"
    way = [{"url": reverse("board") + own, "label": _("Timetable board")}]
    way.append({"url": reverse("board-services") + own if here else "", "label": _("Rules of visits")})
    return [*way, {"url": "", "label": here}] if here else way
