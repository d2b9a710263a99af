"""What is wrong with a timetable that is being planned: one value for every check, shown on pages and in REST."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from booking.errors import Refusal
from scheduler.period import Period


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found at one moment; `sentence` says it in the reader's language.

    What `stops` must be put right before publishing; the rest needs a reason to be published all the same.
    """

    code: str
    sentence: Refusal
    stops: bool = True
    series_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None
    period: Period | None = None
    resource_id: uuid.UUID | None = None
    other_series_id: uuid.UUID | None = None

    def facts(self) -> tuple[str, ...]:
        """Return what tells it from others, without words."""
        keys = (self.series_id, self.other_series_id, self.resource_id, self.session_id)
        return (self.code, *map(str, keys), self.period.start.isoformat() if self.period else "")


@dataclass(frozen=True, slots=True)
class Gathered:
    """The same thing found on many dates, said once."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The earliest one, which says it."""
        return self.findings[0]

    @property
    def periods(self) -> list[Period]:
        """When it is so."""
        return [each.period for each in self.findings if each.period is not None]


def gather(findings: Iterable[Finding]) -> list[Gathered]:
    """Return findings that differ only in their date as one, what stops first, then in order of time."""
    by_subject: dict[tuple[object, ...], list[Finding]] = {}
    for each in sorted(findings, key=_when):
        subject = (each.code, each.series_id, each.other_series_id, each.resource_id)
        by_subject.setdefault(subject, []).append(each)
    found = [Gathered(tuple(each)) for each in by_subject.values()]
    return sorted(found, key=lambda each: (not each.first.stops, _when(each.first), each.first.code))


def _when(finding: Finding) -> float:
    return finding.period.start.timestamp() if finding.period else 0.0
