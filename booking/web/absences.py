"""Saying "cannot come" about one meeting in two taps from the week, and taking it back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.domain.absences import meetings_of, report_absence, withdraw_absence
from booking.errors import Refused
from booking.models import Absence, Activity, Group
from booking.web.family_members import Member, family_of, member_or_404, reader_of
from booking.web.family_sessions import attendance_of, public_page
from booking.web.offer_words import full_name
from scheduler.models import Session

CONFLICT, FORBIDDEN = 409, 403


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting that one person of the family goes to."""

    member: Member
    session: Session
    group: Group
    others: tuple[Member, ...] = ()

    @property
    def url(self) -> str:
        """The public page of the group, if it has one."""
        return public_page(self.group)

    @property
    def title(self) -> str:
        """What meets."""
        return full_name(self.group)

    @property
    def is_day_care(self) -> bool:
        """Whether the whole rest of the day is meant."""
        return bool(self.group.activity.kind == Activity.Kind.DAY_CARE)

    @property
    def absence(self) -> Absence | None:
        """What was reported, if anything."""
        return Absence.objects.standing().filter(child=self.member.person, session=self.session).first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: HttpRequest, session_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Show one meeting of one person and how to report her absence, and report it; repeating it is safe."""
    now = timezone.now()
    meeting = _meeting_or_404(request, session_id, person_id)
    if request.method != "POST":
        return _page(request, meeting)
    if not meeting.member.may_book:
        return _page(request, meeting, reason=_not_yours(meeting), status=FORBIDDEN)
    try:
        report_absence(child=meeting.member.person, session=meeting.session, by=reader_of(request), now=now)
    except Refused as refused:
        return _page(request, meeting, reason=str(refused.refusal), status=CONFLICT)
    return redirect("absence", session_id, person_id)


@login_required
@require_POST
def come_after_all(request: HttpRequest, session_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """Take a reported absence back; repeating it is safe."""
    meeting = _meeting_or_404(request, session_id, person_id)
    if not meeting.member.may_book:
        return _page(request, meeting, reason=_not_yours(meeting), status=FORBIDDEN)
    reported = meeting.absence
    try:
        if reported is not None:
            withdraw_absence(absence_id=reported.pk, now=timezone.now())
    except Refused as refused:
        return _page(request, meeting, reason=str(refused.refusal), status=CONFLICT)
    return redirect("absence", session_id, person_id)


def _meeting_or_404(request: HttpRequest, session_id: uuid.UUID, person_id: uuid.UUID) -> Meeting:
    members = family_of(reader_of(request), timezone.localdate())
    member = member_or_404(members, person_id)
    session = get_object_or_404(Session.objects.select_related("timetable", "series", "room", "leader"), pk=session_id)
    group = meetings_of(member.person).get(session.series_id)
    if group is None:
        raise Http404
    going = attendance_of(members).members_of([group])
    return Meeting(member, session, group, tuple(each for each in going if each.id != member.id))


def _page(request: HttpRequest, meeting: Meeting, *, reason: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    session = meeting.session
    with timezone.override(session.timetable.tz):
        facts = {
            "centre": meeting.group.activity.centre,
            "meeting": meeting,
            "member": meeting.member,
            "session": session,
            "absence": meeting.absence,
            "reason": reason,
            "may_report": meeting.member.may_book and session.ends_at > now and not session.is_cancelled,
            "may_undo": meeting.member.may_book and session.starts_at > now,
            "is_today": timezone.localdate(session.starts_at) == timezone.localdate(now),
        }
        return render(request, "booking/family/absence.html", facts, status=status)


def _not_yours(meeting: Meeting) -> str:
    sentence = _("You may see %(name)s here, but another guardian enrols and withdraws.")
    return sentence % {"name": meeting.member.name}
