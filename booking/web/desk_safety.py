"""What keeps somebody safe, at the desk: the one way to reach her, and decisions about who knows of her visits."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.care_decisions import end_decision, record_decision
from booking.domain.safe_contacts import SafeWay, end_safe_contact, keep_safe_contact
from booking.errors import Refused
from booking.models import Appointment, CareDecision, Person, SafeContact, Service
from booking.models.appointment import AppointmentQuerySet
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

if TYPE_CHECKING:
    VisitField = forms.ModelChoiceField[Appointment]
else:
    VisitField = forms.ModelChoiceField  # which takes no type at run time

UNPROCESSABLE = 422
VISITS_BACK = timedelta(days=30)  # what is past is still read: in the family's history, and in its calendar
FORMS = require_http_methods(["GET", "HEAD", "POST"])
HOURS = [("", "–"), *((str(hour), f"{hour}:00") for hour in range(25))]


def _hour(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=HOURS, coerce=int, empty_value=None, required=False)


class SafeContactForm(forms.Form):
    """The safe way, in the order one asks for it."""

    channel = forms.ChoiceField(
        label=gettext_lazy("The only safe way"), choices=SafeContact.Channel.choices, widget=forms.RadioSelect
    )
    phone = forms.CharField(label=gettext_lazy("Safe phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("Safe e-mail"), required=False)
    from_hour = _hour(gettext_lazy("Not before"))
    until_hour = _hour(gettext_lazy("Not after"))
    discreet = forms.BooleanField(
        label=gettext_lazy("Never mention the centre"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Letters then only say that there is a message and, for a visit, at what time."),
    )
    note = forms.CharField(
        label=gettext_lazy("For whoever calls or writes"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example: speak to Anna only, say that you call from the library."),
    )


class VisitChoice(VisitField):
    """One of the visits a desk knows of, told by its day, hour and service."""

    def label_from_instance(self, obj: Appointment) -> str:
        """Return when it is, on the wall clock of its centre, and which service."""
        starts = timezone.localtime(obj.starts_at, obj.service.centre.timetable.tz)
        return f"{date_format(starts, 'l j E')}, {starts:%H:%M} – {obj.service}"


class DecisionForm(forms.Form):
    """What was decided, about which service, against whom, and on what it rests."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What was decided"), choices=CareDecision.Kind.choices, widget=forms.RadioSelect
    )
    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        label=gettext_lazy("For which service"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=gettext_lazy("all services"),
    )
    appointment = VisitChoice(
        label=gettext_lazy("For which visit"),
        queryset=Appointment.objects.none(),
        required=False,
        empty_label=gettext_lazy("all visits"),
        help_text=gettext_lazy("A single visit can only be hidden; then the service does not matter."),
    )
    guardian = forms.ModelChoiceField(
        label=gettext_lazy("Hidden from whom"), queryset=Person.objects.none(), required=False, empty_label="–"
    )
    reference = forms.CharField(
        label=gettext_lazy("On what it rests"),
        max_length=120,
        help_text=gettext_lazy("The court's file number, or who decided and when. Not why."),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Until and including"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(
        self, *args: Any, person: Person, centre_id: uuid.UUID, visits: AppointmentQuerySet, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        guardians = Person.objects.filter(guardian_of__child=person)
        services = Service.objects.filter(centre=centre_id)
        for name, found in (("guardian", guardians), ("service", services), ("appointment", visits)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = found


@login_required
@never_cache
@FORMS
def safe_contact(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Write down the one safe way to reach a person; every message follows it from now on."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    known = SafeContact.objects.visible_to(desk.account, desk.today).filter(person=person).first()
    names = ("channel", "phone", "email", "from_hour", "until_hour", "discreet", "note")
    initial = {name: getattr(known, name) for name in names} if known else None
    form = SafeContactForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            keep_safe_contact(person=person, way=SafeWay(**form.cleaned_data), by=desk.account, now=desk.now)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(request, _("Saved. Every message goes this way, those that wait to be sent too."))
            return redirect("desk-family", household.pk)
    title = _("Safe contact: %(name)s") % {"name": person}
    facts = {
        "centre": household.centre,
        "household": household,
        "person": person,
        "known": known,
        "title": title,
        "form": form,
        "crumbs": crumbs(title, household=household),
    }
    return render(request, "booking/desk/safe_contact.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def end_contact(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Forget the safe way; repeating it is safe."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    end_safe_contact(person_id=person.pk)
    messages.success(request, _("The safe contact is ended. %(name)s is told as everybody else.") % {"name": person})
    return redirect("desk-family", desk.household_of(person).pk)


@login_required
@never_cache
@FORMS
def decisions(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show what was decided about a person's visits, and write down one decision more."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    visits = Appointment.objects.at_desk_of(desk.account, desk.today).of_person(person.pk)
    visits = visits.filter(starts_at__gte=desk.now - VISITS_BACK).select_related("service__centre__timetable")
    visits = visits.order_by("starts_at")
    options: dict[str, Any] = {"person": person, "centre_id": household.centre_id, "visits": visits}
    form = DecisionForm(request.POST or None, initial={"starts_on": desk.today}, **options)
    if request.method == "POST" and form.is_valid():
        try:
            record_decision(person=person, by=desk.account, now=desk.now, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(request, _("Written down. It holds at once, in pages, calendars and messages."))
            return redirect("desk-decisions", person.pk)
    title = _("Decisions: %(name)s") % {"name": person}
    found = CareDecision.objects.visible_to(desk.account, desk.today).filter(person=person)
    facts = {
        "centre": household.centre,
        "household": household,
        "person": person,
        "title": title,
        "form": form,
        "today": desk.today,
        "visits": set(visits),
        "decisions": found.select_related("service", "appointment__service", "guardian", "recorded_by__person"),
        "crumbs": crumbs(title, household=household),
    }
    return render(request, "booking/desk/decisions.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def end_one_decision(request: HttpRequest, decision_id: uuid.UUID) -> HttpResponse:
    """End a decision from today on; repeating it is safe."""
    desk = Desk.of(request)
    decision = get_object_or_404(CareDecision.objects.visible_to(desk.account, desk.today), pk=decision_id)
    end_decision(decision_id=decision.pk, on=desk.today)
    messages.success(request, _("The decision is ended."))
    return redirect("desk-decisions", decision.person_id)
