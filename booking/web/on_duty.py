"""Who is on duty now, for staff, and what is written down afterwards of somebody who just came."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.idempotency import Answer, answer_once
from booking.domain.on_duty import on_duty_today
from booking.domain.subscribed_sessions import HOUSE_ROLES
from booking.domain.walk_ins import WalkInFacts, record_walk_in
from booking.errors import Refused
from booking.models import Account, Appointment, Centre, FamilyCase, Person, Service, StaffMember, StaffRole, WalkIn
from booking.models.modes import Mode
from booking.web.access import diary_owner
from booking.web.calendar_forms import FormKeyForm
from booking.web.family_members import reader_of
from scheduler.models import Resource

DAY: dict[str, Any] = {"type": "date", "aria-label": gettext_lazy("Day")}
HOUR: dict[str, Any] = {"type": "time", "aria-label": gettext_lazy("Hour")}


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
        visits = Appointment.objects.given_by(member.resource_id) if member.resource_id else Appointment.objects.none()
        known = Q(pk__in=visits.exclude(person=None).values("person"))
        families = FamilyCase.objects.kept_by(member.person_id, timezone.localdate()).filter(member=member).open()
        people = Person.objects.filter(known | Q(households__in=families.values("household"))).distinct().in_order()
        for name, found in (("service", services_of(member)), ("person", people)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = found


def services_of(member: StaffMember) -> Any:
    """Return the services somebody has hours for; without hours, all of the centre."""
    own = Service.objects.filter(series__leader=member.resource_id).distinct()
    return own if own.exists() else Service.objects.filter(centre=member.centre_id)


@login_required
@never_cache
@require_safe
def on_duty(request: HttpRequest) -> HttpResponse:
    """Show staff who is on duty, where, until when, and who could receive somebody this minute."""
    now = timezone.now()
    reader = reader_of(request)
    centre = _house_of(reader, request.GET.get("centre", ""), now)
    with timezone.override(centre.timetable.tz):
        rows = on_duty_today(centre=centre, now=now)
        facts = {
            "centre": centre,
            "now_rows": [row for row in rows if row.is_now],
            "later_rows": [row for row in rows if not row.is_now],
            "now": now,
            "keeps_diary": StaffMember.objects.diaries_of(reader, timezone.localdate(now))
            .filter(centre=centre)
            .exists(),
            "crumbs": [{"label": _("On duty now")}],
        }
        return render(request, "booking/staff/on_duty.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request: HttpRequest) -> HttpResponse:
    """Write down that somebody came without an appointment; sent twice, the form keeps one visit."""
    now = timezone.now()
    reader = reader_of(request)
    member = diary_owner(reader, request.GET.get("centre", ""))
    if member.resource is None:
        raise Http404
    with timezone.override(member.centre.timetable.tz):
        begun = timezone.localtime(now - timedelta(minutes=50)).replace(second=0, microsecond=0)
        form = WalkInForm(request.POST or None, member=member, initial={"starts_at": begun, "form_key": uuid.uuid4()})
        if request.method == "POST" and form.is_valid() and _keep(form, member.resource, reader, now):
            messages.success(request, _("Written down. Nobody is told of it."))
            return redirect("walk-in")
        last = Appointment.objects.given_by(member.resource.pk).filter(source=Appointment.Source.AFTERWARDS)
        facts = {
            "centre": member.centre,
            "form": form,
            "last": last.select_related("service", "person", "walk_in").order_by("-starts_at")[:10],
            "crumbs": [{"url": reverse("diary"), "label": _("Diary")}, {"label": _("Came without an appointment")}],
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "booking/staff/walk_in.html", facts, status=status)


def _keep(form: WalkInForm, specialist: Resource, by: Account, now: datetime) -> bool:
    wanted = dict(form.cleaned_data)
    key = wanted.pop("form_key")

    def effect() -> Answer:
        visit = record_walk_in(facts=WalkInFacts(specialist=specialist, **wanted), by=by, now=now)
        return Answer(HTTPStatus.CREATED, str(visit.pk))

    try:
        answer_once(account=by, key=f"walk-in:{key}", fingerprint="", effect=effect, now=now)
    except Refused as refused:
        form.add_error(None, str(refused.refusal))
        return False
    return True


def _house_of(reader: Account, slug: str, now: datetime) -> Centre:
    """Return the centre in whose house somebody works: the named one, or her first. Raises Http404."""
    roles = StaffRole.objects.held_by(reader, timezone.localdate(now)).filter(role__in=HOUSE_ROLES)
    centres = Centre.objects.filter(pk__in=roles.values("member__centre")).select_related("timetable")
    centre = (centres.filter(slug=slug) if slug else centres).first()
    if centre is None:
        raise Http404
    return centre
