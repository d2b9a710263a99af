"""Booked visits that lose their hours when a timetable is published: said before it happens, they stay booked."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from booking.domain.findings import Finding
from booking.errors import Refusal
from booking.models import Appointment
from scheduler.domain.publication import Publication
from scheduler.models import Series, Session
from scheduler.period import Period

SENTENCE = _("A visit with %(specialist)s is booked in hours that change. It stays booked and has to be settled.")


def visit_findings(plan: Publication, *, now: datetime) -> list[Finding]:
    """Return the coming visits that published hours cover now and will cover no more; at most one query."""
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
        if not _still_covered(visit, session)
    ]


def _covered(visit: Appointment, period: Period) -> bool:
    return period.start <= visit.starts_at and visit.ends_at <= period.end


def _still_covered(visit: Appointment, session: Session) -> bool:
    stands = not session.is_cancelled and session.leader_id == visit.specialist_id
    return stands and _covered(visit, session.period)
