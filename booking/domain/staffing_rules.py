"""The rules of safe staffing over meetings: educators for children, checks, leave, the way between places. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from booking.domain.findings import Finding
from booking.domain.meetings import Meeting
from booking.domain.ratio import Care, find_crowding
from booking.domain.safeguarding import UNKNOWN, Standing
from booking.errors import Refusal, refusal
from scheduler.domain.travel import TooFar
from scheduler.period import Period


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is known about the people of some meetings; keys are resources of the timetable."""

    zone: ZoneInfo
    limit: int | None
    names: Mapping[uuid.UUID, str] = field(default_factory=dict)
    standing: Mapping[uuid.UUID, Standing] = field(default_factory=dict)
    educators: frozenset[uuid.UUID] = frozenset()
    away: Mapping[uuid.UUID, list[Period]] = field(default_factory=dict)


def ratio_findings(meetings: Iterable[Meeting], staffing: Staffing) -> list[Finding]:
    """Return where children in care have too few educators, minute by minute; who is on leave is not there."""
    if staffing.limit is None:
        return []
    in_care = {each.session_id: each for each in meetings if each.in_care and each.children}
    care = [each for meeting in in_care.values() for each in care_of(meeting, staffing)]
    found = []
    for crowding in find_crowding(care, limit=staffing.limit):
        meeting = in_care[crowding.unit]  # type: ignore[index]  # units are ids of sessions here
        sentence = "ratio" if crowding.educators else "ratio_nobody"
        facts = {"children": crowding.children, "educators": crowding.educators, "limit": staffing.limit}
        reason = refusal("ratio", sentence=sentence, title=meeting.title, **facts)
        found.append(_finding(reason, meeting, period=crowding.period, stops=False))
    return found


def care_of(meeting: Meeting, staffing: Staffing) -> list[Care]:
    """Return the children of a meeting and the stretches in which its educators are there."""
    care = [Care(meeting.session_id, meeting.period, children=meeting.children)]
    for key in meeting.staff & staffing.educators:
        present = without(meeting.period, staffing.away.get(key, ()))
        care += [Care(meeting.session_id, part, educators=1) for part in present]
    return care


def without(period: Period, taken: Iterable[Period]) -> list[Period]:
    """Return what is left of a period."""
    left = [period]
    for each in taken:
        rest: list[Period] = []
        for part in left:
            if not part.overlaps(each):
                rest.append(part)
                continue
            if part.start < each.start:
                rest.append(Period(part.start, each.start))
            if each.end < part.end:
                rest.append(Period(each.end, part.end))
        left = rest
    return left


def check_findings(meetings: Iterable[Meeting], staffing: Staffing) -> list[Finding]:
    """Return who would work with children without valid checks, now or by then: once a person and series."""
    found: dict[tuple[uuid.UUID, uuid.UUID, str], Finding] = {}
    for meeting in sorted(meetings, key=lambda each: each.period):
        if not meeting.with_children:
            continue
        day = timezone.localdate(meeting.period.start, staffing.zone)
        for key in sorted(meeting.staff):
            standing = staffing.standing.get(key, UNKNOWN)
            if not standing.holds_on(day):
                finding = _check_finding(meeting, key, standing, staffing)
                found.setdefault((key, meeting.series_id, finding.code), finding)
    return list(found.values())


def _check_finding(meeting: Meeting, key: uuid.UUID, standing: Standing, staffing: Staffing) -> Finding:
    facts = {"person": staffing.names.get(key, ""), "title": meeting.title}
    if standing.verified:
        assert standing.until is not None  # noqa: S101  who is verified is so until a day
        reason = refusal("check_expires", until=_day(standing.until), **facts)
        return _finding(reason, meeting, resource_id=key, stops=False)
    return _finding(refusal("unverified_staff", **facts), meeting, resource_id=key)


def leave_findings(meetings: Iterable[Meeting], staffing: Staffing) -> list[Finding]:
    """Return who is expected at a meeting although she is away then."""
    return [
        _finding(refusal("time_off", person=staffing.names.get(key, ""), title=meeting.title), meeting, resource_id=key)
        for meeting in sorted(meetings, key=lambda each: each.period)
        for key in sorted(meeting.staff)
        if any(away.overlaps(meeting.period) for away in staffing.away.get(key, ()))
    ]


def travel_findings(
    far: Iterable[TooFar], meetings: Mapping[uuid.UUID, Meeting], titles: Mapping[uuid.UUID, str], staffing: Staffing
) -> list[Finding]:
    """Return who could not get from one meeting to the next in time; of each two one is among `meetings`."""
    found = []
    for each in far:
        meeting = meetings.get(each.second.holder) or meetings[each.first.holder]
        person = each.first.resource_id
        named = {"first": titles.get(each.first.holder, ""), "second": titles.get(each.second.holder, "")}
        reason = refusal("travel", person=staffing.names.get(person, ""), minutes=each.minutes, **named)
        found.append(_finding(reason, meeting, resource_id=person))
    return found


def _finding(reason: Refusal, meeting: Meeting, **facts: Any) -> Finding:
    facts.setdefault("period", meeting.period)
    return Finding(reason.code, reason, series_id=meeting.series_id, session_id=meeting.session_id, **facts)


def _day(day: date) -> str:
    return date_format(day, "j E Y")
