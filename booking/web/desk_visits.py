"""Visits at the desk: what comes and was of a person, one visit, its confirmation in large print, what to settle."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.access_log import note_reading
from booking.domain.appointment_telling import people_of
from booking.domain.slots import STAFF, first_free_slots
from booking.domain.visits_to_settle import keep_outside_hours, visits_outside_hours
from booking.models import Appointment, CardReading, Household, Person, Service
from booking.models.appointment import COMING
from booking.models.names import in_alphabet
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.desk_prints import print_language
from booking.web.staff_visit import RELATED, show_visit, sides_of
from booking.web.visit_words import VisitWords
from scheduler.models import Resource

MOST_PAST = 50


def services_at(desk: Desk) -> QuerySet[Service]:
    """Return what this desk books: confidential services only in the hands of somebody who is trusted with them."""
    found: QuerySet[Service] = Service.objects.booked_at_desk_of(desk.account, desk.today).filter(centre=desk.centre)
    return found.select_related("centre__timetable").order_by(in_alphabet("name"))


@login_required
@never_cache
@require_safe
def visits(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show what comes and was of one person, and the services to book, each with its first free time."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    _note(desk, household, person, CardReading.Page.CARD)
    found = Appointment.objects.at_desk_of(desk.account, desk.today).of_person(person.pk)
    found = found.select_related(*RELATED).prefetch_related("parties")
    coming = found.coming(desk.now).order_by("starts_at", "pk")
    past = found.exclude(status__in=COMING, ends_at__gt=desk.now).ever_agreed()
    past = past.order_by("-starts_at", "pk")[:MOST_PAST]
    services = list(services_at(desk))
    first = first_free_slots(services=services, now=desk.now, asker=STAFF)
    with timezone.override(household.centre.timetable.tz):
        facts = {
            "centre": household.centre,
            "person": person,
            "coming": [VisitWords(row, person) for row in coming],
            "past": [VisitWords(row, person) for row in past],
            "services": [(service, first.get(service.pk)) for service in services],
            "crumbs": crumbs(_("Visits"), household=household),
        }
        return render(request, "booking/desk/visits.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show one visit; move it, cancel it with a note, hand it over, note what became of it."""
    desk = Desk.of(request)
    found = _visit(desk, appointment_id)
    person = next(iter(_served(desk, people_of(found))), None)
    if person is None:
        ways = crumbs(_("Visit"))
    else:
        household = desk.household_of(person)
        _note(desk, household, person, CardReading.Page.CARD)
        ways = crumbs(_("Visit"), household=household)
        back = {"url": reverse("desk-visits", args=[person.pk]), "label": _("Visits")}
        ways = [*ways[:-1], back, ways[-1]]
    facts = {"crumbs": ways, "confirmation": reverse("desk-visit-confirmation", args=[found.pk])}
    return show_visit(request, found, by=desk.account, facts=facts)


@login_required
@never_cache
@require_safe
def confirmation(request: HttpRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Show a visit on paper in large letters, for who has no e-mail; each side gets a sheet of its own (`?side=`).

    A confidential service is called a visit here too: paper lies about.
    """
    desk = Desk.of(request)
    found = _visit(desk, appointment_id)
    known = {person.pk for person in _served(desk, people_of(found))}
    sides = [each for each in sides_of(found, desk.now) if each.person and each.person.pk in known]
    side = next((each for each in sides if str(each.person and each.person.pk) == request.GET.get("side")), None)
    side = side or next(iter(sides), None)
    if side is None or side.person is None:
        raise Http404
    home = desk.household_of(side.person)
    _note(desk, home, side.person, CardReading.Page.PRINT)
    language = print_language(request, home)
    with translation.override(language), timezone.override(found.service.centre.timetable.tz):
        facts = {
            "centre": found.service.centre,
            "visit": VisitWords(found, side.person, discreet=True),
            "side": side,
            "sides": sides,
            "today": desk.today,
            "languages": settings.LANGUAGES,
            "language": language,
            "crumbs": [
                *crumbs(),
                {"url": reverse("desk-visit", args=[found.pk]), "label": _("Visit")},
                {"url": "", "label": _("Confirmation in large print")},
            ],
        }
        return render(request, "booking/desk/visit_confirmation.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def to_settle(request: HttpRequest) -> HttpResponse:
    """Show the visits that no hours cover any more; keep one where it is, or open it to move or cancel it."""
    desk = Desk.of(request)
    mine = Appointment.objects.at_desk_of(desk.account, desk.today).filter(service__centre=desk.centre)
    if request.method == "POST":
        kept = get_object_or_404(mine.coming(desk.now), pk=_id(request.POST.get("visit", "")))
        keep_outside_hours(visit_id=kept.pk, now=desk.now)
        messages.success(request, _("The visit stays where it is."))
        return redirect("desk-visits-settle")
    specialists = Resource.objects.specialists().filter(timetable=desk.centre.timetable_id).values_list("pk", flat=True)
    known = set(mine.coming(desk.now).values_list("pk", flat=True))
    found = visits_outside_hours(specialists=list(specialists), now=desk.now)
    unnoted = mine.filter(status__in=COMING, ends_at__lte=desk.now).select_related(*RELATED).order_by("starts_at", "pk")
    with timezone.override(desk.centre.timetable.tz):
        facts = {
            "centre": desk.centre,
            "visits": [VisitWords(row, row.person) for row in found if row.pk in known],
            "unnoted": [VisitWords(row, row.person) for row in unnoted[:MOST_PAST]],
            "crumbs": crumbs(_("Visits to settle")),
        }
        return render(request, "booking/desk/visits_to_settle.html", facts)


def _visit(desk: Desk, appointment_id: uuid.UUID) -> Appointment:
    """Return a visit that this desk works with. Raises Http404."""
    found = Appointment.objects.at_desk_of(desk.account, desk.today).select_related(*RELATED)
    return get_object_or_404(found.prefetch_related("parties"), pk=appointment_id)


def _served(desk: Desk, people: Sequence[Person]) -> list[Person]:
    """Return those of these people whom this desk serves: another side may be a family of another centre."""
    known = set(
        Person.objects.of_desk(desk.account, desk.today)
        .filter(pk__in=[each.pk for each in people])
        .values_list("pk", flat=True)
    )
    return [person for person in people if person.pk in known]


def _note(desk: Desk, household: Household, person: Person, page: CardReading.Page) -> None:
    note_reading(people=[person], reader=desk.account, centre=household.centre, page=page, now=desk.now)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
