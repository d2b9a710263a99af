"""Changing what is known about a person at the desk: name, contact, and what each guardian may do."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.people_care import change_address, change_person
from booking.domain.registration import NewPerson
from booking.domain.sms_consents import answer_sms
from booking.models import Household, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.desk_forms import AdultForm, NameForm, RightsForm

UNPROCESSABLE = 422
FORMS = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@FORMS
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Change a person's name and contact; the personal number is shown masked and kept unless a new one is written."""
    desk = Desk.of(request)
    known = desk.person(person_id)
    household = desk.household_of(known)
    form_class = NameForm if known.guardians.exists() else AdultForm
    form = form_class(request.POST or None, initial=_initial(known, household))
    if known.masked_pesel:
        mask = {"mask": known.masked_pesel}
        form.fields["pesel"].help_text = _("Kept: %(mask)s. Leave empty to keep it.") % mask
    if request.method == "POST" and form.is_valid():
        new = _as_kept(form, known)
        with transaction.atomic():
            change_person(person=known, new=new, keep_pesel=not new.pesel)
            if isinstance(form, AdultForm):
                wanted = form.cleaned_data
                change_address(household=household, village=wanted["village"], address=wanted["address"])
                if "sms_phone" in wanted:
                    answer_sms(person=known, phone=wanted["sms_phone"], by=desk.account, now=desk.now)
        messages.success(request, _("Changed."))
        return redirect("desk-family", household.pk)
    facts = {
        "centre": household.centre,
        "household": household,
        "title": str(known),
        "form": form,
        "crumbs": crumbs(str(known), household=household),
    }
    return render(request, "booking/desk/form.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@FORMS
def rights(request: HttpRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """Change what one guardian may do for one child, from when until when, or bar her from contact."""
    desk = Desk.of(request)
    right = desk.right(guardianship_id)
    household = desk.household_of(right.child)
    form = RightsForm(request.POST or None, instance=right)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Changed."))
        return redirect("desk-family", household.pk)
    names = {"guardian": right.guardian, "child": right.child}
    facts = {
        "centre": household.centre,
        "household": household,
        "title": _("%(guardian)s for %(child)s") % names,
        "form": form,
        "crumbs": crumbs(_("Rights"), household=household),
    }
    return render(request, "booking/desk/form.html", facts, status=UNPROCESSABLE if form.errors else 200)


def _initial(known: Person, household: Household) -> dict[str, object]:
    names = ("given_name", "family_name", "birth_date", "other_id", "language")
    ways = ("reach", "reach_note", "phone", "sms_phone", "email")
    return {name: getattr(known, name) for name in (*names, *ways)} | {
        "village": household.village,
        "address": household.address,
    }


def _as_kept(form: NameForm, known: Person) -> NewPerson:
    """Return what is to be written down; a child's form does not ask how the child is reached, so that stays."""
    if isinstance(form, AdultForm):
        return form.person
    return replace(form.person, reach=known.reach, reach_note=known.reach_note, phone=known.phone, email=known.email)
