"""A specialist's calendars elsewhere: adding one, seeing how the last reading went, turning one off."""

from __future__ import annotations

import uuid
from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.busy_calendars import (
    add_busy_calendar,
    ask_again_soon,
    remove_busy_calendar,
    visits_in_busy_time,
)
from booking.errors import Refused, refusal
from booking.models import BusyCalendar
from booking.web.access import diary_owner
from booking.web.family_members import reader_of
from scheduler.models import BusyPeriod

UNPROCESSABLE = 422
SHOWN = 20


class CalendarElsewhereForm(forms.Form):
    """Where the calendar is, and what its owner calls it."""

    address = forms.CharField(
        label=gettext_lazy("Secret address of the calendar"),
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "In Google: Settings, your calendar, “Secret address in iCal format”. In Outlook: Settings, Shared "
            "calendars, Publish a calendar, ICS. It begins with https:// or webcal://."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Your name for it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Only you see it, for example: hospital."),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def busy_calendars(request: HttpRequest) -> HttpResponse:
    """Show the reader's calendars elsewhere and add one; the worker reads it a moment later."""
    reader, now = reader_of(request), timezone.now()
    member = diary_owner(reader, request.GET.get("centre", ""))
    if member.resource is None:
        raise Http404
    form = CalendarElsewhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_busy_calendar(resource=member.resource, by=reader, now=now, **form.cleaned_data)
        except Refused as refused:
            form.add_error("address", str(refused.refusal))
        else:
            messages.success(request, _("Added. The calendar is read within a minute, and then every half an hour."))
            return redirect(request.get_full_path())
    with timezone.override(member.centre.timetable.tz):
        own = BusyCalendar.objects.visible_to(reader, timezone.localdate(now)).filter(resource=member.resource)
        facts = {
            "centre": member.centre,
            "form": form,
            "calendars": [_row(calendar, now) for calendar in own],
            "coming": BusyPeriod.objects.filter(resource=member.resource, ends_at__gt=now).order_by("starts_at")[
                :SHOWN
            ],
            "visits": visits_in_busy_time(resource=member.resource, now=now),
            "crumbs": [{"url": reverse("diary"), "label": _("Diary")}, {"label": _("Calendars elsewhere")}],
        }
        status = UNPROCESSABLE if form.errors else 200
        return render(request, "booking/staff/busy_calendars.html", facts, status=status)


@login_required
@require_POST
def read_now(request: HttpRequest, calendar_id: uuid.UUID) -> HttpResponse:
    """Let the worker read a calendar at once."""
    calendar = _own(request, calendar_id)
    if ask_again_soon(calendar_id=calendar.pk, now=timezone.now()):
        messages.success(request, _("The calendar is read in a few seconds. Load this page again to see how it went."))
    else:
        messages.info(request, _("The calendar was read less than a minute ago."))
    return redirect("busy-calendars")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: HttpRequest, calendar_id: uuid.UUID) -> HttpResponse:
    """Ask before forgetting a calendar and the times it blocked, and forget it."""
    calendar = _own(request, calendar_id)
    if request.method == "POST":
        remove_busy_calendar(calendar_id=calendar.pk)
        messages.success(request, _("The calendar is turned off. Its times can be booked again."))
        return redirect("busy-calendars")
    facts = {
        "centre": calendar.resource.timetable.centre,
        "calendar": calendar,
        "crumbs": [
            {"url": reverse("diary"), "label": _("Diary")},
            {"url": reverse("busy-calendars"), "label": _("Calendars elsewhere")},
            {"label": _("Turn off")},
        ],
    }
    return render(request, "booking/staff/busy_calendar_off.html", facts)


def _row(calendar: BusyCalendar, now: datetime) -> dict[str, object]:
    """Return a calendar with the words for how it stands."""
    return {
        "calendar": calendar,
        "reason": str(refusal(calendar.refused)) if calendar.refused else "",
        "is_stale": calendar.is_stale(now),
    }


def _own(request: HttpRequest, calendar_id: uuid.UUID) -> BusyCalendar:
    own = BusyCalendar.objects.visible_to(reader_of(request), timezone.localdate())
    return get_object_or_404(own.select_related("resource__timetable__centre"), pk=calendar_id)
