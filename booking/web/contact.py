"""How the centre tells the reader things, and whether it may send her SMS."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.contact_ways import read_mobile
from booking.domain.sms_consents import answer_sms
from booking.errors import SENTENCES, Refused
from booking.models import Person
from booking.web.family_members import centres_of, family_of, reader_of, zone_of
from notifications.channels import sms

UNPROCESSABLE = 422


class SmsForm(forms.Form):
    """Whether SMS may be sent, and where to."""

    answer = forms.ChoiceField(
        label=gettext_lazy("May we send you SMS?"),
        choices=[("yes", gettext_lazy("Yes, to this number")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=gettext_lazy("Mobile number"),
        error_messages={"required": SENTENCES["phone_missing"]},
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["phone"].required = self.data.get("answer") != "no"

    def clean(self) -> dict[str, Any]:
        """Read the number in any writing; after a no it does not matter."""
        wanted = super().clean() or {}
        if wanted.get("answer") == "yes" and "phone" in wanted:
            try:
                wanted["phone"] = read_mobile(wanted["phone"])
            except Refused as refused:
                self.add_error("phone", str(refused.refusal))
        return wanted

    @property
    def number(self) -> str:
        """The number to which SMS may be sent, or empty for none."""
        phone: str = self.cleaned_data["phone"]
        return phone if self.cleaned_data["answer"] == "yes" else ""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Show how the reader is told things, and let her allow SMS or end it; answering twice changes nothing."""
    reader, now = reader_of(request), timezone.now()
    person = reader.person
    if person is None:
        raise Http404
    form = SmsForm(request.POST or None, initial=_initial(person)) if sms.is_on() else None
    if request.method == "POST" and form is None:
        raise Http404
    if request.method == "POST" and form is not None and form.is_valid():
        answer_sms(person=person, phone=form.number, by=reader, now=now)
        told = _("Saved. We send SMS to this number.") if form.number else _("Saved. We send no SMS.")
        messages.success(request, told)
        return redirect("family-contact")
    centre = centres_of(family_of(reader, timezone.localdate())).first()
    facts = {
        "centre": centre,
        "person": person,
        "form": form,
        "last": person.sms_consents.first(),
    }
    with timezone.override(zone_of(centre)):
        status = UNPROCESSABLE if form is not None and form.errors else 200
        return render(request, "booking/family/contact.html", facts, status=status)


def _initial(person: Person) -> dict[str, str]:
    last = person.sms_consents.first()
    answer = "yes" if person.sms_phone else "no" if last else ""
    return {"answer": answer, "phone": person.sms_phone or person.phone}
