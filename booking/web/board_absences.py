"""The organiser's absences: who is away, what that leaves open, and the proposals that settle it as a whole."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.cover import CoverPlan, PlanChanged, plan_time_off, settle_time_off
from booking.domain.cover_tasks import hand_over_task, open_lines, settle_task
from booking.domain.time_off import enter_time_off, refusal_of, take_back_time_off
from booking.errors import Refused
from booking.models import Account, Centre, CoverTask, StaffMember, StaffRole, TimeOff
from booking.models.staff import DESK_ROLES, PLANNING_ROLES, Role
from booking.web.absence_plan import Chosen, plan_facts, visits_at_desk
from booking.web.access import planned_centre
from booking.web.cover_forms import AbsenceForm, say_absence
from booking.web.family_members import reader_of
from scheduler.period import Period

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from booking.errors import Refusal

OWNING_ROLES = (*PLANNING_ROLES, *DESK_ROLES, Role.DIRECTOR)


@login_required
@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """List what absences left open, and who is away now and later."""
    reader, now = reader_of(request), timezone.now()
    centre = planned_centre(reader, timezone.localdate(now), request.GET.get("centre", ""))
    zone = centre.timetable.tz
    with timezone.override(zone):
        lines = open_lines(centre_ids=[centre.pk], now=now)
        open_of = Counter(line.time_off_id for line in lines)
        coming = TimeOff.objects.standing().filter(member__centre=centre, ends_at__gt=now)
        away = list(coming.select_related("member__person").order_by("starts_at"))
        facts = {
            "centre": centre,
            "centres": Centre.objects.planned_by(reader, timezone.localdate(now)),
            "lines": lines,
            "away": [(each, say_absence(each, zone), open_of[each.pk]) for each in away],
            "crumbs": crumbs(centre),
        }
        return render(request, "booking/staff/absences.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask who is away and when; show what that touches with proposals; do what was chosen, as a whole."""
    reader, now = reader_of(request), timezone.now()
    centre = planned_centre(reader, timezone.localdate(now), request.GET.get("centre", ""))
    with timezone.override(centre.timetable.tz):
        sent = request.POST if request.method == "POST" else request.GET
        asked = "member" in sent or "first" in sent
        form = AbsenceForm(sent if asked else None, centre=centre, initial={"first": timezone.localdate(now)})
        facts = {"centre": centre, "form": form, "crumbs": crumbs(centre, _("Enter an absence"))}
        if not asked or not form.is_valid():
            status = 422 if request.method == "POST" else 200
            return render(request, "booking/staff/absence_new.html", facts, status=status)
        if request.method != "POST":
            return render(
                request, "booking/staff/absence_new.html", {**facts, **_preview(form, Chosen(), by=reader, now=now)}
            )
        return _store(request, form, facts, by=reader, now=now)


def _store(
    request: HttpRequest, form: AbsenceForm, facts: dict[str, Any], *, by: Account, now: datetime
) -> HttpResponse:
    wanted = form.cleaned_data
    chosen = Chosen.read(request.POST)
    if chosen.fills:
        shown = {**facts, **_preview(form, chosen, by=by, now=now)}
        return render(request, "booking/staff/absence_new.html", shown)
    try:
        time_off = enter_time_off(
            member_id=wanted["member"].pk,
            starts_at=wanted["starts_at"],
            ends_at=wanted["ends_at"],
            kind=wanted["kind"],
            note=wanted["note"],
            fingerprint=request.POST.get("fingerprint", ""),
            choices=chosen.dates,
            visits=chosen.visits,
            families_note=request.POST.get("families_note", "")[:300],
            by=by,
            now=now,
        )
    except Refused as refused:
        said = {"refusal": refused.refusal, **_preview(form, chosen, by=by, now=now)}
        return render(request, "booking/staff/absence_new.html", {**facts, **said}, status=409)
    messages.success(request, _("Entered. The families and the people who take over are told."))
    return redirect("board-absence", time_off.pk)


