"""Families of family assistants: an assistant's own, and all of a centre."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.domain.caseload import caseload_of, caseloads, limit_of
from booking.models import Appointment, Centre, FamilyCase, Guardianship, Person, Role, StaffRole
from booking.models.appointment import ATTENDED, COMING
from booking.models.staff import DESK_ROLES
from booking.web.access import diary_owner
from booking.web.family_members import reader_of


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
