"""A family assistant plans a visit with one of her families: whom she meets, when and where."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.appointment_booking import Source, VisitFacts, book_appointment
from booking.errors import Refused
from booking.models import Account, Appointment, FamilyCase, Person, Service
from booking.models.modes import Mode
from booking.web.family_members import reader_of
from scheduler.models import Resource

CONFLICT, UNPROCESSABLE = 409, 422
DAY: dict[str, Any] = {"type": "date", "aria-label": gettext_lazy("Day")}
HOUR: dict[str, Any] = {"type": "time", "aria-label": gettext_lazy("Hour")}


class FieldVisitForm(forms.Form):
    """Whom she meets, when, how and where."""

    person: forms.ModelChoiceField[Person] = forms.ModelChoiceField(
        label=gettext_lazy("With whom"), queryset=Person.objects.none(), empty_label=None
    )
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.none(), empty_label=None
    )
    starts_at = forms.SplitDateTimeField(
        label=gettext_lazy("When"),
        widget=forms.SplitDateTimeWidget(date_format="%Y-%m-%d", time_format="%H:%M", date_attrs=DAY, time_attrs=HOUR),
    )
    mode = forms.ChoiceField(label=gettext_lazy("How"), choices=Mode.choices, initial=Mode.HOME)
    address = forms.CharField(
        label=gettext_lazy("Address of the visit"),
        help_text=gettext_lazy("Only the person who goes there and those who plan the visits see it."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, case: FamilyCase, **options: Any) -> None:
        super().__init__(*args, **options)
        services = _services_of(case)
        ways = dict.fromkeys(mode for service in services for mode in service.modes)
        found = {"person": case.household.members.in_order(), "service": services}
        for name, rows in found.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = rows
        mode = self.fields["mode"]
        assert isinstance(mode, forms.ChoiceField)  # noqa: S101  declared above
        mode.choices = [(way, Mode(way).label) for way in sorted(ways, key=lambda way: way != Mode.HOME)]
        if len(services) == 1:
            self.fields["service"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Refuse a way of meeting in which the service is not given."""
        wanted = super().clean() or self.cleaned_data
        if wanted.get("service") and wanted.get("mode") and wanted["mode"] not in wanted["service"].modes:
            self.add_error("mode", _("This service is not given in this way."))
        return wanted


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """Plan a visit with a family of hers, in her hours or at any time that she and the family agreed on."""
    reader, now = reader_of(request), timezone.now()
    own = FamilyCase.objects.kept_by(reader.person_id, timezone.localdate(now)).open()
    related = ("household__centre__timetable", "member__resource")
    case = get_object_or_404(own.filter(member__resource__isnull=False).select_related(*related), pk=case_id)
    home = ", ".join(filter(None, [case.household.address, case.household.village]))
    with timezone.override(case.household.centre.timetable.tz):
        services = _services_of(case)
        adult = case.household.members.filter(guardians__isnull=True).in_order().first()
        initial = {"address": home, "service": services.first(), "person": adult}
        form = FieldVisitForm(request.POST or None, case=case, initial=initial)
        status, refused = (UNPROCESSABLE if form.errors else 200), None
        if request.method == "POST" and form.is_valid():
            assert case.member.resource is not None  # noqa: S101  asked for above
            try:
                visit = _book(case.member.resource, form.cleaned_data, by=reader, now=now)
                messages.success(request, _("The visit is planned. The family is told."))
                return redirect("diary-visit", visit.pk)
            except Refused as problem:
                refused, status = problem.refusal, CONFLICT
        families = {"url": reverse("own-families"), "label": _("My families")}
        facts = {
            "centre": case.household.centre,
            "case": case,
            "form": form,
            "refused": refused,
            "services": services,
            "travel": max((service.travel_minutes for service in services), default=0),
            "crumbs": [families, {"url": "", "label": _("Plan a visit")}],
        }
        return render(request, "booking/staff/field_visit.html", facts, status=status)


def _services_of(case: FamilyCase) -> Any:
    """Return what she gives in her centre: where she has hours, or is noted as qualified."""
    of_centre = Service.objects.filter(centre=case.household.centre_id)
    hers = of_centre.filter(series__leader=case.member.resource_id) | of_centre.filter(
        qualifications__member=case.member_id
    )
    return hers.distinct().order_by("name")


def _book(specialist: Resource, wanted: dict[str, Any], *, by: Account, now: datetime) -> Appointment:
    """Book in her hours, else as agreed outside them: she knows best when she works. Raises Refused."""
    facts = VisitFacts(
        service=wanted["service"],
        starts_at=wanted["starts_at"],
        mode=wanted["mode"],
        specialist_id=specialist.pk,
        address=wanted["address"],
    )
    booking: dict[str, Any] = {"person": wanted["person"], "by": by, "now": now, "source": Source.DESK}
    try:
        return book_appointment(facts=facts, **booking)
    except Refused as problem:
        if problem.refusal.code != "slot_taken":
            raise
    agreed = replace(facts, outside_hours=True, reason=_("agreed by who gives the visit"))
    return book_appointment(facts=agreed, **booking)
