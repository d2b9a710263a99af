"""The public doors: the chooser of centres and the timetable of one centre."""

from __future__ import annotations

from functools import partial
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
from booking.web.public_week import public_entries, public_facts
from booking.web.timetable_page import page_facts, timetable_page
from booking.web.week_links import UnknownWeek
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
    """Show a centre's timetable, a week unless `?span=` asks for more, narrowed by `?age=&weekday=&kind=&room=…`."""
    centre = centre_or_404(slug)
    with timezone.override(centre.timetable.tz):
        facts = public_facts(centre)
        wishes = read_filter(request.GET, villages=facts.villages.values())
        try:
            page = timetable_page(
                request.GET,
                centre=centre,
                sessions=Session.objects.of_timetable(centre.timetable_id).public(),
                make_entries=partial(public_entries, centre=centre, wishes=wishes, facts=facts),
                now=timezone.now(),
                is_public=True,
                weekdays=wishes.weekdays,
            )
        except UnknownWeek as unknown:
            return unknown_week(request, str(unknown))
        shown = {
            **public_context(request, centre),
            **page_facts(page),
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
