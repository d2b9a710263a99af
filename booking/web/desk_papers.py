"""Papers a family signs or takes home: a consent in two languages, and the registration with the privacy notice."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.domain.access_log import note_reading
from booking.domain.consents_asked import consents_asked, purposes_of, signers_of
from booking.models import CardReading
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.desk_prints import print_language
from booking.web.pages import privacy_facts

BINDING = "pl"  # the language in which a consent holds


@login_required
@require_safe
def consent_form(request: HttpRequest, person_id: uuid.UUID, purpose_id: uuid.UUID) -> HttpResponse:
    """Show the words of one consent to be signed: in Polish, beside them those of the family's language."""
    desk = Desk.of(request)
    child = desk.person(person_id)
    household = desk.household_of(child)
    here = [each for each in purposes_of(child) if each.pk == purpose_id and each.centre_id == household.centre_id]
    asked = consents_asked(child=child, purposes=here, on=desk.today)
    if not asked:
        raise Http404
    language = print_language(request, household)
    bodies = asked[0].text.bodies
    note_reading(
        people=[child], reader=desk.account, centre=household.centre, page=CardReading.Page.PRINT, now=desk.now
    )
    title = _("Consent form: %(name)s") % {"name": child}
    facts = {
        "centre": household.centre,
        "household": household,
        "child": child,
        "asked": asked[0],
        "words": [(code, bodies[code]) for code in dict.fromkeys([BINDING, language]) if code in bodies],
        "signers": asked[0].open_to or signers_of(child, desk.today),
        "language": language,
        "languages": settings.LANGUAGES,
        "title": title,
        "crumbs": crumbs(title, household=household),
    }
    with timezone.override(household.centre.timetable.tz):
        return render(request, "booking/desk/consent_form.html", facts)


@login_required
@require_safe
def registration(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Show what was written down about a family, to be checked and signed, with the whole privacy notice after it."""
    desk = Desk.of(request)
    household = desk.household(household_id)
    people = list(household.members.prefetch_related("guardians__guardian").in_order())
    note_reading(people=people, reader=desk.account, centre=household.centre, page=CardReading.Page.PRINT, now=desk.now)
    language = print_language(request, household)
    with translation.override(language), timezone.override(household.centre.timetable.tz):
        facts = {
            "centre": household.centre,
            "household": household,
            "adults": [person for person in people if not person.guardians.all()],
            "children": [person for person in people if person.guardians.all()],
            "today": desk.today,
            "languages": settings.LANGUAGES,
            "crumbs": crumbs(_("Registration and privacy notice"), household=household),
            **privacy_facts(household.centre),
        }
        return render(request, "booking/desk/registration.html", facts)
