"""Whether the people of one date may be there: checked where children come, enough of them, and not away then."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from booking.domain.findings import Finding
from booking.domain.meetings import Meeting, meetings_of_sessions
from booking.domain.staffing_rules import Staffing, check_findings, leave_findings, ratio_findings
from booking.domain.timetable_checks import load_staffing
from booking.errors import Refusal
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
    found = _findings(meetings, staffing)
    earlier = _findings([replace(each, period=before) for each in meetings], staffing) if before else []
    known = {(each.code, each.resource_id) for each in earlier}
    new = [each for each in found if (each.code, each.resource_id) not in known]
    stopping = [each for each in new if each.stops and _weighs(each, session)]
    left = stopping if reason.strip() else [*stopping, *new]
    return left[0].sentence if left else None


def _weighs(finding: Finding, session: Session) -> bool:
    """Say whether no reason helps; who helps beside the leader may be away."""
    return finding.code != "time_off" or finding.resource_id == session.leader_id


def _findings(meetings: list[Meeting], staffing: Staffing) -> list[Finding]:
    return [
        *check_findings(meetings, staffing),
        *leave_findings(meetings, staffing),
        *ratio_findings(meetings, staffing),
    ]
