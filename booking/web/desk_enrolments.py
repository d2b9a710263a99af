"""Enrolling and withdrawing somebody at the desk, for families that stand there or call."""

from __future__ import annotations

import uuid
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.domain.enrolment import enrol_child, withdraw_child
from booking.domain.offers import accept_offer, decline_offer
from booking.domain.refusals import alternatives, refusal_for
from booking.errors import Refusal, Refused
from booking.errors import refusal as refusal_of
from booking.models import Enrolment, Group, Household, Offer, Person
from booking.web.desk import crumbs
from booking.web.desk_access import Desk
from booking.web.enrolment_wishes import Wishes, wishes_for
from booking.web.errors import bad_request
from booking.web.family_members import HUES, Member
from booking.web.family_offers import Offer as GroupOffer

CONFLICT = 409
FORMS = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def choose(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """List the centre's groups for somebody: those of her age, or all."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    age = person.age_on(desk.today)
    groups = Group.objects.filter(activity__centre=household.centre).catalogue()
    everything = "all" in request.GET or age is None
    if not everything and age is not None:
        groups = groups.for_age(age)
    running = [group for group in groups if not group.has_ended_at(desk.now)]
    running.sort(key=lambda group: (str(group.activity.name), group.name))
    facts = {
        "centre": household.centre,
        "household": household,
        "person": person,
        "age": age,
        "everything": everything,
        "activities": [
            (activity, [GroupOffer(group) for group in those])
            for activity, those in groupby(running, key=lambda group: group.activity)
        ],
        "crumbs": crumbs(_("Enrol"), household=household),
    }
    return render(request, "booking/desk/choose_group.html", facts)


@login_required
@FORMS
def enrol(request: HttpRequest, person_id: uuid.UUID, group_id: uuid.UUID) -> HttpResponse:
    """Ask before enrolling somebody in a group, or say why she cannot join and what she can join instead."""
    desk = Desk.of(request)
    person = desk.person(person_id)
    household = desk.household_of(person)
    group = get_object_or_404(Group.objects.filter(activity__centre=household.centre).catalogue(), pk=group_id)
    with timezone.override(group.term.timetable.tz):
        refusal = refusal_for(child=person, group=group, now=desk.now, by_desk=True)
        status = 200
        wishes = _wishes(household, person, group, desk)
        if request.method == "POST":
            try:
                entry = _wished(request, wishes, person, desk) or enrol_child(
                    child=person,
                    group=group,
                    by=desk.account,
                    now=desk.now,
                    note=request.POST.get("note", "")[:500],
                    by_desk=True,
                    over_cap_reason=request.POST.get("reason", "")[:300],
                    basis=Enrolment.Basis.COURT if "court" in request.POST else Enrolment.Basis.REQUEST,
                )
            except Refused as refused:
                refusal, status = refused.refusal, CONFLICT
            else:
                names = {
                    "name": person.given_name,
                    "group": GroupOffer(group).name,
                    "status": entry.get_status_display(),
                }
                messages.success(request, _("%(name)s, %(group)s: %(status)s.") % names)
                return redirect("desk-family", household.pk)
        out_of_turn = not group.takes_at_once and (refusal is None or refusal.code == "full")
        facts = {
            "centre": household.centre,
            "household": household,
            "person": person,
            "group": group,
            "out_of_turn": out_of_turn,
            "joins_line": out_of_turn and refusal is None,
            "wishes": wishes,
            "offer": GroupOffer(group),
            "refusal": refusal,
            "alternatives": _instead(refusal, person, group, desk),
            "crumbs": crumbs(_("Enrol"), household=household),
        }
        return render(request, "booking/desk/enrol.html", facts, status=status)


@login_required
@FORMS
def withdraw(request: HttpRequest, enrolment_id: uuid.UUID) -> HttpResponse:
    """Ask before giving back somebody's place, and give it back; repeating it leads to the same card."""
    desk = Desk.of(request)
    enrolment = desk.enrolment(enrolment_id)
    household = desk.household_of(enrolment.child)
    if request.method == "POST" or not enrolment.is_live:
        if enrolment.is_live:
            withdraw_child(enrolment_id=enrolment.pk, now=desk.now, by=desk.account)
            messages.success(request, _("The place was given back."))
        return redirect("desk-family", household.pk)
    facts = {
        "centre": household.centre,
        "household": household,
        "person": enrolment.child,
        "enrolment": enrolment,
        "offer": GroupOffer(enrolment.group),
        "crumbs": crumbs(_("Withdraw"), household=household),
    }
    return render(request, "booking/desk/withdraw.html", facts)


@login_required
@require_POST
def offer(request: HttpRequest, offer_id: uuid.UUID) -> HttpResponse:
    """Accept or decline an offered place for a family that stands there or called back."""
    desk = Desk.of(request)
    found = get_object_or_404(Offer.objects.select_related("enrolment"), pk=offer_id)
    enrolment = desk.enrolment(found.enrolment_id)
    household = desk.household_of(enrolment.child)
    answer = {"accept": accept_offer, "decline": decline_offer}.get(request.POST.get("answer", ""))
    if answer is None:
        return bad_request(request, SuspiciousOperation())
    try:
        answer(offer_id=found.pk, by=desk.account, now=desk.now)
    except Refused as refused:
        messages.error(request, str(refused.refusal))
    else:
        messages.success(request, _("The answer was written down."))
    return redirect("desk-family", household.pk)


def _wishes(household: Household, person: Person, group: Group, desk: Desk) -> Wishes:
    """Return what the family may ask for beside this one place, when there is a line to wait in."""
    people = household.members.in_order()
    members = [Member(each, number % HUES + 1, each.given_name[:1]) for number, each in enumerate(people)]
    return wishes_for(group, members, desk.now, by_desk=True, asker=person.pk)


def _wished(request: HttpRequest, wishes: Wishes, person: Person, desk: Desk) -> Enrolment | None:
    """Enrol as wished where the form asks for any group or for siblings together. Raises Refused."""
    known = {each.value for each in wishes.companions}
    together = [each for each in request.POST.getlist("together") if each in known]
    any_group = "any_group" in request.POST
    if not (together or any_group):
        return None
    if (together and any_group) or request.POST.get("reason", "").strip() or "court" in request.POST:
        raise Refused(refusal_of("one_way_to_enrol"))
    key = wishes.enrol(
        Member(person, 1, ""),
        any_group=any_group,
        together=together,
        by=desk.account,
        now=desk.now,
        note=request.POST.get("note", "")[:500],
        by_desk=True,
    )
    return Enrolment.objects.get(pk=key)


def _instead(refusal: Refusal | None, person: Person, group: Group, desk: Desk) -> list[GroupOffer]:
    if refusal is None or refusal.code == "already_enrolled":
        return []
    return [GroupOffer(each) for each in alternatives(child=person, group=group, now=desk.now)]
