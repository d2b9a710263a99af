"""Pages the law asks for: the accessibility statement and the privacy notice of each centre."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from booking.models import Centre, Role, StaffRole
from booking.web.public import public_context
from notifications.channels import sms
from scheduler.models import Place

SECONDS_OF_A_DAY = 60 * 60 * 24


class Cookie(NamedTuple):
    """One cookie: its name, what it is for, how long it is kept."""

    name: str
    purpose: str
    kept: str


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show the accessibility statement that the Act of 4 April 2019 (Dz.U. 2023 poz. 1440, art. 10) asks for.

    `?centre=<slug>` chooses the centre; without it the only centre is meant, or the reader chooses.
    """
    centre = _centre_asked_for(request)
    if centre is None:
        return _choose(request, "accessibility")
    shown = {
        **public_context(request, centre),
        "places": Place.objects.filter(timetable=centre.timetable_id),
        "address": request.build_absolute_uri(centre.get_absolute_url()),
        "dates": settings.ACCESSIBILITY_DATES,
    }
    return render(request, "booking/public/accessibility.html", shown)


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show what a centre does with personal data (GDPR, art. 13)."""
    centre = _centre_asked_for(request)
    if centre is None:
        return _choose(request, "privacy")
    shown = {**public_context(request, centre), **privacy_facts(centre)}
    return render(request, "booking/public/privacy.html", shown)


def privacy_facts(centre: Centre) -> dict[str, Any]:
    """Return what the words of a centre's privacy notice need, on the page and on paper."""
    officers = StaffRole.objects.in_force(timezone.localdate()).filter(role=Role.DPO, member__centre=centre)
    officer = officers.select_related("member__person").order_by("pk").first()
    return {"officer": officer.member.person if officer else None, "cookies": cookies(), "sends_sms": sms.is_on()}


def cookies() -> list[Cookie]:
    """Return every cookie the pages set; a test compares them with what a browser really gets."""
    days = settings.SESSION_COOKIE_AGE // SECONDS_OF_A_DAY
    kept = ngettext("up to %(days)s day", "up to %(days)s days", days) % {"days": days}
    return [
        Cookie(settings.SESSION_COOKIE_NAME, _("keeps you logged in"), kept),
        Cookie(settings.CSRF_COOKIE_NAME, _("makes sure that a form was sent by you"), _("a year")),
        Cookie(settings.LANGUAGE_COOKIE_NAME, _("remembers the language you chose"), _("a year")),
        Cookie("messages", _("carries a sentence to the next page"), _("until it is shown")),
    ]


def _centre_asked_for(request: HttpRequest) -> Centre | None:
    """Return the centre meant, None where there are several to choose from. Raises Http404 for an unknown one."""
    slug = request.GET.get("centre", "")
    centres = list(Centre.objects.select_related("timetable"))
    if slug:
        found = next((centre for centre in centres if centre.slug == slug), None)
        if found is None:
            raise Http404
        return found
    return centres[0] if len(centres) == 1 else None


def _choose(request: HttpRequest, page: str) -> HttpResponse:
    return render(request, "booking/public/choose_centre.html", {"centres": Centre.objects.all(), "page": page})
