"""Rights to make up for a missed meeting: which a family has, and choosing the date."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.makeups import possible_dates, use_credit
from booking.errors import Refused
from booking.models import GuestPlace, MakeUpCredit
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from booking.web.offer_words import full_name

CONFLICT, FORBIDDEN = 409, 403
ENDS_SOON = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Credit:
    """A right of somebody of the family to make up for a missed meeting."""

    credit: MakeUpCredit
    member: Member

    @property
    def activity(self) -> str:
        """What was missed."""
        return str(self.credit.activity.name)

    @property
    def missed(self) -> datetime:
        """When the missed meeting began."""
        return self.credit.absence.session.starts_at

    @property
    def last_day(self) -> date:
        """The last day on which another meeting can be chosen."""
        return self.credit.valid_until - DAY

    @property
    def url(self) -> str:
        """Where the date is chosen."""
        return reverse("make-up", args=[self.credit.pk])


def credits_of(members: Iterable[Member], now: datetime) -> list[Credit]:
    """Return the rights that are not used and still hold, those that end first before the others, in one query."""
    known = {member.id: member for member in members}
    usable = MakeUpCredit.objects.usable(timezone.localdate(now)).filter(child__in=known)
    found = usable.select_related("activity", "absence__session").order_by("valid_until", "pk")
    return [Credit(each, known[each.child_id]) for each in found]


def ending_credits(members: Iterable[Member], now: datetime) -> list[Credit]:
    """Return those that end within a week."""
    soon = timezone.localdate(now) + ENDS_SOON
    return [each for each in credits_of(members, now) if each.last_day <= soon]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def make_up(request: HttpRequest, credit_id: uuid.UUID) -> HttpResponse:
    """Show the dates of other groups with a free seat, and take one; choosing it twice is safe."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    found = MakeUpCredit.objects.select_related("child", "activity__centre__timetable", "absence__session")
    credit = get_object_or_404(found, pk=credit_id, child__in=[member.id for member in members])
    member = member_or_404(members, credit.child_id)
    used = GuestPlace.objects.held().filter(credit=credit).exclude(session__status="cancelled").first()
    with timezone.override(credit.activity.centre.timetable.tz):
        dates = [] if used else possible_dates(credit, now=now)
        reason, status = "", 200
        if request.method == "POST" and not member.may_book:
            sentence = _("You may see %(name)s here, but another guardian enrols and withdraws.")
            reason, status = sentence % {"name": member.name}, FORBIDDEN
        elif request.method == "POST":
            if used:
                return redirect("guest-place", used.pk)
            wanted = request.POST.get("session", "")
            chosen = next(((group, each) for group, each in dates if str(each.pk) == wanted), None)
            reason, status = _("This date is not free any more. Choose another one."), CONFLICT
            if chosen is not None:
                try:
                    place = use_credit(credit_id=credit.pk, group=chosen[0], session=chosen[1], now=now)
                    return redirect("guest-place", place.pk)
                except Refused as refused:
                    reason = str(refused.refusal)
        facts = {
            "centre": credit.activity.centre,
            "credit": credit,
            "member": member,
            "used": used,
            "dates": [(session, full_name(group)) for group, session in dates],
            "reason": reason,
        }
        return render(request, "booking/family/make_up.html", facts, status=status)
