"""Writing down a family, one page a person: whoever may be known already is shown before anybody is made anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.access_log import note_reading
from booking.domain.duplicates import Duplicate, find_duplicates
from booking.domain.registration import add_adult, add_child, join_household, register_household
from booking.domain.sms_consents import answer_sms
from booking.models import CardReading, Centre, Household, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.desk_forms import AdultForm, ChildForm, NameForm

UNPROCESSABLE = 422
FORMS = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@FORMS
def register(request: HttpRequest) -> HttpResponse:
    """Write down a new household with its first adult; the next page asks for the children."""
    desk = Desk.of(request)
    form = AdultForm(request.POST or None)
    page = _Page(request, desk, desk.centre, form, _("New family"), crumbs(_("New family")))
    if page.may_go_on():
        wanted = form.cleaned_data

        def effect() -> uuid.UUID:
            where = {"village": wanted["village"], "address": wanted["address"]}
            household = register_household(centre=desk.centre, adult=form.person, **where)
            _keep_sms(form, household.members.get(), desk)
            return household.pk

        household_id = page.once(effect)
        messages.success(request, _("The family is written down. Add the children now."))
        return redirect("desk-add-child", household_id)
    return page.answer()


@login_required
@FORMS
def child(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Write down a child of a household, or let a known one join it."""
    desk = Desk.of(request)
    household = desk.household(household_id)
    adults = household.members.filter(guardians=None).in_order()
    form = ChildForm(request.POST or None, guardians=adults, initial={"family_name": household.name})
    title = _("Add a child")
    page = _Page(request, desk, household.centre, form, title, crumbs(title, household=household), household)
    if page.may_go_on():
        wanted = form.cleaned_data
        known = page.chosen

        def effect() -> uuid.UUID:
            person = add_child(
                household=household, child=known or form.person, guardian=wanted["guardian"], kind=wanted["kind"]
            )
            join_household(household=household, person=person, weeks=wanted["weeks"])
            return person.pk

        page.once(effect)
        messages.success(request, _("%(name)s is written down.") % {"name": known or form.person.given_name})
        return redirect("desk-add-child" if "again" in request.POST else "desk-family", household.pk)
    return page.answer()


@login_required
@FORMS
def adult(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Write down another adult of a household, or let a known one join it."""
    desk = Desk.of(request)
    household = desk.household(household_id)
    where = {"village": household.village, "address": household.address}
    form = AdultForm(request.POST or None, initial={"family_name": household.name, **where})
    title = _("Add an adult")
    page = _Page(request, desk, household.centre, form, title, crumbs(title, household=household), household)
    if page.may_go_on():
        known = page.chosen

        def effect() -> uuid.UUID:
            person = add_adult(household=household, adult=known or form.person)
            if known is None:  # what is written down of somebody known stays as it is
                _keep_sms(form, person, desk)
            return person.pk

        page.once(effect)
        messages.success(request, _("%(name)s is written down.") % {"name": known or form.person.given_name})
        return redirect("desk-family", household.pk)
    return page.answer()


def _keep_sms(form: AdultForm, person: Person, desk: Desk) -> None:
    """Write down the number to which she lets SMS be sent, if she was asked and named one."""
    if form.cleaned_data.get("sms_phone"):
        answer_sms(person=person, phone=form.cleaned_data["sms_phone"], by=desk.account, now=desk.now)


class _Page:
    """One page of the way: the form, and above it those who may be meant once it was filled in."""

    def __init__(  # noqa: PLR0913, PLR0917  a page is made of these
        self,
        request: HttpRequest,
        desk: Desk,
        centre: Centre,
        form: NameForm,
        title: str,
        ways: list[dict[str, str]],
        household: Household | None = None,
    ) -> None:
        self.request, self.desk, self.centre, self.form = request, desk, centre, form
        self.title, self.ways, self.household = title, ways, household
        self.duplicates: list[Duplicate] = []
        self.chosen: Person | None = None

    def may_go_on(self) -> bool:
        """Whether the form is right, and nobody who may be meant was left unseen."""
        if self.request.method != "POST" or not self.form.is_valid():
            return False
        if not self.form.cleaned_data["form_key"]:
            self.form.add_error(None, _("The form was incomplete. Please send it again."))
            return False
        if self.desk.did(self._key()):
            return True
        self.duplicates = find_duplicates(
            sketch=self.form.sketch, centre=self.centre, user=self.desk.account, on=self.desk.today
        )
        self.chosen = self._chosen() if self.household else None
        return self.chosen is not None or not self.duplicates or self._has_seen_all()

    def once(self, effect: Callable[[], uuid.UUID]) -> str:
        """Do what the page is for, once a form, and return the id it made."""
        return self.desk.once(self._key(), effect)

    def answer(self) -> HttpResponse:
        """Show the form, with those who may be meant."""
        if self.duplicates:
            note_reading(
                people=[each.person for each in self.duplicates],
                reader=self.desk.account,
                centre=self.centre,
                page=CardReading.Page.DUPLICATES,
                now=self.desk.now,
            )
        facts: dict[str, Any] = {
            "centre": self.centre,
            "household": self.household,
            "form": self.form,
            "visible": [field for field in self.form.visible_fields() if not isinstance(field.field, forms.UUIDField)],
            "form_key": self.request.POST.get("form_key") or uuid.uuid4(),
            "duplicates": self.duplicates,
            "seen": self._seen(),
            "title": self.title,
            "crumbs": self.ways,
            "back": reverse("desk-family", args=[self.household.pk]) if self.household else reverse("desk"),
        }
        status = UNPROCESSABLE if self.form.errors or self.duplicates else 200
        return render(self.request, "booking/desk/register.html", facts, status=status)

    def _key(self) -> str:
        return f"{self.request.path}:{self.form.cleaned_data['form_key']}"

    def _seen(self) -> str:
        return ",".join(sorted(str(each.person.pk) for each in self.duplicates))

    def _has_seen_all(self) -> bool:
        return self.request.POST.get("none_of_these") == self._seen()

    def _chosen(self) -> Person | None:
        wanted = self.request.POST.get("known", "")
        return next((each.person for each in self.duplicates if str(each.person.pk) == wanted), None)
