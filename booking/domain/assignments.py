"""Whether the people of one date may be there: checked where children come, enough of them, and not away then."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from booking.domain.findings import Finding
from booking.domain.meetings import Meeting, meetings_of_sessions
from booking.domain.staffing_rules import Staffing, check_findings, leave_findings, ratio_findings
from booking.domain.timetable_checks import load_staffing
from booking.errors import Refusal, Refused
from booking.models import Centre
from scheduler.models import Session
from scheduler.period import Period


def assignment_refusal(session: Session, person_id: uuid.UUID, *, now: datetime) -> Refusal | None:
    """Return why this person of the timetable may not be put in on a date (`unverified_staff`, `time_off`), or None."""
    centre = Centre.objects.filter(timetable=session.timetable_id).select_related("timetable").first()
    found = meetings_of_sessions(Session.objects.filter(pk=session.pk))
    if centre is None or not found:
        return None
    meetings = [replace(meeting, staff=frozenset({person_id})) for meeting in found]
    staffing = load_staffing(meetings, centre, zone=centre.timetable.tz, now=now)
    findings = [*check_findings(meetings, staffing), *leave_findings(meetings, staffing)]
    return next((finding.sentence for finding in findings if finding.stops), None)


def date_refusal(session: Session, *, before: Period | None, reason: str, now: datetime) -> Refusal | None:
    """Return what a date runs into at its new time and did not at the old one (`before`, None: it was cancelled).

    Whoever leads must be there and be checked (`time_off`, `unverified_staff`); with a reason it takes place although
    checks run out until then, educators are too few or somebody who helps is away (`check_expires`, `ratio`).
    """
    centre = Centre.objects.filter(timetable=session.timetable_id).select_related("timetable").first()
    meetings = meetings_of_sessions(Session.objects.filter(pk=session.pk))
    if centre is None or not meetings:
        return None
    staffing = load_staffing(meetings, centre, zone=centre.timetable.tz, now=now)
    new = [finding for meeting in meetings for finding in new_findings(meeting, staffing, before=before)]
    stopping = [each for each in new if each.stops and _weighs(each, session)]
    left = stopping if reason.strip() else [*stopping, *new]
    return left[0].sentence if left else None


def refuse_unstaffed(session: Session, *, before: Session | None, now: datetime, reason: str = "") -> None:
    """Raise Refused if the people of a changed date cannot be there although they could `before`; see `date_refusal`.

    A date that is as it was is left alone.
    """
    if before is not None and session.sequence == before.sequence:
        return
    stood = before.period if before is not None and not before.is_cancelled else None
    found = date_refusal(session, before=stood, reason=reason, now=now)
    if found is not None:
        raise Refused(found)


def new_findings(meeting: Meeting, staffing: Staffing, *, before: Period | None) -> list[Finding]:
    """Return what a meeting runs into and did not at its time before (None: it did not take place). Pure."""
    earlier = _findings(replace(meeting, period=before), staffing) if before else []
    known = {(each.code, each.resource_id) for each in earlier}
    return [each for each in _findings(meeting, staffing) if (each.code, each.resource_id) not in known]


def _weighs(finding: Finding, session: Session) -> bool:
    """Say whether no reason helps; who helps beside the leader may be away."""
    return finding.code != "time_off" or finding.resource_id == session.leader_id


def _findings(meeting: Meeting, staffing: Staffing) -> list[Finding]:
    return [
        *check_findings([meeting], staffing),
        *leave_findings([meeting], staffing),
        *ratio_findings([meeting], staffing),
    ]
