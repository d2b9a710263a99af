"""Writing down afterwards that somebody came without an appointment, and mending what was written down wrongly."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.idempotency import Answer, answer_once
from booking.domain.walk_ins import WalkInFacts, correct_walk_in, record_walk_in, take_back_walk_in
from booking.errors import Refused
from booking.models import Appointment, FamilyCase, Person, Service, StaffMember, WalkIn
from booking.models.modes import Mode
from booking.web.access import diary_owner
from booking.web.calendar_forms import FormKeyForm
from booking.web.family_members import reader_of

DAY: dict[str, Any] = {"type": "date", "aria-label": gettext_lazy("Day")}
HOUR: dict[str, Any] = {"type": "time", "aria-label": gettext_lazy("Hour")}
LAST_SHOWN = 10


class WalkInForm(FormKeyForm):
    """What is kept of a visit without an appointment. There is no field for what was talked about."""

    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        label=gettext_lazy("Service"), queryset=Service.objects.none(), empty_label=None
    )
    starts_at = forms.SplitDateTimeField(
        label=gettext_lazy("When it began"),
        widget=forms.SplitDateTimeWidget(
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs=DAY,
            time_attrs=HOUR,
        ),
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=720, initial=50)
    mode = forms.ChoiceField(label=gettext_lazy("How"), choices=Mode.choices, initial=Mode.OFFICE)
    person = forms.ModelChoiceField(
        label=gettext_lazy("Who"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("anonymous: no name is kept"),
        help_text=gettext_lazy("People who have or had visits with you. A name is never necessary."),
    )
    sex = forms.ChoiceField(label=gettext_lazy("If anonymous"), choices=WalkIn.Sex.choices, initial=WalkIn.Sex.UNKNOWN)
    age = forms.ChoiceField(
        label=gettext_lazy("Roughly how old"), choices=WalkIn.Age.choices, initial=WalkIn.Age.UNKNOWN
    )

    def __init__(self, *args: Any, member: StaffMember, **options: Any) -> None:
        super().__init__(*args, **options)
        assert member.resource is not None  # noqa: S101  the pages ask for it
        self.specialist = member.resource
        visits = Appointment.objects.given_by(member.resource.pk)
        known = Q(pk__in=visits.exclude(person=None).values("person"))
        families = FamilyCase.objects.kept_by(member.person_id, timezone.localdate()).filter(member=member).open()
        people = Person.objects.filter(known | Q(households__in=families.values("household"))).distinct().in_order()
        for name, found in (("service", services_of(member)), ("person", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = found

    def facts(self) -> WalkInFacts:
        """Return what was filled in."""
        wanted = {name: value for name, value in self.cleaned_data.items() if name != "form_key"}
        return WalkInFacts(specialist=self.specialist, **wanted)


def services_of(member: StaffMember) -> Any:
    """Return the services somebody has hours for; without hours, all of the centre."""
    own = Service.objects.filter(series__leader=member.resource_id).distinct()
    return own if own.exists() else Service.objects.filter(centre=member.centre_id)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest) -> HttpResponse:
    """Write down that somebody came without an appointment; sent twice, the form keeps one visit."""
    now, reader = timezone.now(), reader_of(request)
    member = _writer(request)
    with timezone.override(member.centre.timetable.tz):
        begun = timezone.localtime(now - timedelta(minutes=50)).replace(second=0, microsecond=0)
        form = WalkInForm(request.POST or None, member=member, initial={"starts_at": begun, "form_key": uuid.uuid4()})

        def keep() -> None:
            def effect() -> Answer:
                visit = record_walk_in(facts=form.facts(), by=reader, now=now)
                return Answer(HTTPStatus.CREATED, str(visit.pk))

            key = form.cleaned_data["form_key"]
            answer_once(account=reader, key=f"walk-in:{key}", fingerprint="", effect=effect, now=now)

        if request.method == "POST" and _done(form, keep):
            messages.success(request, _("Written down. Nobody is told of it."))
            return redirect(f"{request.path}?centre={member.centre.slug}")
        last = _written_by(member).exclude(status=Appointment.Status.CANCELLED).order_by("-starts_at")[:LAST_SHOWN]
        facts = {"last": last, "crumbs": _crumbs(_("Came without an appointment"))}
        return _page(request, member, form, facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, visit_id: uuid.UUID) -> HttpResponse:
    """Mend one of her entries, or take it back."""
    now, reader = timezone.now(), reader_of(request)
    member = _writer(request)
    visit = get_object_or_404(_written_by(member).exclude(status=Appointment.Status.CANCELLED), pk=visit_id)
    about = WalkIn.objects.filter(appointment=visit).first()
    known = {"service": visit.service, "starts_at": visit.starts_at, "minutes": visit.minutes, "mode": visit.mode}
    known |= {"person": visit.person, **({"sex": about.sex, "age": about.age} if about else {})}
    takes_back = request.POST.get("act") == "take-back"
    with timezone.override(member.centre.timetable.tz):
        data = request.POST if request.method == "POST" and not takes_back else None
        form = WalkInForm(data, member=member, initial={**known, "form_key": uuid.uuid4()})
        if takes_back:
            try:
                take_back_walk_in(visit_id=visit.pk, by=reader, now=now)
                messages.success(request, _("Taken back. It counts nowhere."))
            except Refused as refused:
                messages.warning(request, str(refused.refusal))
            return redirect("walk-in")
        if data and _done(form, lambda: correct_walk_in(visit_id=visit.pk, facts=form.facts(), by=reader, now=now)):
            messages.success(request, _("Corrected."))
            return redirect("walk-in")
        title = _("Correct an entry")
        facts = {"visit": visit, "title": title, "crumbs": _crumbs(_("Came without an appointment"), title)}
        return _page(request, member, form, facts)


def _writer(request: HttpRequest) -> StaffMember:
    member = diary_owner(reader_of(request), request.GET.get("centre", ""))
    if member.resource is None:
        raise Http404
    return member


def _written_by(member: StaffMember) -> Any:
    given = Appointment.objects.filter(specialist=member.resource_id, source=Appointment.Source.AFTERWARDS)
    return given.select_related("service", "person", "walk_in")


def _done(form: WalkInForm, effect: Callable[[], object]) -> bool:
    """Do what a right form asks for; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        effect()
    except Refused as refused:
        form.add_error("minutes" if "minutes" in refused.refusal.code else None, str(refused.refusal))
        return False
    return True


def _crumbs(first: str, second: str = "") -> list[dict[str, str]]:
    above = [{"url": reverse("diary"), "label": _("Diary")}]
    if not second:
        return [*above, {"url": "", "label": first}]
    return [*above, {"url": reverse("walk-in"), "label": first}, {"url": "", "label": second}]


def _page(request: HttpRequest, member: StaffMember, form: WalkInForm, facts: dict[str, Any]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    shown = {"centre": member.centre, "form": form, **facts}
    return render(request, "booking/staff/walk_in.html", shown, status=status)
