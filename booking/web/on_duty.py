"""Who is on duty now, for staff."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.domain.on_duty import next_duty, on_duty_today
from booking.domain.subscribed_sessions import HOUSE_ROLES
from booking.models import Account, Centre, StaffMember, StaffRole
from booking.web.family_members import reader_of


@login_required
@never_cache
@require_safe
def on_duty(request: HttpRequest) -> HttpResponse:
    """Show staff who is on duty, where, until when, and who could receive somebody this minute."""
    now = timezone.now()
    reader = reader_of(request)
    centre = _house_of(reader, request.GET.get("centre", ""), now)
    with timezone.override(centre.timetable.tz):
        rows = on_duty_today(centre=centre, now=now)
        facts = {
            "centre": centre,
            "now_rows": [row for row in rows if row.is_now],
            "later_rows": [row for row in rows if not row.is_now],
            "next": None if rows else next_duty(centre=centre, now=now),
            "now": now,
            "keeps_diary": StaffMember.objects.diaries_of(reader, timezone.localdate(now))
            .filter(centre=centre)
            .exists(),
        }
        return render(request, "booking/staff/on_duty.html", facts)


def _house_of(reader: Account, slug: str, now: datetime) -> Centre:
    """Return the centre in whose house somebody works: the named one, or her first. Raises Http404."""
    roles = StaffRole.objects.held_by(reader, timezone.localdate(now)).filter(role__in=HOUSE_ROLES)
    centres = Centre.objects.filter(pk__in=roles.values("member__centre")).select_related("timetable")
    centre = (centres.filter(slug=slug) if slug else centres).first()
    if centre is None:
        raise Http404
    return centre
