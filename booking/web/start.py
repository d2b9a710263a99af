"""Where those begin whose role has no pages of its own here: what they can do today, and nothing they cannot."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from booking.models import Centre, Role, StaffRole
from booking.web.family_members import reader_of

# What each role means here; that families' records stay closed to it is said for all of them.
ABOUT: dict[str, Promise] = {
    Role.DIRECTOR: _("You see the hours that specialists gave, the offer and the timetable, with the free places."),
    Role.COMMUNITY_ORGANISER: _("You see what is on offer for residents, where and when, to tell others about it."),
    Role.NGO: _("You see when and where the groups of the centre meet, and whether they have free places."),
    Role.AUDITOR: _("You see what the centre offers, where and when, and the hours that specialists gave."),
    Role.DPO: _("You see what the centre tells people about their data, under your name, and all that is public."),
    Role.VOLUNTEER: _("You see what happens in the centre and when, to choose where you could help."),
}


class Way(NamedTuple):
    """One thing that can be done here."""

    url: str
    label: Promise
    detail: Promise
    icon: str


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Say what the reader's role lets her do, with the ways to it; whoever has no role finds nothing here."""
    held = StaffRole.objects.held_by(reader_of(request), timezone.localdate())
    roles = list(held.select_related("member__centre").order_by("member__centre__name", "pk"))
    if not roles:
        raise Http404
    centre = roles[0].member.centre
    facts = {
        "centre": centre,
        "person": roles[0].member.person,
        "job": roles[0].member.job_title,
        "about": [ABOUT[role.role] for role in roles if role.member.centre_id == centre.pk and role.role in ABOUT],
        "ways": _ways(centre, {role.role for role in roles}),
    }
    return render(request, "booking/staff/start.html", facts)


def _ways(centre: Centre, roles: set[str]) -> list[Way]:
    """Return the pages open to these roles, what the role is for standing first."""
    here = f"?centre={centre.slug}"
    offered = [
        Way(
            centre.get_absolute_url(),
            _("Timetable"),
            _("Every week, by hours or as a list, by age, day and place. It can be printed."),
            "calendar",
        ),
        Way(
            reverse("catalogue", args=[centre.slug]),
            _("Activities and services"),
            _("All groups with ages, dates, rooms and free places, and the help of specialists."),
            "list",
        ),
        Way(
            reverse("public-calendar", args=[centre.slug]),
            _("Timetable in your own calendar"),
            _("One file for your phone or computer; added as a subscription it follows every change."),
            "phone",
        ),
    ]
    rules = [
        Way(
            reverse("privacy") + here,
            _("Privacy"),
            _("What is kept about whom, why and for how long."),
            "key",
        ),
        Way(
            reverse("accessibility") + here,
            _("Accessibility statement"),
            _("How accessible the pages and the buildings are."),
            "info",
        ),
    ]
    hours = Way(
        reverse("desk-hours") + here,
        _("Hours of specialists"),
        _("Visits and hours by specialist and service, for any months, to print or as a file; no names of clients."),
        "clock",
    )
    caseloads = Way(
        reverse("desk-caseloads") + here,
        _("Family assistants"),
        _("How many families each of them works with, and how many are allowed; without names of families."),
        "people",
    )
    if Role.DIRECTOR in roles:
        return [hours, caseloads, *offered, *rules]
    if Role.AUDITOR in roles:
        return [hours, *offered, *rules]
    return [*rules, *offered] if roles <= {Role.DPO} else [*offered, *rules]
