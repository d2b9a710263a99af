"""The visits of which it is not noted yet what became of them: at the end of a day, a tap for each."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.appointment_outcomes import OUTCOMES, planned_minutes, record_outcome, visits_without_outcome
from booking.errors import Refusal, Refused
from booking.models import Account, Appointment
from booking.web.access import diary_owner
from booking.web.family_members import reader_of
from booking.web.staff_visit_forms import OutcomeForm
from booking.web.visit_words import VisitWords
from scheduler.models import Resource

CONFLICT = 409
A_PAGE = 50
RELATED = ("service", "specialist", "person", "room__place")


class NoteForm(OutcomeForm):
    """What a row of the list sends: which visit, what became of it, how long it took."""

    visit = forms.UUIDField()
    outcome = forms.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: HttpRequest) -> HttpResponse:
    """List her visits without an outcome, the last day first; note one of them and come back to the others."""
    now, reader = timezone.now(), reader_of(request)
    member = diary_owner(reader, request.GET.get("centre", ""))
    if member.resource is None:
        raise Http404
    refused: Refusal | None = None
    with timezone.override(member.centre.timetable.tz):
        if request.method == "POST":
            refused = _note(request, member.resource, reader)
            if refused is None:
                messages.success(request, _("Noted. Nobody is told of it."))
                return redirect(f"{request.path}?centre={member.centre.slug}")
        found = visits_without_outcome(member.resource, now=now)
        related = found.select_related(*RELATED).prefetch_related("parties__person")
        page = Paginator(related, A_PAGE).get_page(request.GET.get("page"))
        facts = {
            "centre": member.centre,
            "page": page,
            "rows": [(VisitWords(each, each.person, at_home=True), planned_minutes(each)) for each in page],
            "refused": refused,
            "asked": request.POST.get("visit", ""),
            "usual": [(each.value, each.label) for each in OUTCOMES if each.value in {"held", "no_show"}],
            "others": [(each.value, each.label) for each in OUTCOMES if each.value != "no_show"],
            "crumbs": [{"url": reverse("diary"), "label": _("Diary")}, {"url": "", "label": _("What became of it?")}],
        }
        return render(request, "booking/staff/outcomes.html", facts, status=CONFLICT if refused else 200)


def _note(request: HttpRequest, specialist: Resource, by: Account) -> Refusal | None:
    """Note the outcome of one visit; return why it cannot be. Raises Http404 for what no button of hers sends."""
    form = NoteForm(request.POST)
    if not form.is_valid() and not set(form.errors) <= {"minutes"}:
        raise Http404
    wanted = form.cleaned_data
    visit = get_object_or_404(Appointment.objects.given_by(specialist.pk), pk=wanted["visit"])
    minutes = wanted.get("minutes") if form.is_valid() else 0  # refused as a number of minutes
    try:
        record_outcome(appointment_id=visit.pk, outcome=wanted["outcome"], by=by, now=timezone.now(), minutes=minutes)
    except Refused as problem:
        return problem.refusal
    return None
