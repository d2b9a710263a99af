"""What a plan of a term would do and what is wrong with it, in the order and the words that pages show."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.domain.findings import Finding, Gathered, gather
from scheduler.models import Series

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from scheduler.domain.publication import Publication, Was
    from scheduler.models import Session

HEADINGS: Mapping[str, Promise] = {
    "room_clash": _("Rooms taken twice"),
    "person_clash": _("People in two places"),
    "equipment_clash": _("Not enough equipment"),
    "group_clash": _("Groups in two places"),
    "travel": _("No time for the way"),
    "room_capacity": _("Rooms that are too small"),
    "unverified_staff": _("People who were not checked"),
    "check_expires": _("Checks that run out"),
    "ratio": _("Too many children for one educator"),
    "closed_day": _("On days of rest"),
    "breaks_unknown": _("School breaks that are not known"),
    "leader_away": _("People on leave"),
    "time_off": _("People on leave"),
    "room_not_approved": _("Rooms that wait for their owner"),
}
BY_PERSON: Mapping[str, Promise] = {
    "unverified_staff": _(
        "%(person)s has no valid checks for work with children and cannot be assigned here. Note the checks under "
        "“Staff”, or choose somebody else:"
    ),
    "check_expires": _("The checks of %(person)s end on %(until)s, before the last dates of:"),
}
MOST_DATES = 8  # dates named one by one; the rest are counted


class Way(NamedTuple):
    """A way to put something right."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding on a page: its sentence, its dates, and the lines it is about."""

    gathered: Gathered
    ways: tuple[Way, ...]
    sentence: str

    @property
    def others(self) -> int:
        """On how many more dates it is so."""
        found = self.gathered.findings
        return len(found) - (len({each.series_id for each in found}) if self.gathered.first.code in BY_PERSON else 1)


@dataclass(frozen=True, slots=True)
class FindingsPanel:
    """The findings under their headings, those that stop publishing first."""

    stopping: list[tuple[str, list[Shown]]]
    warning: list[tuple[str, list[Shown]]]
    stopping_series: frozenset[uuid.UUID]
    warning_series: frozenset[uuid.UUID]

    @property
    def count(self) -> int:
        """How many things were found."""
        return self.count_stopping + self.count_warning

    @property
    def count_stopping(self) -> int:
        """How many things must be put right."""
        return sum(len(found) for _heading, found in self.stopping)

    @property
    def count_warning(self) -> int:
        """How many things need a look."""
        return sum(len(found) for _heading, found in self.warning)


def findings_of(findings: Iterable[Finding]) -> FindingsPanel:
    """Return what was found, in one query for the names of the lines."""
    every = list(findings)
    gathered = gather_people(gather(every))
    ids = {key for each in every for key in (each.series_id, each.other_series_id) if key}
    titles = dict(Series.objects.filter(pk__in=ids).values_list("pk", "title"))
    stops = [each for each in gathered if each.first.stops]
    warns = [each for each in gathered if not each.first.stops]
    return FindingsPanel(
        stopping=_under_headings(stops, titles),
        warning=_under_headings(warns, titles),
        stopping_series=_series_of(stops),
        warning_series=_series_of(warns),
    )


def gather_people(gathered: Iterable[Gathered]) -> list[Gathered]:
    """Return what is so with one person, whatever the line, as one; the rest, and the order, as it is."""
    found: dict[object, Gathered] = {}
    for each in gathered:
        first = each.first
        key = (first.code, first.resource_id) if first.code in BY_PERSON and first.resource_id else id(each)
        known = found.get(key)
        found[key] = Gathered((*known.findings, *each.findings)) if known else each
    return list(found.values())


def _under_headings(found: Iterable[Gathered], titles: Mapping[uuid.UUID, str]) -> list[tuple[str, list[Shown]]]:
    headings: dict[str, list[Shown]] = defaultdict(list)
    for each in found:
        heading = str(HEADINGS.get(each.first.code, _("Please check")))
        every = [key for finding in each.findings for key in (finding.series_id, finding.other_series_id)]
        keys = [key for key in dict.fromkeys(every) if key is not None and key in titles]
        ways = tuple(Way(reverse("board-series", args=[key]), titles[key]) for key in keys)
        headings[heading].append(Shown(each, ways, _say(each)))
    return list(headings.items())


def _say(gathered: Gathered) -> str:
    """Return the sentence in the reader's language; where it is about several lines, they are its links."""
    first = gathered.first
    lines = {each.series_id for each in gathered.findings}
    if first.code not in BY_PERSON or len(lines) == 1:
        return str(first.sentence)
    return str(BY_PERSON[first.code]) % first.sentence.facts


def _series_of(found: Iterable[Gathered]) -> frozenset[uuid.UUID]:
    every = (finding for each in found for finding in each.findings)
    return frozenset(key for each in every for key in (each.series_id, each.other_series_id) if key)


class DroppedLine(NamedTuple):
    """A line and its dates that do not take place."""

    title: str
    url: str
    days: list[date]


@dataclass(frozen=True, slots=True)
class Dropped:
    """All dates that do not take place for one reason, by line."""

    reason: str
    lines: list[DroppedLine]

    @property
    def days(self) -> list[date]:
        """The days themselves, in order."""
        return sorted({day for line in self.lines for day in line.days})

    @property
    def count(self) -> int:
        """How many dates it is."""
        return sum(len(line.days) for line in self.lines)


def dropped_of(publication: Publication) -> list[Dropped]:
    """Return the dates that a plan drops, by reason in order of the first day, then by line."""
    reasons: dict[str, dict[uuid.UUID, list[date]]] = {}
    titles = {line.series.pk: line.plan.title for line in publication.lines}
    for each in sorted(publication.dropped, key=lambda dropped: dropped.day):
        titles.setdefault(each.series.pk, each.series.title)
        reasons.setdefault(each.reason.name, {}).setdefault(each.series.pk, []).append(each.day)
    return [
        Dropped(
            reason,
            [DroppedLine(titles[key], reverse("board-series", args=[key]), days) for key, days in by_line.items()],
        )
        for reason, by_line in reasons.items()
    ]


class LineOfChanges(NamedTuple):
    """What happens to the dates of one line: how many of them, and each with what it was before."""

    title: str
    url: str
    changes: list[tuple[Session, Was | None]]


def changes_of(publication: Publication, sessions: Iterable[Session]) -> list[LineOfChanges]:
    """Return these sessions of a publication by line, each with what it was before."""
    lines = publication.line_of
    found: dict[uuid.UUID, list[tuple[Session, Was | None]]] = defaultdict(list)
    for session in sorted(sessions, key=lambda each: each.starts_at):
        found[session.series_id].append((session, publication.was.get(session.pk)))
    return [
        LineOfChanges(
            lines[key].plan.title if key in lines else changes[0][0].series.title,
            reverse("board-series", args=[key]),
            changes,
        )
        for key, changes in found.items()
    ]
