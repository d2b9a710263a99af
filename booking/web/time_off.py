"""A specialist's own time off: entered once, with what it touches shown before; the organiser settles the dates."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.cover import plan_time_off
from booking.domain.time_off import enter_time_off, refusal_of, take_back_time_off
from booking.errors import Refused
from booking.models import StaffMember, TimeOff
from booking.web.access import diary_owner
from booking.web.cover_forms import TimeOffForm, say_absence
from booking.web.family_members import reader_of
from scheduler.period import Period

if TYPE_CHECKING:
    from datetime import datetime


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def time_off(request: HttpRequest) -> HttpResponse:
    """Show the reader's coming time off and the way to enter more; a preview shows what it would touch."""
    reader, now = reader_of(request), timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    member = diary_owner(reader, sent.get("centre", ""))
    zone = member.centre.timetable.tz
    with timezone.override(zone):
        asked = "first" in sent
        form = TimeOffForm(sent if asked else None, zone=zone, initial={"first": timezone.localdate(now)})
        facts = {"form": form, **_coming(member, now)}
        if not asked or not form.is_valid():
            status = 422 if request.method == "POST" else 200
            return render(request, "booking/staff/time_off.html", facts, status=status)
        if request.method != "POST":
            return render(request, "booking/staff/time_off.html", {**facts, **_preview(member, form, now=now)})
        wanted = form.cleaned_data
        try:
            enter_time_off(
                member_id=member.pk,
                starts_at=wanted["starts_at"],
                ends_at=wanted["ends_at"],
                kind=wanted["kind"],
                note=wanted["note"],
                fingerprint=request.POST.get("fingerprint", ""),
                by=reader,
                now=now,
            )
        except Refused as refused:
            said = {"refusal": refused.refusal, **_preview(member, form, now=now)}
            return render(request, "booking/staff/time_off.html", {**facts, **said}, status=409)
    messages.success(request, _("Entered. The organiser was told and looks after your dates."))
    return redirect(f"{reverse('diary-time-off')}?centre={member.centre.slug}")


@login_required
@require_POST
def take_back(request: HttpRequest, time_off_id: uuid.UUID) -> HttpResponse:
    """Take the reader's own time off back."""
    reader, now = reader_of(request), timezone.now()
    own = TimeOff.objects.filter(member__in=StaffMember.objects.diaries_of(reader, timezone.localdate(now)))
    mine = get_object_or_404(own.select_related("member__centre"), pk=time_off_id)
    take_back_time_off(time_off_id=mine.pk, by=reader, now=now)
    messages.success(request, _("Taken back. What was changed for it stays as it is now."))
    return redirect(f"{reverse('diary-time-off')}?centre={mine.member.centre.slug}")


def _coming(member: StaffMember, now: datetime) -> dict[str, Any]:
    zone = member.centre.timetable.tz
    coming = TimeOff.objects.standing().filter(member=member, ends_at__gt=now).order_by("starts_at")
    return {
        "centre": member.centre,
        "member": member,
        "coming": [(each, say_absence(each, zone)) for each in coming],
        "crumbs": [
            {"url": f"{reverse('diary')}?centre={member.centre.slug}", "label": _("Diary")},
            {"url": "", "label": _("Time off")},
        ],
    }


def _preview(member: StaffMember, form: TimeOffForm, *, now: datetime) -> dict[str, Any]:
    wanted = form.cleaned_data
    reason = refusal_of(member, wanted["starts_at"], wanted["ends_at"], now=now)
    if reason is not None:
        return {"refusal": reason}
    return {"plan": plan_time_off(member=member, period=Period(wanted["starts_at"], wanted["ends_at"]), now=now)}
