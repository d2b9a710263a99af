"""Consents at the desk: what a child's groups need, recording a signed paper, and a withdrawal on paper."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.consents import give_consent, withdraw_consent
from booking.domain.consents_asked import Asked, consents_asked, purposes_of, signers_of
from booking.errors import Refused
from booking.models import Consent
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

UNPROCESSABLE = 422


class PaperForm(forms.Form):
    """What a signed paper says: to what, who signed it, when, in which language, and where it lies."""

    purpose = forms.ChoiceField(label=gettext_lazy("What for"))
    given_by = forms.ChoiceField(label=gettext_lazy("Who signed"))
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the paper"), choices=[("pl", "polski"), ("uk", "українська"), ("en", "English")]
    )
    paper_place = forms.CharField(
        label=gettext_lazy("Where the paper lies"),
        max_length=Consent.PLACE_LENGTH,
        help_text=gettext_lazy("Binder and number, so that it can be found."),
    )

    def __init__(self, *args: object, asked: list[Asked], signers: list[tuple[str, str]], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on as they come
        self.fields["purpose"].choices = [(str(each.text.pk), each.purpose.name) for each in asked]  # type: ignore[attr-defined]
        self.fields["given_by"].choices = signers  # type: ignore[attr-defined]  # both are choices


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def consents(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show how the consents for a person stand, and record one that was signed on paper."""
    desk = Desk.of(request)
    child = desk.person(person_id)
    household = desk.household_of(child)
    here = [each for each in purposes_of(child) if each.centre_id == household.centre_id]
    asked = consents_asked(child=child, purposes=here, on=desk.today)
    signers = {str(person.pk): person for person in signers_of(child, desk.today)}
    names = [(key, str(person)) for key, person in signers.items()]
    form = PaperForm(request.POST or None, asked=asked, signers=names, initial={"signed_on": desk.today})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        text = next(each.text for each in asked if str(each.text.pk) == wanted["purpose"])
        try:
            give_consent(
                child=child,
                text=text,
                given_by=signers[wanted["given_by"]],
                language=wanted["language"],
                by=desk.account,
                now=desk.now,
                signed_on=wanted["signed_on"],
                paper_place=wanted["paper_place"],
            )
        except Refused as refused:
            form.add_error(None, str(refused.refusal))
        else:
            messages.success(request, _("The consent is recorded."))
            return redirect("desk-consents", child.pk)
    title = _("Consents: %(name)s") % {"name": child}
    facts = {
        "centre": household.centre,
        "household": household,
        "child": child,
        "title": title,
        "form": form,
        "asked": asked,
        "crumbs": crumbs(title, household=household),
    }
    return render(request, "booking/desk/consents.html", facts, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def withdraw(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Record that a consent was withdrawn at the desk; repeating it is safe."""
    desk = Desk.of(request)
    consent = Consent.objects.select_related("purpose").filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    child = desk.person(consent.child_id)
    if desk.household_of(child).centre_id != consent.purpose.centre_id:
        raise Http404
    withdraw_consent(consent_id=consent.pk, by=desk.account, now=desk.now)
    messages.success(request, _("The consent is withdrawn."))
    return redirect("desk-consents", child.pk)
