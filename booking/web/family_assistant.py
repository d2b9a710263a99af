"""Who works with one family: assigning an assistant, and ending her work."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from booking.domain.caseload import (
    Caseload,
    assign_family,
    assistants_of,
    caseloads,
    coming_visits,
    end_case,
    limit_of,
)
from booking.errors import Refused
from booking.models import Centre, FamilyCase, Household, Person, Role, StaffMember, StaffRole
from booking.web.desk import crumbs
from booking.web.desk_access import Desk

UNPROCESSABLE = 422
DAY: dict[str, Any] = {"type": "date"}


class AssignForm(forms.Form):
    """Who works with the family from when on; the reason is asked for only above the limit."""

    prefix = "assign"
    member: forms.ModelChoiceField[StaffMember] = forms.ModelChoiceField(
        label=gettext_lazy("Family assistant"), queryset=StaffMember.objects.none(), empty_label=None
    )
    starts_on = forms.DateField(label=gettext_lazy("From the day"), widget=forms.DateInput(DAY, "%Y-%m-%d"))
    reason = forms.CharField(
        label=gettext_lazy("Why one more than the limit"),
        help_text=gettext_lazy("Only where the limit is reached. Nothing about the family."),
        required=False,
        max_length=300,
    )

    def __init__(self, *args: Any, centre: Centre, on: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        loads = {load.member.pk: load for load in caseloads(centre, on=on)}
        field = self.fields["member"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        roles = StaffRole.objects.in_force(on).filter(role=Role.FAMILY_ASSISTANT, member__centre=centre)
        field.queryset = StaffMember.objects.filter(pk__in=roles.values("member")).select_related("person")
        field.choices = [(each.pk, families_of(each.person, loads.get(each.pk))) for each in field.queryset]


class EndForm(forms.Form):
    """The last day of the work with a family."""

    prefix = "end"
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(DAY, "%Y-%m-%d"))


def families_of(person: Person, load: Caseload | None) -> str:
    """Return a name with how many families she has of how many she may."""
    if load is None:
        return str(person)
    if load.limit is None:
        return ngettext("%(name)s: %(n)d family", "%(name)s: %(n)d families", load.families) % {
            "name": person,
            "n": load.families,
        }
    return _("%(name)s: %(n)d of %(limit)d families") % {"name": person, "n": load.families, "limit": load.limit}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def family_assistant(request: HttpRequest, household_id: uuid.UUID) -> HttpResponse:
    """Show who works with a family and who did; let somebody else, or end the work."""
    desk = Desk.of(request)
    household = desk.household(household_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    cases = FamilyCase.objects.filter(household=household).select_related("member__person", "household__centre")
    current = cases.open().first()
    assign = AssignForm(
        request.POST if act == "assign" else None,
        centre=household.centre,
        on=desk.today,
        initial={"starts_on": desk.today},
    )
    end = EndForm(request.POST if act == "end" else None, initial={"ends_on": desk.today})
    done = _assigned(request, desk, household, assign) if act == "assign" else _ended(request, desk, current, end)
    if done:
        return redirect("desk-family-assistant", household.pk)
    title = _("Family assistant")
    facts = {
        "centre": household.centre,
        "household": household,
        "title": title,
        "current": current,
        "past": cases.filter(ends_on__isnull=False).order_by("-ends_on", "-starts_on"),
        "assign": assign,
        "end": end,
        "form": end if act == "end" else assign,
        "has_assistants": bool(assistants_of(household.centre, on=desk.today)),
        "limit": limit_of(household.centre, on=desk.today),
        "crumbs": crumbs(title, household=household),
    }
    status = UNPROCESSABLE if assign.errors or end.errors else 200
    return render(request, "booking/desk/family_assistant.html", facts, status=status)


def _assigned(request: HttpRequest, desk: Desk, household: Household, form: AssignForm) -> bool:
    if not form.is_valid():
        return False
    before = FamilyCase.objects.open().filter(household=household).select_related("member__person").first()
    try:
        case = assign_family(household=household, by=desk.account, now=desk.now, **form.cleaned_data)
    except Refused as refused:
        code = refused.refusal.code
        form.add_error(
            {"caseload_full": "reason", "assistant_barred": "member"}.get(code, "starts_on"), str(refused.refusal)
        )
        return False
    messages.success(request, _("%(name)s works with this family now.") % {"name": case.member.person})
    if before is not None and before.pk != case.pk:
        _say_visits(request, before, desk.now)
    return True


def _ended(request: HttpRequest, desk: Desk, case: FamilyCase | None, form: EndForm) -> bool:
    if not form.is_valid():
        return False
    if case is not None:  # else it was ended in another window, and that is what was wanted
        try:
            end_case(case_id=case.pk, ends_on=form.cleaned_data["ends_on"], now=desk.now)
        except Refused as refused:
            form.add_error("ends_on", str(refused.refusal))
            return False
        _say_visits(request, case, desk.now)
    messages.success(request, _("The work with this family has ended."))
    return True


def _say_visits(request: HttpRequest, case: FamilyCase, now: datetime) -> None:
    """Say that visits of the former assistant stay, and what can be done about them."""
    n = coming_visits(case, now=now)
    if n:
        said = ngettext(
            "%(n)d visit with %(name)s is still booked. Hand it over or cancel it under Visits.",
            "%(n)d visits with %(name)s are still booked. Hand them over or cancel them under Visits.",
            n,
        )
        messages.warning(request, said % {"n": n, "name": case.member.person})