def _preview(form: AbsenceForm, chosen: Chosen, *, by: Account, now: datetime) -> dict[str, Any]:
    wanted = form.cleaned_data
    member: StaffMember = wanted["member"]
    reason = refusal_of(member, wanted["starts_at"], wanted["ends_at"], now=now)
    if reason is not None:
        return {"refusal": reason}
    period = Period(wanted["starts_at"], wanted["ends_at"])
    plan = plan_time_off(member=member, period=period, now=now) if member.resource_id else CoverPlan((), (), "")
    return {"member": member, **plan_facts(plan, chosen, reader=by, zone=form.zone, now=now)}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, time_off_id: uuid.UUID) -> HttpResponse:
    """Show one absence with its open dates and proposals; do what was chosen, as a whole."""
    reader, now = reader_of(request), timezone.now()
    time_off = absence_planned_by(reader, time_off_id, now)
    with timezone.override(time_off.member.centre.timetable.tz):
        if request.method != "POST":
            return _show(request, time_off, Chosen(), now=now)
        chosen = Chosen.read(request.POST)
        if chosen.fills:
            return _show(request, time_off, chosen, now=now)
        try:
            settle_time_off(
                time_off=time_off,
                choices=chosen.dates,
                visits=chosen.visits,
                fingerprint=request.POST.get("fingerprint", ""),
                note=request.POST.get("families_note", "")[:300],
                by=reader,
                now=now,
            )
        except PlanChanged as changed:
            return _show(request, time_off, chosen, refusal=changed.refusal, status=409, now=now)
        except Refused as refused:
            return _show(request, time_off, chosen, refusal=refused.refusal, status=409, now=now)
        messages.success(request, _("Done. The families and the people who take over are told."))
        return redirect("board-absence", time_off.pk)


def _show(
    request: HttpRequest,
    time_off: TimeOff,
    chosen: Chosen,
    *,
    now: datetime,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    member, zone = time_off.member, time_off.member.centre.timetable.tz
    is_open = time_off.cancelled_at is None and time_off.ends_at > now and member.resource_id is not None
    plan = plan_time_off(member=member, period=time_off.period, now=now) if is_open else CoverPlan((), (), "")
    lines = [line for line in open_lines(centre_ids=[member.centre_id], now=now) if line.time_off_id == time_off.pk]
    done = time_off.tasks.exclude(pk__in=[line.pk for line in lines])
    settled = list(done.select_related("session__series", "visit__service", "settled_by__person"))
    shown = plan_facts(plan, chosen, reader=reader_of(request), zone=zone, now=now)
    shown["at_desk"] |= visits_at_desk(reader_of(request), [line.visit_id for line in (*lines, *settled)], now)
    facts = {
        **shown,
        "centre": member.centre,
        "time_off": time_off,
        "when": say_absence(time_off, zone),
        "lines": lines,
        "settled": sorted(settled, key=lambda line: line.starts_at),
        "owners": _owners(member.centre, now),
        "is_open": is_open,
        "refusal": refusal,
        "crumbs": crumbs(member.centre, str(member.person)),
    }
    return render(request, "booking/staff/absence.html", facts, status=status)


@login_required
@require_POST
def take_back(request: HttpRequest, time_off_id: uuid.UUID) -> HttpResponse:
    """Take an absence back."""
    reader, now = reader_of(request), timezone.now()
    time_off = absence_planned_by(reader, time_off_id, now)
    take_back_time_off(time_off_id=time_off.pk, by=reader, now=now)
    messages.success(request, _("Taken back. What was changed for it stays as it is now."))
    return redirect(f"{reverse('board-absences')}?centre={time_off.member.centre.slug}")


@login_required
@require_POST
def task(request: HttpRequest, task_id: uuid.UUID) -> HttpResponse:
    """Take one line off the list, or give it to somebody else."""
    reader, now = reader_of(request), timezone.now()
    mine = CoverTask.objects.visible_to(reader, timezone.localdate(now)).select_related("time_off__member__centre")
    line = get_object_or_404(mine, pk=task_id)
    if request.POST.get("owner"):
        owner = get_object_or_404(_owners(line.time_off.member.centre, now), pk=request.POST["owner"])
        hand_over_task(task_id=line.pk, owner=owner)
        messages.success(request, _("%(person)s looks after it now.") % {"person": owner.person})
    else:
        settle_task(task_id=line.pk, by=reader, now=now)
        messages.success(request, _("Taken off the list."))
    return redirect("board-absence", line.time_off_id)


def absence_planned_by(reader: Account, time_off_id: uuid.UUID, now: datetime) -> TimeOff:
    """Return an absence of staff whose timetable the reader plans. Raises Http404."""
    centres = Centre.objects.planned_by(reader, timezone.localdate(now))
    found = TimeOff.objects.filter(member__centre__in=centres)
    return get_object_or_404(found.select_related("member__person", "member__centre__timetable"), pk=time_off_id)


def crumbs(centre: Centre, here: str = "") -> list[dict[str, str]]:
    """Return the way to a page of absences."""
    own = f"?centre={centre.slug}"
    way = [{"url": reverse("board") + own, "label": _("Timetable board")}]
    way.append({"url": reverse("board-absences") + own if here else "", "label": _("Absences")})
    return [*way, {"url": "", "label": here}] if here else way


def _owners(centre: Centre, now: datetime) -> QuerySet[StaffMember]:
    held = StaffRole.objects.in_force(timezone.localdate(now, centre.timetable.tz)).filter(role__in=OWNING_ROLES)
    owners = StaffMember.objects.filter(centre=centre, pk__in=held.values("member_id"))
    return owners.select_related("person").order_by("person__sort_name")
