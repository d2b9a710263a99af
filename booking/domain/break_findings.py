"""School years whose breaks nobody has entered: lines that rest with the schools would meet on free days unnoticed."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booking.domain.findings import Finding
from booking.errors import Refusal
from scheduler.domain.publication import Publication
from scheduler.models import SchoolBreak, Series

SENTENCE = _(
    "The school breaks of %(years)s are not known here, so that groups would meet during them. Enter them in the "
    "administration, or as days off, when the ministry has announced them."
)
FIRST_MONTH = 9
CODE = "breaks_unknown"


def break_findings(plan: Publication) -> list[Finding]:
    """Return the school years that new dates lie in and whose winter break is not known; at most one query.

    The winter break is what differs from year to year and between voivodeships: the regulation on the organisation of
    the school year of 11 August 2017 has the ministry announce it for each.
    """
    lines = plan.line_of
    resting = [
        session.planned_date
        for session in plan.added
        if lines[session.series_id].plan.on_breaks == Series.OnBreaks.REST
    ]
    if not resting:
        return []
    timetable = plan.lines[0].series.timetable
    here = SchoolBreak.objects.filter(Q(voivodeship="") | Q(voivodeship=timetable.voivodeship))
    known = here.filter(kind=SchoolBreak.Kind.WINTER).values_list("starts_on", flat=True)
    unknown = {_first_year(day) for day in resting} - {_first_year(day) for day in known}
    years = ", ".join(f"{year}/{year + 1}" for year in sorted(unknown) if _spans_winter(year, resting))
    return [Finding(CODE, Refusal(CODE, SENTENCE, {"years": years}), stops=False)] if years else []


def _first_year(day: date) -> int:
    """Return the year in which the school year of a day begins."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def _spans_winter(year: int, days: list[date]) -> bool:
    """Say whether some of the days lie in the months in which schools have their winter break."""
    return any(day.year == year + 1 and day.month in {1, 2, 3} for day in days)
