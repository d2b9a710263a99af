"""Days off of a centre: what the law and schools give, and its own, of the whole timetable or of one place."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.visits_to_settle import visits_on_closed_days
from booking.errors import Refused
from booking.models import Appointment, Centre
from booking.web.access import planned_centre
from booking.web.family_members import reader_of
from booking.web.windows import named
from scheduler.domain.closures import add_closure, list_closures, remove_closure
from scheduler.models import Closure, Place
from scheduler.period import Period

DAYS_SHOWN = 400  # a school year and what is planned after it


class ClosureForm(forms.Form):
    """Days on which a centre, or one place of it, is closed for its own reasons."""

    name = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("For example: inventory"), max_length=200
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.ModelChoiceField(
        label=gettext_lazy("Place"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=gettext_lazy("All places"),
    )

    def __init__(self, *args: Any, centre: Centre, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["place"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  tells the type checker what the class says above
        field.queryset = Place.objects.filter(timetable=centre.timetable_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def closures(request: HttpRequest) -> HttpResponse:
    """List the coming days off with their reasons, and add own ones."""
    now = timezone.now()
    today = timezone.localdate(now)
    centre = planned_centre(reader_of(request), today, request.GET.get("centre", ""))
    form = ClosureForm(request.POST or None, centre=centre)
    refusal, asked = None, _visits_then(form, centre, now) if form.is_valid() else []
    if form.is_valid() and request.POST.get("seen", "") == _seen(asked):
        try:
            add_closure(timetable=centre.timetable, now=now, **form.cleaned_data)
        except Refused as refused:
            refusal = refused.refusal
        else:
            messages.success(request, _("Saved. Publish the terms concerned, so that their dates on these days go."))
            return redirect(f"{reverse('windows')}?all=1" if asked else _address(centre))
    status = 409 if refusal else 422 if form.errors else 200
    facts = {"centre": centre, "form": form, "refusal": refusal, **_listed(centre, today)}
    if asked and not refusal:
        facts |= {"visits": asked, "seen": _seen(asked), "named": named(reader_of(request), asked, today)}
    return render(request, "booking/staff/closures.html", facts, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, closure_id: uuid.UUID) -> HttpResponse:
    """Forget own days off; dates that fell on them come back with the next publication."""
    centres = Centre.objects.planned_by(reader_of(request), timezone.localdate())
    closure = get_object_or_404(Closure.objects.filter(timetable__centre__in=centres), pk=closure_id)
    centre = Centre.objects.get(timetable=closure.timetable_id)
    remove_closure(closure_id=closure.pk, now=timezone.now())
    messages.success(request, _("Removed. The dates on these days come back once you publish."))
    return redirect(_address(centre))


def _visits_then(form: ClosureForm, centre: Centre, now: datetime) -> list[Appointment]:
    """Return the booked visits on the days that would be closed, none for days in the wrong order."""
    wanted = form.cleaned_data
    if wanted["ends_on"] < wanted["starts_on"]:
        return []
    period = Period.of_days(wanted["starts_on"], wanted["ends_on"], centre.timetable.tz)
    return visits_on_closed_days(timetable_id=centre.timetable_id, place=wanted["place"], period=period, now=now)


def _seen(visits: Iterable[Appointment]) -> str:
    """Return what a confirmation has to name, so that nobody closes a day on visits she was not shown."""
    keys = ",".join(sorted(str(visit.pk) for visit in visits))
    return hashlib.sha256(keys.encode()).hexdigest()[:32] if keys else ""


def _listed(centre: Centre, today: date) -> dict[str, Any]:
    last = today + timedelta(days=DAYS_SHOWN)
    return {
        "closures": list_closures(centre.timetable, today, last, of_places=True),
        "places": dict(Place.objects.filter(timetable=centre.timetable_id).values_list("pk", "name")),
        "crumbs": [
            {"url": f"{reverse('board')}?centre={centre.slug}", "label": _("Timetable board")},
            {"url": "", "label": _("Days off")},
        ],
    }


def _address(centre: Centre) -> str:
    return f"{reverse('board-closures')}?centre={centre.slug}"
