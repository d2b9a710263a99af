"""Enrolling somebody of the family in a group, the page that says how it stands, and withdrawing."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.domain.enrolment import withdraw_as_family
from booking.domain.refusals import refusal_for, refusal_to_withdraw
from booking.domain.rule_facts import RuleFacts
from booking.errors import Refused
from booking.models import Account, Enrolment, Group
from booking.web.enrolment_choice import Candidate, Choice, candidate_of, live_place
from booking.web.enrolment_forms import EnrolForm
from booking.web.enrolment_wishes import also_in_line, wishes_for
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from booking.web.family_offers import Offer
from booking.web.group_dates import next_dates
from booking.web.offer_words import full_name
from booking.web.offers import held_for
from scheduler.models import Series

CONFLICT = 409
FORBIDDEN = 403
UNPROCESSABLE = 422


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, group_id: uuid.UUID) -> HttpResponse:
    """Choose who joins a group, and enrol her; the same form sent twice leads to the same confirmation."""
    now = timezone.now()
    reader = reader_of(request)
    members = family_of(reader, timezone.localdate(now))
    open_groups = Group.objects.open_to_family(member.id for member in members)
    group = get_object_or_404(open_groups.catalogue(), pk=group_id)
    with timezone.override(group.term.timetable.tz):
        wishes = wishes_for(group, members, now)
        choice = Choice(request, group, members, now, wishes)
        along = [each.value for each in wishes.companions]
        if request.method != "POST":
            return choice.page(EnrolForm(initial={"child": request.GET.get("child", "")}, companions=along))
        form = EnrolForm(request.POST, companions=along)
        if not form.is_valid():
            return choice.page(form, status=UNPROCESSABLE)
        member = member_or_404(members, form.cleaned_data["child"])
        if not member.may_book:
            return choice.page(form, status=FORBIDDEN, refused=Candidate(member, age=None))
        try:
            return redirect("enrolment", wishes.enrol_once(member, form.cleaned_data, by=reader, now=now))
        except Refused as refused:
            standing = live_place(member, group) if refused.refusal.code == "already_enrolled" else None
            if standing is not None:
                return redirect("enrolment", standing.pk)
            group.refresh_from_db(fields=["places_taken", "waiting"])
            candidate = replace(candidate_of(member, group, RuleFacts(now)), refusal=refused.refusal)
            return choice.page(form, status=CONFLICT, refused=candidate)


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
            "offer": Offer(group),
            "member": member,
            "heading": _heading(enrolment, member),
            "reader": reader.person,
            "dates": next_dates(group, now),
            "held": next((each for each in held_for([member], now) if each.offer.enrolment_id == enrolment.pk), None),
            "also": also_in_line(enrolment, family_of(reader, timezone.localdate(now))),
            "is_by_court": _kept_by(enrolment) == "court_referred" and enrolment.is_live,
            "may_withdraw": member.may_book and enrolment.is_live and not _kept_by(enrolment),
        }
        if not enrolment.is_live and member.may_book:
            standing = live_place(member, group)
            facts["standing"] = standing
            reason = refusal_for(child=member.person, group=group, now=now)
            facts["may_return"] = standing is None and reason is None
            facts["form_key"] = uuid.uuid4()
        return render(request, "booking/family/enrolment.html", facts)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Ask before giving a place back, and give it back; repeating it leads to the same page.

    A place that a court ordered is not the family's to end: the page says why, and the staff is told of the wish.
    """
    now = timezone.now()
    enrolment, member = _enrolment_of(reader_of(request), enrolment_id, now)
    if not enrolment.is_live:
        return redirect("enrolment", enrolment.pk)
    reader = reader_of(request)
    kept_by = _kept_by(enrolment)
    reason = str(refusal_to_withdraw(enrolment=enrolment) or "") if kept_by == "given_by_centre" else ""
    if not member.may_book:
        reason = _("You may see %(name)s here, but another guardian enrols and withdraws.") % {"name": member.name}
    was_asked = False
    if request.method == "POST" and not reason:
        if withdraw_as_family(enrolment_id=enrolment.pk, by=reader, now=now) is None:
            return redirect("enrolment", enrolment.pk)
        was_asked = True
    with timezone.override(enrolment.group.term.timetable.tz):
        facts = {
            "centre": enrolment.group.activity.centre,
            "enrolment": enrolment,
            "group": enrolment.group,
            "offer": Offer(enrolment.group),
            "member": member,
            "reason": reason,
            "is_by_court": kept_by == "court_referred",
            "was_asked": was_asked,
            "dates": next_dates(enrolment.group, now),
        }
        status = FORBIDDEN if request.method == "POST" else 200
        return render(request, "booking/family/withdraw.html", facts, status=status)


def _kept_by(enrolment: Enrolment) -> str:
    """Return the code of why the family cannot end it by itself, or ""."""
    reason = refusal_to_withdraw(enrolment=enrolment)
    return reason.code if reason else ""


def _heading(enrolment: Enrolment, member: Member) -> str:
    """Say in one line how an enrolment stands."""
    sentences = {
        Enrolment.Status.ENROLLED: _("%(name)s has a place: %(group)s"),
        Enrolment.Status.WAITING: _("%(name)s is in line: %(group)s"),
        Enrolment.Status.OFFERED: _("A place is held for %(name)s: %(group)s"),
        Enrolment.Status.PENDING: _("The centre will decide about %(name)s: %(group)s"),
        Enrolment.Status.WITHDRAWN: _("Place given back: %(name)s, %(group)s"),
        Enrolment.Status.ENDED: _("The course is over: %(name)s, %(group)s"),
    }
    sentence = sentences.get(Enrolment.Status(enrolment.status), "%(name)s, %(group)s: %(status)s")
    facts = {"name": member.name, "group": full_name(enrolment.group), "status": enrolment.get_status_display()}
    return sentence % facts


def _enrolment_of(reader: Account, enrolment_id: uuid.UUID, now: datetime) -> tuple[Enrolment, Member]:
    """Return an enrolment of the reader's family. Raises Http404 for all others."""
    members = family_of(reader, timezone.localdate(now))
    related = ("child", "group__activity__centre", "group__term__timetable")
    lines = Prefetch("group__series", queryset=Series.objects.shown())
    loaded = Enrolment.objects.with_position().select_related(*related).prefetch_related(lines)
    enrolment = get_object_or_404(loaded, pk=enrolment_id, child__in=[member.id for member in members])
    return enrolment, member_or_404(members, enrolment.child_id)
