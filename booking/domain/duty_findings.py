"""Booked visits that lose their hours when a timetable is published: said before it happens, they stay booked."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from booking.domain.findings import Finding
from booking.errors import Refusal
from booking.models import Appointment, OpeningWindow
from scheduler.domain.publication import Publication
from scheduler.models import Series, Session
from scheduler.period import Period

SENTENCE = _("A visit with %(specialist)s is booked in hours that change. It stays booked and has to be settled.")


def visit_findings(plan: Publication, *, now: datetime) -> list[Finding]:
    """Return the coming visits that published hours cover now and will cover no more; at most two queries."""
    lines = plan.line_of
    hours = [
        session
        for session in (*plan.changed, *plan.removed)
        if session.pk in plan.was and lines[session.series_id].plan.kind == Series.Kind.DUTY
    ]
    leaders = {plan.was[session.pk].leader_id for session in hours} - {None}
    if not leaders:
        return []
    span = Period(
        min(plan.was[session.pk].period.start for session in hours),
        max(plan.was[session.pk].period.end for session in hours),
    )
    others = _further_rooms(hours, plan)
    visits = Appointment.objects.coming(now).within(span).filter(specialist__in=leaders, outside_hours=False)
    return [
        Finding(
            "visit_without_hours",
            Refusal("visit_without_hours", SENTENCE, {"specialist": visit.specialist.name}),
            stops=False,
            series_id=session.series_id,
            session_id=session.pk,
            period=visit.period,
            resource_id=visit.specialist_id,
        )
        for visit in visits.select_related("specialist").order_by("starts_at", "pk")
        for session in hours
        if _covered(visit, plan.was[session.pk].period) and plan.was[session.pk].leader_id == visit.specialist_id
        if not _still_covered(visit, session, others)
    ]


def _covered(visit: Appointment, period: Period) -> bool:
    return period.start <= visit.starts_at and visit.ends_at <= period.end


def _still_covered(visit: Appointment, session: Session, others: set[tuple[uuid.UUID, uuid.UUID]]) -> bool:
    if session.is_cancelled or session.leader_id != visit.specialist_id or not _covered(visit, session.period):
        return False
    is_there = visit.room_id is None or visit.room_id == session.room_id
    return is_there or (session.series_id, visit.room_id) in others


def _further_rooms(hours: list[Session], plan: Publication) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Return the other rooms in which visits of hours may take place that go over into another room."""
    moved = {session.series_id for session in hours if session.room_id != plan.was[session.pk].room_id}
    if not moved:
        return set()
    rooms = OpeningWindow.objects.filter(pk__in=moved, rooms__isnull=False)
    return set(rooms.values_list("pk", "rooms"))
