"""Referrals that referrers send in: their form, and the desk's page where it is found out who was sent."""

from __future__ import annotations

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.duplicates import find_duplicates
from booking.domain.idempotency import Answer, answer_once
from booking.domain.people_search import find_families
from booking.domain.referral_requests import (
    SentFacts,
    refuse_referral,
    send_referral,
    sketch_of_sent,
    take_in_referral,
)
from booking.errors import Refused
from booking.models import Account, Centre, Referral, ReferralRequest, Role, Service, StaffRole
from booking.web.calendar_forms import FormKeyForm
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.family_members import reader_of

FIELD_OF_REFUSAL = {"referral_due_past": "due_on", "phone_wrong": "phone", "contact_missing": "phone"}
USUALLY_WITHIN = timedelta(days=14)
DAY = {"type": "date"}


class SendForm(FormKeyForm):
    """Whom a referrer sends, and whom to call. There is no field for why."""

    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        label=gettext_lazy("To which service"), queryset=Service.objects.none(), empty_label=None
    )
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=100)
    family_name = forms.CharField(label=gettext_lazy("Family name"), max_length=100)
    birth_date = forms.DateField(
        label=gettext_lazy("Birth date"),
        help_text=gettext_lazy("It tells people of one name apart."),
        required=False,
        widget=forms.DateInput(DAY, "%Y-%m-%d"),
    )
    contact_name = forms.CharField(
        label=gettext_lazy("Whom to call"),
        help_text=gettext_lazy("For a child: the parent or guardian. Empty: the person who is sent."),
        max_length=160,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=30, required=False, widget=forms.TextInput({"type": "tel"})
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    priority = forms.ChoiceField(
        label=gettext_lazy("How urgent"), choices=Referral.Priority.choices, initial=Referral.Priority.NORMAL
    )
    due_on = forms.DateField(label=gettext_lazy("Visit until"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    source = forms.ChoiceField(label=gettext_lazy("Who sends"), choices=Referral.Source.choices)
    referrer_name = forms.CharField(
        label=gettext_lazy("Institution and person"),
        max_length=160,
        help_text=gettext_lazy("For example: Primary School No. 2, Ms Kowalska. Not why."),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("The person, or a parent or guardian, knows of this and agrees to be called or written to.")
    )

    def __init__(self, *args: Any, centre: Centre, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["service"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = Service.objects.filter(centre=centre).exclude(entry=Service.Entry.WALK_IN).order_by("name")

    def facts(self) -> SentFacts:
        """Return what was filled in."""
        left_out = {"form_key", "agreed"}
        return SentFacts(**{name: value for name, value in self.cleaned_data.items() if name not in left_out})


class RefuseForm(forms.Form):
    """Why nobody is invited; the referrer reads it."""

    prefix = "refuse"
    reason = forms.CharField(
        label=gettext_lazy("Why not"),
        help_text=gettext_lazy("The referrer reads it. Nothing about the person."),
        max_length=300,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    """Let a referrer send somebody in; sent twice, the form keeps one."""
    now, reader = timezone.now(), reader_of(request)
    centre = referring_centre(reader)
    with timezone.override(centre.timetable.tz):
        initial = {"form_key": uuid.uuid4(), "due_on": timezone.localdate(now) + USUALLY_WITHIN, **_as_before(reader)}
        form = SendForm(request.POST or None, centre=centre, initial=initial)
        if request.method == "POST" and form.is_valid() and _sent(form, reader, now):
            name = form.cleaned_data["given_name"]
            messages.success(
                request, _("Sent. The centre calls about %(name)s; you see here how far it has come.") % {"name": name}
            )
            return redirect("own-referrals")
        title = _("Refer somebody")
        ways = [{"url": reverse("own-referrals"), "label": _("My referrals")}, {"url": "", "label": title}]
        facts = {"centre": centre, "form": form, "title": title, "crumbs": ways}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return render(request, "booking/staff/refer.html", facts, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show the desk whom a referrer sent and who it may be; take her in, or say why not."""
    desk = Desk.of(request)
    found = ReferralRequest.objects.of_desk(desk.account, desk.today).waiting()
    row = get_object_or_404(found.select_related("service__centre__timetable", "referrer"), pk=request_id)
    refusing = RefuseForm(request.POST if "refuse-reason" in request.POST else None)
    try:
        if "person" in request.POST:
            return _take_in(request, desk, row)
        if refusing.is_valid():
            refuse_referral(request_id=row.pk, reason=refusing.cleaned_data["reason"], now=desk.now)
            messages.success(request, _("The referrer reads that nobody is invited, and why."))
            return redirect("desk-referrals")
    except ReferralRequest.DoesNotExist:
        messages.info(request, _("Somebody else has just answered this referral."))
        return redirect("desk-referrals")
    text = request.GET.get("q", "")[:100]
    sketch = sketch_of_sent(row)
    facts = {
        "centre": row.service.centre,
        "row": row,
        "duplicates": find_duplicates(sketch=sketch, centre=row.service.centre, user=desk.account, on=desk.today),
        "text": text,
        "families": find_families(text=text, user=desk.account, on=desk.today) if text else [],
        "form": refusing,
        "crumbs": [
            *crumbs(),
            {"url": reverse("desk-referrals"), "label": _("Referrals")},
            {"url": "", "label": _("Who was sent?")},
        ],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusing.errors else HTTPStatus.OK
    return render(request, "booking/desk/sent_referral.html", facts, status=status)


def referring_centre(reader: Account) -> Centre:
    """Return the centre to which somebody refers people. Raises Http404 for who refers to none."""
    roles = StaffRole.objects.held_by(reader, timezone.localdate()).filter(role=Role.REFERRER)
    role = roles.select_related("member__centre__timetable").first()
    if role is None:
        raise Http404
    return role.member.centre


def _as_before(reader: Account) -> dict[str, str]:
    """Return for whom she wrote the last time: an institution is typed once."""
    wanted = ("source", "referrer_name")
    last = ReferralRequest.objects.made_by(reader).order_by("-sent_at").values(*wanted).first()
    return dict(last or Referral.objects.made_by(reader).order_by("-made_at").values(*wanted).first() or {})


def _sent(form: SendForm, reader: Account, now: Any) -> bool:
    referrer = reader.person
    assert referrer is not None  # noqa: S101  who has a role is a person

    def effect() -> Answer:
        kept = send_referral(facts=form.facts(), referrer=referrer, now=now)
        return Answer(HTTPStatus.CREATED, str(kept.pk))

    try:
        key = f"refer:{form.cleaned_data['form_key']}"
        answer_once(account=reader, key=key, fingerprint="", effect=effect, now=now)
    except Refused as refused:
        form.add_error(FIELD_OF_REFUSAL.get(refused.refusal.code), str(refused.refusal))
        return False
    return True


def _take_in(request: HttpRequest, desk: Desk, row: ReferralRequest) -> HttpResponse:
    try:
        person = desk.person(uuid.UUID(request.POST["person"]))
    except ValueError:
        raise Http404 from None
    referral = take_in_referral(request_id=row.pk, person=person, by=desk.account, now=desk.now)
    if referral.made_at < desk.now:
        messages.warning(request, _("%(name)s has an open referral to this service already.") % {"name": person})
    else:
        messages.success(request, _("The referral is entered. Invite %(name)s from the list.") % {"name": person})
    return redirect("desk-referrals")
