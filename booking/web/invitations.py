"""Invitations: what a family was invited to and its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.invitations import decline_invitation
from booking.domain.refusals import refusal_for
from booking.models import Enrolment, Invitation
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from booking.web.family_offers import Offer
from booking.web.group_dates import next_dates
from booking.web.offer_words import full_name
from scheduler.models import Series

FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody of the family and what she is invited to."""

    invitation: Invitation
    member: Member

    @property
    def title(self) -> str:
        """What it is."""
        return full_name(self.invitation.group)


def invitations_of(members: Iterable[Member], now: datetime) -> list[Invited]:
    """Return the invitations that wait for an answer of the family, newest first, in one query."""
    known = {member.id: member for member in members}
    related = ("group__activity__centre", "group__term__timetable")
    found = Invitation.objects.unanswered().filter(person__in=known, group__entry="invited").select_related(*related)
    return [Invited(each, known[each.person_id]) for each in found if not _is_over(each, now)]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Show what somebody is invited to, the way to enrol, and saying no; repeating an answer is safe."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    related = ("person", "group__activity__centre", "group__term__timetable")
    series = Prefetch("group__series", queryset=Series.objects.shown())
    found = Invitation.objects.standing().select_related(*related).prefetch_related(series)
    asked = get_object_or_404(found, pk=invitation_id, person__in=[member.id for member in members])
    member = member_or_404(members, asked.person_id)
    group = asked.group
    status = 200
    if request.method == "POST" and not member.may_book:
        status = FORBIDDEN
    elif request.method == "POST":
        decline_invitation(invitation_id=asked.pk, now=now)
        messages.success(request, _("Thank you for your answer. The centre knows."))
        return redirect("family-invitation", asked.pk)
    with timezone.override(group.term.timetable.tz):
        place = Enrolment.objects.live().filter(group=group, child=member.person).first()
        facts = {
            "centre": group.activity.centre,
            "invitation": asked,
            "member": member,
            "group": group,
            "offer": Offer(group, member),
            "place": place,
            "refusal": None if place else refusal_for(child=member.person, group=group, now=now),
            "dates": next_dates(group, now),
        }
        return render(request, "booking/family/invitation.html", facts, status=status)


def _is_over(invitation: Invitation, now: datetime) -> bool:
    closes = invitation.group.closes_at
    return invitation.group.has_ended_at(now) or (closes is not None and closes <= now)
