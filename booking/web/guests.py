"""A place at one meeting: what is offered to the family, taking it, declining it, giving it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.domain.guests import accept_guest_place, decline_guest_place
from booking.errors import Refused
from booking.models import GuestPlace
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from booking.web.offer_words import full_name
from booking.web.week import Action, PersonChip, WeekEntry
from scheduler.models import Session
from scheduler.period import Period

CONFLICT, FORBIDDEN = 409, 403
ANSWERS = {"accept": accept_guest_place, "decline": decline_guest_place}
RELATED = ("session__timetable", "session__room", "session__leader", "session__series", "group__activity__centre")


@dataclass(frozen=True, slots=True)
class Visit:
    """A place at one meeting for somebody of the family."""

    place: GuestPlace
    member: Member

    @property
    def title(self) -> str:
        """What meets."""
        return full_name(self.place.group)


def offered_dates(members: Iterable[Member], now: datetime) -> list[Visit]:
    """Return the dates that wait for an answer of the family, the most pressing first, in one query."""
    known = {member.id: member for member in members}
    places = GuestPlace.objects.offered().filter(child__in=known, expires_at__gt=now).select_related(*RELATED)
    return [Visit(place, known[place.child_id]) for place in places.order_by("expires_at", "pk")]


def visit_entries(members: Iterable[Member], *, period: Period, zone: ZoneInfo, now: datetime) -> list[WeekEntry]:
    """Return the meetings to which somebody of the family comes once, as a week shows them, in one query."""
    known = {member.id: member for member in members}
    sessions = Session.objects.within(period).values("pk")
    places = GuestPlace.objects.coming().filter(child__in=known, session__in=sessions).select_related(*RELATED)
    return [_entry(place, known[place.child_id], zone, now) for place in places]


def coming_visits(members: Iterable[Member], now: datetime) -> list[Visit]:
    """Return the single meetings to which somebody of the family comes as a guest, the next first, in one query."""
    known = {member.id: member for member in members}
    places = GuestPlace.objects.coming().filter(child__in=known, session__ends_at__gt=now)
    standing = places.exclude(session__status=Session.Status.CANCELLED).select_related(*RELATED)
    return [Visit(place, known[place.child_id]) for place in standing.order_by("session__starts_at", "pk")]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def guest_place(request: HttpRequest, place_id: uuid.UUID) -> HttpResponse:
    """Show a place at one meeting, and take it, decline it or give it back; repeating an answer is safe."""
    now = timezone.now()
    members = family_of(reader_of(request), timezone.localdate(now))
    ids = [member.id for member in members]
    found = GuestPlace.objects.select_related(*RELATED, "group__term__timetable", "credit")
    place = get_object_or_404(found, pk=place_id, child__in=ids)
    member = member_or_404(members, place.child_id)
    reason, status = "", 200
    decide = ANSWERS.get(request.POST.get("answer", "")) if request.method == "POST" else None
    if decide is not None and not member.may_book:
        reason = _("You may see %(name)s here, but another guardian enrols and withdraws.") % {"name": member.name}
        status = FORBIDDEN
    elif decide is not None:
        try:
            decide(place_id=place.pk, now=now)
            return redirect("guest-place", place.pk)
        except Refused as refused:
            reason, status = str(refused.refusal), CONFLICT
    with timezone.override(place.session.timetable.tz):
        waits = place.status == GuestPlace.Status.OFFERED and place.expires_at is not None and place.expires_at > now
        facts = {
            "centre": place.group.activity.centre,
            "place": place,
            "session": place.session,
            "member": member,
            "title": full_name(place.group),
            "reason": reason,
            "waits": waits and member.may_book,
            "comes": place.status == GuestPlace.Status.COMING,
            "may_give_back": member.may_book and place.session.starts_at > now,
        }
        return render(request, "booking/family/guest_place.html", facts, status=status)


def _entry(place: GuestPlace, member: Member, zone: ZoneInfo, now: datetime) -> WeekEntry:
    session = place.session
    address = reverse("guest-place", args=[place.pk])
    give_back = Action(_("%(name)s cannot come") % {"name": member.name}, address)
    return WeekEntry(
        starts_at=session.starts_at.astimezone(zone),
        ends_at=session.ends_at.astimezone(zone),
        title=full_name(place.group),
        url=address,
        where=session.room.name if session.room else "",
        who=session.leader.name if session.leader else "",
        status=session.status,
        note=_("only this time"),
        tone=f"hue-{member.hue}",
        people=(PersonChip(member.name, member.hue, member.mark),),
        actions=(give_back,) if member.may_book and session.starts_at > now else (),
    )
