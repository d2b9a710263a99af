"""Log-in without e-mail: the desk prints a card with the household's number and a one-time code."""

from __future__ import annotations

import uuid

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.login_codes import VALID, issue_code, open_with_code
from booking.errors import Refused
from booking.web.context import first_page_of
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

UNPROCESSABLE, TOO_MANY = 422, 429
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class CodeForm(forms.Form):
    """The two things on the card."""

    number = forms.CharField(label=gettext_lazy("Household number or phone"), max_length=40)
    code = forms.CharField(
        label=gettext_lazy("Code from the card"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Log in with a card; every wrong way in is answered alike."""
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if not ratelimit.consume(request, action="login"):
            form.add_error(None, _("Too many attempts. Please wait a minute."))
            status = TOO_MANY
        elif form.is_valid():
            wanted = form.cleaned_data
            account = open_with_code(number=wanted["number"], code=wanted["code"], now=timezone.now())
            if account is not None:
                login(request, account, backend=BACKEND)
                return redirect(first_page_of(account))
            form.add_error(
                None,
                _("This number and code do not fit, or the code was used already. Ask for a new card at the desk."),
            )
    return render(request, "booking/public/code_card_login.html", {"form": form}, status=status)


@never_cache
@login_required
@require_POST
def issue(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Print a card for somebody; its code is shown this once."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    try:
        code = issue_code(person=person, by=desk.account, now=desk.now)
    except Refused as refused:
        messages.warning(request, str(refused.refusal))
        return redirect("desk-family", household.pk)
    facts = {
        "centre": household.centre,
        "household": household,
        "person": person,
        "code": f"{code[:4]} {code[4:]}",
        "until": timezone.localtime(desk.now + VALID, household.centre.timetable.tz),
        "crumbs": crumbs(_("Code card"), household=household),
    }
    return render(request, "booking/desk/code_card.html", facts)
