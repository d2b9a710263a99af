"""The organiser's staff: whose checks for work with children hold, and who can take over what."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.qualifications import qualify
from booking.domain.safeguarding import Standing, ends_soon, note_check, standings
from booking.errors import Refused
from booking.models import Centre, Policy, SafeguardingCheck, StaffMember
from booking.web.access import planned_centre
from booking.web.family_members import reader_of
from booking.web.staff_forms import CheckForm, QualificationForm

if TYPE_CHECKING:
    from datetime import date, datetime

    from booking.models import Account


@login_required
@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """List the staff of a centre with the state of their checks, those to look after first."""
    reader, now = reader_of(request), timezone.now()
    centre = planned_centre(reader, timezone.localdate(now), request.GET.get("centre", ""))
    on = timezone.localdate(now, centre.timetable.tz)
    days = Policy.objects.numbers(centre.pk, on)[Policy.Key.CHECK_WARNING_DAYS]
    everybody = StaffMember.objects.filter(centre=centre).select_related("person")
    members = list(everybody.prefetch_related("qualifications__service").order_by("person__sort_name"))
    found = standings(members, on=on)
    rows = [
        (member, found[member.pk], _state(member, found[member.pk], on, days), _missing(found[member.pk]))
        for member in members
    ]
    rows.sort(key=lambda row: ("bad", "soon", "good", "none").index(row[2]))
    facts = {
        "centre": centre,
        "centres": Centre.objects.planned_by(reader, timezone.localdate(now)),
        "rows": rows,
        "crumbs": _crumbs(centre),
    }
    return render(request, "booking/staff/staff.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, member_id: uuid.UUID) -> HttpResponse:
    """Show one member's checks and qualifications; note a check, or what she can take over."""
    reader, now = reader_of(request), timezone.now()
    planned = Centre.objects.planned_by(reader, timezone.localdate(now))
    staff = StaffMember.objects.filter(centre__in=planned).select_related("person", "centre__timetable")
    person = get_object_or_404(staff, pk=member_id)
    today = timezone.localdate(now, person.centre.timetable.tz)
    is_check = request.method == "POST" and "checked_on" in request.POST
    is_other = request.method == "POST" and not is_check
    check_form = CheckForm(request.POST if is_check else None, initial={"checked_on": today})
    skill_form = QualificationForm(request.POST if is_other else None, member=person)
    if (is_check and _note(check_form, person, by=reader, now=now)) or (is_other and _qualify(skill_form, person)):
        messages.success(request, _("Saved."))
        return redirect("board-staff-member", person.pk)
    standing = standings([person], on=today)[person.pk]
    facts = {
        "centre": person.centre,
        "member": person,
        "standing": standing,
        "missing": _missing(standing),
        "checks": person.checks.select_related("checked_by__person"),
        "check_form": check_form,
        "skill_form": skill_form,
        "crumbs": _crumbs(person.centre, str(person.person)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "booking/staff/staff_member.html", facts, status=status)


def _note(form: CheckForm, member: StaffMember, *, by: Account, now: datetime) -> bool:
    """Note the check; say beside the day why it cannot be."""
    if not form.is_valid():
        return False
    try:
        note_check(member_id=member.pk, by=by, now=now, **form.cleaned_data)
    except Refused as refused:
        form.add_error("checked_on", str(refused.refusal))
        return False
    return True


def _qualify(form: QualificationForm, member: StaffMember) -> bool:
    if form.is_valid():
        qualify(member_id=member.pk, **form.cleaned_data)
    return not form.errors


def _state(member: StaffMember, standing: Standing, on: date, days: int) -> str:
    if not standing.verified:
        return "bad" if member.resource_id else "none"  # who leads nothing meets no children
    return "soon" if ends_soon(standing, on=on, days=days) else "good"


def _missing(standing: Standing) -> list[str]:
    return [str(SafeguardingCheck.Kind(kind).label) for kind in standing.missing]


def _crumbs(centre: Centre, here: str = "") -> list[dict[str, str]]:
    own = f"?centre={centre.slug}"
    way = [{"url": reverse("board") + own, "label": _("Timetable board")}]
    way.append({"url": reverse("board-staff") + own if here else "", "label": _("Staff")})
    return [*way, {"url": "", "label": here}] if here else way
