"""Whether somebody may be put in on one date: checked where children come, and not away then."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from booking.domain.meetings import meetings_of_sessions
from booking.domain.staffing_rules import check_findings, leave_findings
from booking.domain.timetable_checks import load_staffing
from booking.errors import Refusal
from booking.models import Centre
from scheduler.models import Session


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
