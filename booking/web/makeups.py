"""Choosing a date on which a missed meeting is made up for."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.makeups import possible_dates, use_credit
from booking.errors import Refused
from booking.models import GuestPlace, MakeUpCredit
from booking.web.family_members import family_of, member_or_404, reader_of
from booking.web.offer_words import full_name

CONFLICT, FORBIDDEN = 409, 403


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
