"""Referrals: the coordinator's list by deadline, entering one, and what a referrer may see of her own."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.referrals import ReferralFacts, invite_referred, refer_person, settle_referral, take_links_back
from booking.errors import Refused
from booking.models import Person, Referral, ReferralRequest, Role, Service, StaffRole
from booking.models.referral import referable_services
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.family_members import reader_of
from booking.web.referral_requests import USUALLY_WITHIN, referring_centre

UNPROCESSABLE = 422
A_PAGE = 50


class ReferralForm(forms.Form):
    """Who sends whom where, how urgently and until when; nothing about why."""

    service: forms.ModelChoiceField[Service] = forms.ModelChoiceField(
        label=gettext_lazy("To which service"), queryset=Service.objects.none()
    )
    source = forms.ChoiceField(label=gettext_lazy("Who sends"), choices=Referral.Source.choices)
    referrer_name = forms.CharField(
        label=gettext_lazy("Institution and person"),
        max_length=160,
        help_text=gettext_lazy("For example: Primary School No. 2, Ms Kowalska. Not why."),
    )
    referrer = forms.ModelChoiceField(
        label=gettext_lazy("Account of this person"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("no account"),
        help_text=gettext_lazy("With an account the referrer sees how far the referral has come, and nothing else."),
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("How urgent"), choices=Referral.Priority.choices, initial=Referral.Priority.NORMAL
    )
    due_on = forms.DateField(
        label=gettext_lazy("Visit until"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, desk: Desk, **options: Any) -> None:
        super().__init__(*args, **options)
        services = referable_services(desk.account, desk.today).filter(centre=desk.centre)
        roles = StaffRole.objects.in_force(desk.today).filter(role=Role.REFERRER, member__centre=desk.centre)
        referrers = Person.objects.filter(staff_memberships__roles__in=roles).distinct()
        for name, found in (("service", services), ("referrer", referrers)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = found


@login_required
@never_cache
@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """List referrals by deadline, the overdue marked; or the settled ones."""
    desk = Desk.of(request)
    settled = request.GET.get("show") == "settled"
    found = Referral.objects.of_desk(desk.account, desk.today).filter(service__centre=desk.centre)
    found = found.filter(ended_at__isnull=False).order_by("-ended_at") if settled else found.open().by_deadline()
    related = ("person", "service", "appointment")
    page = Paginator(found.select_related(*related), A_PAGE).get_page(request.GET.get("page"))
    with timezone.override(desk.centre.timetable.tz):
        facts = {
            "centre": desk.centre,
            "page": page,
            "rows": [
                (each, state_of(each), each.is_overdue(desk.today), each.is_link_open(desk.today)) for each in page
            ],
            "sent": _sent_in(desk) if not settled else [],
            "today": desk.today,
            "settled": settled,
            "outcomes": Referral.Outcome.choices,
            "crumbs": crumbs(_("Referrals")),
        }
        return render(request, "booking/desk/referrals.html", facts)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Enter that somebody was sent, and go on to the list, where she is invited."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    form = ReferralForm(request.POST or None, desk=desk, initial={"due_on": desk.today + USUALLY_WITHIN})
    if request.method == "POST" and form.is_valid():
        try:
            wanted = ReferralFacts(**form.cleaned_data)
            referral = refer_person(person=person, facts=wanted, by=desk.account, now=desk.now)
        except Refused as refused:
            form.add_error("due_on", str(refused.refusal))
        else:
            if referral.made_at < desk.now:
                said = _("%(name)s has an open referral to this service already.")
                messages.warning(request, said % {"name": person})
            else:
                said = _("The referral is entered. Invite %(name)s from the list.")
                messages.success(request, said % {"name": person})
            return redirect("desk-referrals")
    title = _("Referral: %(name)s") % {"name": person}
    facts = {
        "centre": household.centre,
        "household": household,
        "title": title,
        "form": form,
        "crumbs": crumbs(title, household=household),
    }
    return render(request, "booking/desk/form.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def invite(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Send the invitation; who is reached by phone or letter stands on the desk's lists then."""
    desk = Desk.of(request)
    referral = _referral(desk, referral_id)
    try:
        invite_referred(referral_id=referral.pk, now=desk.now)
    except Refused as refused:
        messages.warning(request, str(refused.refusal))
    else:
        messages.success(request, _("Invited. Those who are told by phone or letter are on the lists of the desk."))
    return redirect("desk-referrals")


@login_required
@require_POST
def take_back_links(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """Let the links that were sent open no more; repeating it is safe."""
    desk = Desk.of(request)
    take_links_back(referral_id=_referral(desk, referral_id).pk)
    messages.success(request, _("The links that were sent open no more. Another invitation sends a new one."))
    return redirect("desk-referrals")


@login_required
@require_POST
def settle(request: HttpRequest, referral_id: uuid.UUID) -> HttpResponse:
    """End a referral; repeating it is safe."""
    desk = Desk.of(request)
    referral = _referral(desk, referral_id)
    outcome = request.POST.get("outcome", "")
    if outcome not in Referral.Outcome.values:
        raise Http404
    settle_referral(referral_id=referral.pk, outcome=outcome, now=desk.now)
    messages.success(request, _("The referral is settled."))
    return redirect("desk-referrals")


@login_required
@never_cache
@require_safe
def own_referrals(request: HttpRequest) -> HttpResponse:
    """Show a referrer how her own referrals stand: a name, two days and one word, nothing of what happens there."""
    reader = reader_of(request)
    centre = referring_centre(reader)
    own = Referral.objects.made_by(reader).filter(service__centre=centre).order_by("-made_at")
    page = Paginator(own.select_related("person", "appointment"), A_PAGE).get_page(request.GET.get("page"))
    sent = ReferralRequest.objects.made_by(reader).filter(service__centre=centre).order_by("-sent_at")
    facts = {"centre": centre, "page": page, "rows": [(each, state_of(each)) for each in page], "sent": list(sent)}
    return render(request, "booking/staff/own_referrals.html", facts)


def state_of(referral: Referral) -> str:
    """Return how a referral stands, in a word or two; the same for its referrer and for the desk."""
    if referral.ended_at is not None:
        return _("settled: %(how)s") % {"how": referral.get_outcome_display()}
    if referral.is_booked:
        return _("a visit is booked")
    return pgettext("referral", "invited") if referral.invited_at else pgettext("referral", "not invited yet")


def _sent_in(desk: Desk) -> list[ReferralRequest]:
    """Return what referrers sent in to this centre and nobody has answered, what is due first standing first."""
    found = ReferralRequest.objects.of_desk(desk.account, desk.today).waiting()
    return list(found.filter(service__centre=desk.centre).select_related("service"))


def _referral(desk: Desk, referral_id: uuid.UUID) -> Referral:
    return get_object_or_404(Referral.objects.of_desk(desk.account, desk.today), pk=referral_id)
