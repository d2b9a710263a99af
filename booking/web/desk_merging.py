"""Putting two records of one person or one family together at the desk, after looking at both."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.access_log import note_reading
from booking.domain.duplicates import find_duplicates, sketch_of
from booking.domain.merging import merge_households, merge_people, refusal_to_merge
from booking.errors import Refused
from booking.errors import refusal as why_not
from booking.models import CardReading, Household, Merge, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

CONFLICT = 409
FORMS = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@FORMS
def people(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show who may be the same person, and put the chosen record into this one; repeating it changes nothing."""
    desk = Desk.of(request)
    keep = desk.person(person_id)
    household = desk.household_of(keep)
    refusal, status = None, 200
    if request.method == "POST":
        give_up_id = _id(request.POST.get("give_up", ""))
        give_up = desk.person(give_up_id)
        try:
            if give_up.pk != keep.pk or give_up_id == person_id:  # otherwise they are one already
                merge_people(
                    keep_id=keep.pk, give_up_id=give_up.pk, centre=household.centre, by=desk.account, now=desk.now
                )
        except Refused as refused:
            refusal, status = refused.refusal, CONFLICT
        except Person.DoesNotExist:  # somebody else merged one of them at this moment
            refusal, status = why_not("changed_meanwhile"), CONFLICT
        else:
            messages.success(request, _("The two records are one now."))
            return redirect("desk-family", household.pk)
    found = find_duplicates(
        sketch=sketch_of(keep), centre=household.centre, user=desk.account, on=desk.today, leave_out=[keep]
    )
    note_reading(
        people=[each.person for each in found],
        reader=desk.account,
        centre=household.centre,
        page=CardReading.Page.DUPLICATES,
        now=desk.now,
    )
    facts = {
        "centre": household.centre,
        "household": household,
        "keep": keep,
        "refusal": refusal,
        "found": [(each, refusal_to_merge(keep, each.person, centre=household.centre)) for each in found],
        "crumbs": crumbs(_("Merge records"), household=household),
    }
    return render(request, "booking/desk/merge_people.html", facts, status=status)


@login_required
@FORMS
def households(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Find another household by its number, show both, and put it into this one; repeating it changes nothing."""
    desk = Desk.of(request)
    keep = desk.household(household_id)
    refusal, status = None, 200
    if request.method == "POST":
        give_up_id = _id(request.POST.get("give_up", ""))
        give_up = desk.household(give_up_id)
        try:
            if give_up.pk != keep.pk or give_up_id == household_id:  # otherwise they are one already
                merge_households(
                    keep_id=keep.pk, give_up_id=give_up.pk, centre=keep.centre, by=desk.account, now=desk.now
                )
        except Refused as refused:
            refusal, status = refused.refusal, CONFLICT
        except Household.DoesNotExist:  # somebody else merged one of them at this moment
            refusal, status = why_not("changed_meanwhile"), CONFLICT
        else:
            messages.success(request, _("The two records are one now."))
            return redirect("desk-family", keep.pk)
    code = " ".join(request.GET.get("code", "").split())[:20]
    own = Household.objects.of_desk(desk.account, desk.today).filter(centre=keep.centre).exclude(pk=keep.pk)
    numbered = Q(code__iexact=code) | Q(pk__in=Merge.objects.homes_once_numbered(code))
    facts = {
        "centre": keep.centre,
        "household": keep,
        "refusal": refusal,
        "code": code,
        "other": own.filter(numbered).prefetch_related("members").first() if code else None,
        "crumbs": crumbs(_("Merge records"), household=keep),
    }
    return render(request, "booking/desk/merge_households.html", facts, status=status)


def _id(text: str) -> uuid.UUID:
    """Return the id in a form; what is none leads to nobody."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
