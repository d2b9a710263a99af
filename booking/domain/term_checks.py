"""What speaks against publishing a plan, in the timetable itself: clashes, groups met twice, rooms too small."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format

from booking.domain.break_findings import break_findings
from booking.domain.duty_findings import visit_findings
from booking.domain.findings import Finding
from booking.domain.room_owners import room_findings
from booking.domain.timetable_checks import check_publication
from booking.errors import refusal
from booking.models import Group
from scheduler.domain.clashes import Clash
from scheduler.domain.publication import Line, Publication
from scheduler.models import Resource, Session
from scheduler.period import Period

CLASH_CODES = {
    Resource.Kind.ROOM: "room_clash",
    Resource.Kind.SPECIALIST: "person_clash",
    Resource.Kind.EQUIPMENT: "equipment_clash",
}


def find_all(plan: Publication) -> list[Finding]:
    """Return everything that speaks against a plan, in a number of queries that does not depend on its sessions."""
    if not plan.lines:
        return []
    zone = plan.lines[0].series.timetable.tz
    groups = groups_of(plan.lines)
    return [
        *_clash_findings(plan, zone),
        *_group_findings(plan, groups, zone),
        *_capacity_findings(plan, groups),
        *_stranded_findings(plan),
        *check_publication(plan, now=plan.now),
        *visit_findings(plan, now=plan.now),
        *break_findings(plan),
        *room_findings(line.plan for line in plan.lines),
    ]


def groups_of(lines: Iterable[Line]) -> dict[uuid.UUID, list[Group]]:
    """Return the groups that meet in each series once the plan is published, in one query."""
    lines = list(lines)
    series_of = {line.plan.pk: line.series.pk for line in lines}
    met: dict[uuid.UUID, list[Group]] = defaultdict(list)
    links = Group.series.through.objects.filter(series__in=list(series_of)).select_related("group__activity")
    for link in links.order_by("group__name", "group_id"):
        met[series_of[link.series_id]].append(link.group)
    return met


# -- clashes of resources ---------------------------------------------------------------------------------------------


def _clash_findings(plan: Publication, zone: ZoneInfo) -> Iterable[Finding]:
    if not plan.clashes:
        return
    resources = Resource.objects.in_bulk({clash.resource_id for clash in plan.clashes})
    holders = {key for clash in plan.clashes for key in (clash.first.holder, clash.second.holder)}
    series_of = {session.pk: session.series_id for session in plan.touched}
    standing = Session.objects.filter(pk__in=holders - series_of.keys()).values_list("pk", "series_id", "series__title")
    titles = {line.series.pk: line.plan.title for line in plan.lines}
    for key, series_id, title in standing:
        series_of[key] = series_id
        titles.setdefault(series_id, title)
    for clash in plan.clashes:
        yield _clash_finding(clash, resources[clash.resource_id], series_of, titles, zone)


def _clash_finding(
    clash: Clash,
    resource: Resource,
    series_of: Mapping[uuid.UUID, uuid.UUID],
    titles: Mapping[uuid.UUID, str],
    zone: ZoneInfo,
) -> Finding:
    first, second = clash.first, clash.second
    together = Period(max(first.period.start, second.period.start), min(first.period.end, second.period.end))
    mine, other = series_of.get(second.holder), series_of.get(first.holder)
    code = CLASH_CODES[Resource.Kind(resource.kind)]
    # A holder that is no session is a visit; whose, and to whom, is nobody's business here.
    sentence = f"{code}_visit" if mine is None or other is None else code
    mine, other = (mine, other) if mine else (other, None)
    named = {key: titles.get(key, "") if key else "" for key in (mine, other)}
    facts = {"resource": resource.name, "one": named[mine], "other": named[other]}
    return Finding(
        code,
        refusal(code, sentence=sentence, **facts, **say_period(together, zone)),
        series_id=mine,
        session_id=second.holder if second.holder in series_of else first.holder,
        period=together,
        resource_id=resource.pk,
        other_series_id=other,
    )


def say_period(period: Period, zone: ZoneInfo) -> dict[str, str]:
    """Return day and hours of a period on the wall clock of `zone`, as facts of a sentence."""
    starts, ends = period.start.astimezone(zone), period.end.astimezone(zone)
    day = f"{date_format(starts, 'l')}, {date_format(starts, 'j E Y')}"
    return {"day": day, "starts": time_format(starts, "H:i"), "ends": time_format(ends, "H:i")}


# -- groups and rooms -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class _Met:
    """A group's meeting."""

    period: Period
    session_id: uuid.UUID
    series_id: uuid.UUID
    planned: bool


