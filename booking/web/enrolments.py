"""Enrolling somebody of the family in a group, the page that says how it stands, and withdrawing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.enrolment import withdraw_child
from booking.domain.form_keys import enrol_by_form
from booking.domain.refusals import alternatives, refusal_for, refusal_to_withdraw
from booking.errors import Refusal, Refused
from booking.models import Account, Enrolment, Group
from booking.web.enrolment_forms import EnrolForm
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from scheduler.models import Session, TimetableRow

ADULT_FROM = 18
CONFLICT = 409
FORBIDDEN = 403
UNPROCESSABLE = 422
DATES_SHOWN = 3
DATES_AHEAD = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the family beside one group: whether she can join it, or why not and what she can join instead."""

    member: Member
    refusal: Refusal | None = None
    enrolment: Enrolment | None = None
    alternatives: tuple[Group, ...] = ()

    @property
    def can_join(self) -> bool:
        """Whether the form may offer her."""
        return self.member.may_book and self.refusal is None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Choose who joins a group, and enrol her; the same form sent twice leads to the same confirmation."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    group = get_object_or_404(Group.objects.public().catalogue(), pk=group_id)
    with timezone.override(group.term.timetable.tz):
        if request.method != "POST":
            asked = request.GET.get("child", "")
            return _choose(request, group, members, now=now, form=EnrolForm(initial={"child": asked}))
        form = EnrolForm(request.POST)
        if not form.is_valid():
            return _choose(request, group, members, now=now, form=form, status=UNPROCESSABLE)
        member = member_or_404(members, form.cleaned_data["child"])
        if not member.may_book:
            return _choose(request, group, members, now=now, form=form, status=FORBIDDEN, tried=member)
        try:
            enrolment = enrol_by_form(
                child=member.person, group=group, by=reader, form_key=form.cleaned_data["form_key"], now=now
            )
        except Refused as refused:
            standing = _live(member, group) if refused.refusal.code == "already_enrolled" else None
            if standing is None:
                return _choose(request, group, members, now=now, form=form, status=CONFLICT, tried=member)
            enrolment = standing
        return redirect("enrolment", enrolment.pk)


@login_required
@require_safe
def enrolment_page(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Say how one enrolment stands: what was done, what comes next, and the way back."""
    now = timezone.now()
    reader = reader_of(request)
    enrolment, member = _enrolment_of(reader, enrolment_id, now)
    group = enrolment.group
    with timezone.override(group.term.timetable.tz):
        facts = {
            "centre": group.activity.centre,
            "enrolment": enrolment,
            "group": group,
            "member": member,
            "reader": reader.person,
            "dates": _next_dates(group, now),
            "may_withdraw": member.may_book and enrolment.is_live and refusal_to_withdraw(enrolment=enrolment) is None,
        }
        if not enrolment.is_live and member.may_book:
            standing = _live(member, group)
            facts["standing"] = standing
            facts["may_return"] = standing is None and refusal_for(child=member.person, group=group, now=now) is None
            facts["form_key"] = uuid.uuid4()
        return render(request, "booking/family/enrolment.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Ask before giving a place back, and give it back; repeating it leads to the same page."""
    now = timezone.now()
    enrolment, member = _enrolment_of(reader_of(request), enrolment_id, now)
    if not enrolment.is_live:
        return redirect("enrolment", enrolment.pk)
    reason = str(refusal_to_withdraw(enrolment=enrolment) or "")
    if not member.may_book:
        reason = _("You may see %(name)s here, but another guardian enrols and withdraws.") % {"name": member.name}
    if request.method == "POST" and not reason:
        withdraw_child(enrolment_id=enrolment.pk, now=now)
        return redirect("enrolment", enrolment.pk)
    with timezone.override(enrolment.group.term.timetable.tz):
        facts = {
            "centre": enrolment.group.activity.centre,
            "enrolment": enrolment,
            "group": enrolment.group,
            "member": member,
            "reason": reason,
            "dates": _next_dates(enrolment.group, now)[:1],
        }
        status = FORBIDDEN if request.method == "POST" else 200
        return render(request, "booking/family/withdraw.html", facts, status=status)


def _choose(
    request: HttpRequest,
    group: Group,
    members: list[Member],
    *,
    now: datetime,
    form: EnrolForm,
    status: int = 200,
    tried: Member | None = None,
) -> HttpResponse:
    """Show the choice; `tried` is the person whose enrolment was just refused."""
    shown = [member for member in members if not member.is_reader or _is_for_adults(group) or len(members) == 1]
    candidates = [_candidate(member, group, now) for member in shown]
    able = [candidate for candidate in candidates if candidate.can_join]
    chosen = str(form["child"].value() or "")
    if len(able) == 1:
        chosen = str(able[0].member.id)
    facts = {
        "centre": group.activity.centre,
        "group": group,
        "form": form,
        "form_key": uuid.uuid4(),
        "candidates": candidates,
        "able": able,
        "chosen": chosen,
        "refused": next((each for each in candidates if tried and each.member.id == tried.id), None),
        "dates": _next_dates(group, now),
    }
    return render(request, "booking/family/enrol.html", facts, status=status)


def _candidate(member: Member, group: Group, now: datetime) -> Candidate:
    if not member.may_book:
        return Candidate(member)
    reason = refusal_for(child=member.person, group=group, now=now)
    candidate = Candidate(member, reason)
    if reason is None:
        return candidate
    if reason.code == "already_enrolled":
        return replace(candidate, enrolment=_live(member, group))
    return replace(candidate, alternatives=tuple(alternatives(child=member.person, group=group, now=now)))


def _live(member: Member, group: Group) -> Enrolment | None:
    return Enrolment.objects.live().filter(child=member.person, group=group).first()


def _is_for_adults(group: Group) -> bool:
    return group.age_until is None or group.age_until >= ADULT_FROM


def _enrolment_of(reader: Account, enrolment_id: uuid.UUID, now: datetime) -> tuple[Enrolment, Member]:
    """Return an enrolment of the reader's family. Raises Http404 for all others."""
    members = family_of(reader, timezone.localdate(now))
    loaded = Enrolment.objects.select_related("child", "group__activity__centre", "group__term__timetable")
    enrolment = get_object_or_404(loaded, pk=enrolment_id, child__in=[member.id for member in members])
    return enrolment, member_or_404(members, enrolment.child_id)


def _next_dates(group: Group, now: datetime) -> list[TimetableRow]:
    coming = Session.objects.filter(series__groups=group, ends_at__gt=now, starts_at__lt=now + DATES_AHEAD)
    return coming.standing().rows()[:DATES_SHOWN]


def enrol_address(group: Group, member: Member) -> str:
    """Return the page on which this member is already chosen for this group."""
    return f"{reverse('enrol', args=[group.pk])}?child={member.id}"
