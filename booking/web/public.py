"""The public doors: the chooser of centres and the week of one centre."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.models import Centre
from booking.web.context import first_page_of, public_ways
from booking.web.errors import unknown_week
from booking.web.offer_filter import filter_choices, read_filter
from booking.web.public_address import calendar_address
from booking.web.public_week import public_facts, public_week
from booking.web.week_links import UnknownWeek, read_view, week_links
from booking.web.week_opening import opening_week
from scheduler.models import Session


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead each reader on: who is logged in to her own first page, others to the only centre or a choice of centres."""
    if request.user.is_authenticated:
        return redirect(first_page_of(request.user))
    centres = list(Centre.objects.all())
    if len(centres) == 1:
        return redirect(centres[0])
    return render(request, "booking/public/home.html", {"centres": centres})


@require_safe
def centre_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a centre's week as a grid or a list, narrowed by `?age=&weekday=&kind=&village=&open=`."""
    centre = centre_or_404(slug)
    with timezone.override(centre.timetable.tz):
        now = timezone.now()
        today = timezone.localdate(now)
        everything = Session.objects.of_timetable(centre.timetable_id).public()
        try:
            monday = opening_week(request.GET, sessions=everything, now=now, zone=centre.timetable.tz)
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        facts = public_facts(centre)
        wishes = read_filter(request.GET, villages=facts.villages.values())
        week = public_week(centre, monday=monday, today=today, wishes=wishes, view=read_view(request.GET), facts=facts)
        shown = {
            **public_context(request, centre),
            "week": week,
            "links": week_links(request.GET, monday=monday, today=today),
            "filter": filter_choices(
                wishes, query=request.GET, groups=facts.all_groups, villages=facts.villages.values()
            ),
            "calendar": calendar_address(request, reverse("public-calendar", args=[centre.slug])),
        }
        return render(request, "booking/public/week.html", shown)


def centre_or_404(slug: str) -> Centre:
    """Return the centre at this address with its timetable. Raises Http404."""
    return get_object_or_404(Centre.objects.select_related("timetable"), slug=slug)


def public_context(request: HttpRequest, centre: Centre) -> dict[str, Any]:
    """Return what each page of a centre's public part shows around its content."""
    facts: dict[str, Any] = {"centre": centre, "canonical": request.build_absolute_uri(request.path)}
    if not request.user.is_authenticated:
        facts["navigation"] = public_ways(request, centre)
    return facts