def _group_findings(plan: Publication, groups: Mapping[uuid.UUID, list[Group]], zone: ZoneInfo) -> Iterable[Finding]:
    """Find two meetings of one group at the same time, one of which the plan adds or changes."""
    planned = [each for each in (*plan.added, *plan.changed) if each.ends_at > plan.now and groups.get(each.series_id)]
    if not planned:
        return
    titles = {line.series.pk: line.plan.title for line in plan.lines}
    by_group: dict[uuid.UUID, list[_Met]] = defaultdict(list)
    names: dict[uuid.UUID, str] = {}
    for session in planned:
        for group in groups[session.series_id]:
            names[group.pk] = group.name
            by_group[group.pk].append(_Met(session.period, session.pk, session.series_id, planned=True))
    for group_id, series_id, title, met in _standing(plan, list(by_group)):
        titles.setdefault(series_id, title)
        by_group[group_id].append(met)
    for group_id, meetings in by_group.items():
        for one, other in _overlapping(sorted(meetings)):
            facts = {"group": names[group_id], "one": titles[one.series_id], "other": titles[other.series_id]}
            yield Finding(
                "group_clash",
                refusal("group_clash", **facts, **say_period(other.period, zone)),
                series_id=one.series_id if one.planned else other.series_id,
                session_id=one.session_id if one.planned else other.session_id,
                period=other.period,
                other_series_id=other.series_id if one.planned else one.series_id,
            )


def _standing(plan: Publication, group_ids: list[uuid.UUID]) -> Iterable[tuple[uuid.UUID, uuid.UUID, str, _Met]]:
    """Yield what these groups have beside the plan: group, series, title, meeting."""
    left_out = {session.pk for session in (*plan.changed, *plan.removed)}
    rows = Session.objects.standing().filter(series__groups__in=group_ids, ends_at__gt=plan.now)
    columns = ("series__groups", "pk", "series_id", "series__title", "starts_at", "ends_at")
    for group_id, key, series_id, title, starts_at, ends_at in rows.values_list(*columns):
        if key not in left_out:
            yield group_id, series_id, title, _Met(Period(starts_at, ends_at), key, series_id, planned=False)


def _overlapping(meetings: list[_Met]) -> Iterable[tuple[_Met, _Met]]:
    """Yield pairs of meetings in order of time that share a moment, where the plan is in it; one pair a meeting."""
    latest: _Met | None = None
    for met in meetings:
        if latest and met.period.start < latest.period.end and (met.planned or latest.planned):
            yield latest, met
        if latest is None or met.period.end > latest.period.end:
            latest = met


def _capacity_findings(plan: Publication, groups: Mapping[uuid.UUID, list[Group]]) -> Iterable[Finding]:
    """Find rooms that hold fewer people than the groups of a line have places."""
    first: dict[uuid.UUID, Session] = {}
    for session in sorted((*plan.added, *plan.changed), key=lambda each: each.starts_at):
        if session.ends_at > plan.now:
            first.setdefault(session.series_id, session)
    for line in plan.lines:
        room, date = line.plan.room, first.get(line.series.pk)
        places = sum(group.capacity + group.extra_places for group in groups.get(line.series.pk, ()))
        if room is None or room.capacity is None or date is None or places <= room.capacity:
            continue
        yield Finding(
            "room_capacity",
            refusal("room_capacity", room=room.name, holds=room.capacity, places=places, title=line.plan.title),
            stops=False,
            series_id=line.series.pk,
            period=date.period,
            resource_id=room.pk,
        )


def _stranded_findings(plan: Publication) -> Iterable[Finding]:
    """Find dates changed by hand that stand on a day of rest without a reason."""
    titles = {line.series.pk: line.plan.title for line in plan.lines}
    for session, closed in plan.stranded:
        facts = {"title": titles[session.series_id], "name": closed.name}
        day = date_format(session.starts_at.astimezone(plan.lines[0].series.timetable.tz), "j E Y")
        yield Finding(
            "closed_day",
            refusal("closed_day", **facts, day=day),
            stops=False,
            series_id=session.series_id,
            session_id=session.pk,
            period=session.period,
        )
