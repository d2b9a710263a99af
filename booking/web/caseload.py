"""Families of family assistants: an assistant's own, all of a centre, and who works with one family."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.caseload import (
    Caseload,
    assign_family,
    assistants_of,
    caseload_of,
    caseloads,
    coming_visits,
    end_case,
    limit_of,
)
from booking.errors import Refused
from booking.models import (
    Appointment,
    Centre,
    FamilyCase,
    Guardianship,
    Household,
    Person,
    Role,
    StaffMember,
    StaffRole,
)
from booking.models.appointment import ATTENDED, COMING
from booking.models.staff import DESK_ROLES
from booking.web.access import diary_owner
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.family_members import reader_of

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
@require_safe
def own_families(request: HttpRequest) -> HttpResponse:
    """Show an assistant her families: whom to call, where they live, the last and the next visit."""
    reader, now = reader_of(request), timezone.now()
    member = diary_owner(reader, request.GET.get("centre", ""))
    with timezone.override(member.centre.timetable.tz):
        today = timezone.localdate(now)
        cases = FamilyCase.objects.kept_by(member.person_id, today).filter(member=member).open()
        load = caseload_of(member, on=today)
        if load is None:
            raise Http404
        facts = {
            "centre": member.centre,
            "rows": list(_with_visits(cases, now).prefetch_related(_adults())),
            "load": load,
            "limit": limit_of(member.centre, on=today),
            "today": today,
            "crumbs": [{"url": reverse("diary"), "label": _("Diary")}, {"url": "", "label": _("My families")}],
        }
        return render(request, "booking/staff/own_families.html", facts)


@login_required
@never_cache
@require_safe
def all_caseloads(request: HttpRequest) -> HttpResponse:
    """Show how many families each assistant has; to the desk with their names, to the director without."""
    reader, now = reader_of(request), timezone.now()
    today = timezone.localdate(now)
    held = StaffRole.objects.held_by(reader, today).filter(role__in=[*DESK_ROLES, Role.DIRECTOR])
    centres = Centre.objects.filter(pk__in=held.values("member__centre")).select_related("timetable")
    slug = request.GET.get("centre", "")
    centre = (centres.filter(slug=slug) if slug else centres).first()
    if centre is None:
        raise Http404
    is_desk = held.filter(role__in=DESK_ROLES, member__centre=centre).exists()
    with timezone.override(centre.timetable.tz):
        cases = FamilyCase.objects.visible_to(reader, today).filter(member__centre=centre).open()
        by_member: dict[uuid.UUID, list[FamilyCase]] = {}
        for case in _with_visits(cases, now) if is_desk else []:
            by_member.setdefault(case.member_id, []).append(case)
        above = (
            {"url": reverse("desk"), "label": _("Desk")} if is_desk else {"url": reverse("start"), "label": _("Start")}
        )
        facts = {
            "centre": centre,
            "is_desk": is_desk,
            "rows": [(load, by_member.get(load.member.pk, [])) for load in caseloads(centre, on=today)],
            "limit": limit_of(centre, on=today),
            "crumbs": [above, {"url": "", "label": _("Family assistants")}],
        }
        return render(request, "booking/desk/caseloads.html", facts)


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


def _with_visits(cases: QuerySet[FamilyCase], now: datetime) -> QuerySet[FamilyCase]:
    """Add when the assistant was last with the family and when she comes next."""
    own = Appointment.objects.filter(specialist=OuterRef("member__resource"), person__households=OuterRef("household"))
    last = own.filter(status__in=ATTENDED, starts_at__lte=now).order_by("-starts_at")
    coming = own.filter(status__in=COMING, starts_at__gt=now).order_by("starts_at")
    return (
        cases.select_related("household", "member__person")
        .annotate(
            last_at=Subquery(last.values("starts_at")[:1]),
            next_at=Subquery(coming.values("starts_at")[:1]),
            next_id=Subquery(coming.values("pk")[:1]),
        )
        .order_by("household__name", "household__code")
    )


def _adults() -> Any:
    """Read with each household its adults: those of whom nobody is the guardian."""
    children = Guardianship.objects.filter(child=OuterRef("pk"))
    adults = Person.objects.filter(~Exists(children)).select_related("safe_contact").in_order()
    return Prefetch("household__members", queryset=adults, to_attr="adults")
