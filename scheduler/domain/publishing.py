"""Publishing series: from patterns to sessions, as an upsert that keeps every identity."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from scheduler.domain.clashes import Clash, Need
from scheduler.domain.closures import list_closures, resting_days
from scheduler.domain.line_plan import Resting, Standing, plan_line
from scheduler.domain.lines import belonging, lines_of
from scheduler.domain.needs import needed_by_many
from scheduler.domain.publication import Away, Line, Publication
from scheduler.domain.publishing_rows import write_publication
from scheduler.domain.reservations import plan_reservations
from scheduler.domain.room_requests import refuse_unasked_lines
from scheduler.errors import Refusal, Refused
from scheduler.locks import lock_resources, lock_series, lock_sessions_of
from scheduler.models import Place, Reservation, Resource, Series, Session


def plan_publication(*, series_ids: Iterable[uuid.UUID], now: datetime, away: Iterable[Away] = ()) -> Publication:
    """Return what publishing these series, with their revisions and splits, would do; writes nothing.

    Only coming sessions are touched: one that has begun stays as it is. The first publication of a series gives it
    dates that have passed; later ones leave the past alone. `away` is when those who lead are not there: no new date
    is planned then. The number of queries does not depend on the number of sessions.
    """
    rows = list(Series.objects.with_pattern().filter(pk__in=belonging(series_ids)).order_by("pk"))
    return _plan(lines_of(rows), _published(rows, Session.objects.filter(series__in=rows), now, away))


@transaction.atomic
def publish_series(*, series_ids: Iterable[uuid.UUID], now: datetime, away: Iterable[Away] = ()) -> Publication:
    """Publish series in one transaction and return what changed; a second call changes nothing.

    Raises Refused (`clash`) if a room, person or piece of equipment would be needed twice, and (`room_not_approved`) if
    the owner of a room has not agreed; then nothing is written.
    """
    plan = lock_publication(series_ids=series_ids, now=now, away=away)
    if plan.clashes:
        raise Refused(_clash_refusal(plan.clashes[0]))
    refuse_unasked_lines(line.plan for line in plan.lines)
    write_publication(plan)
    return plan


def lock_publication(*, series_ids: Iterable[uuid.UUID], now: datetime, away: Iterable[Away] = ()) -> Publication:
    """Return the plan of a publication under the locks of all that it touches, ready for `write_publication`."""
    rows = lock_series(belonging(series_ids))
    published = _published(rows, lock_sessions_of(rows), now, away)
    lock_resources({key for held in (*published.needed.values(), *published.held.values()) for key in held})
    return _plan(lines_of(rows), published)


def _published(rows: list[Series], sessions: Iterable[Session], now: datetime, away: Iterable[Away]) -> Standing:
    published = Standing(
        now, {row.pk: {} for row in rows}, defaultdict(Counter), needed_by_many(rows), defaultdict(list)
    )
    for session in sessions:
        published.sessions[session.series_id][session.planned_date] = session
    coming = Reservation.objects.filter(session__series__in=rows, session__starts_at__gt=now)
    for session_id, resource_id in coming.values_list("session_id", "resource_id"):
        published.held[session_id][resource_id] += 1
    for each in away:
        published.away[each.resource_id].append(each)
    return published


def _plan(lines: list[Line], published: Standing) -> Publication:
    plan = Publication(published.now, lines)
    resting = _resting_days(lines)
    for line in lines:
        if line.continues is not None:
            _hand_on(line, published, plan)
    for line in lines:
        plan_line(line, published, resting[_calendar_of(line)], plan)
    of = plan.line_of
    needs = [
        Need(resource_id, session.period, session.pk, kind=of[session.series_id].plan.kind)
        for session in (*plan.added, *plan.changed, *plan.rebooked)
        for resource_id in published.needed[of[session.series_id].plan.pk].elements()
    ]
    plan.allotment = plan_reservations(needs, released=plan.released)
    return plan


def _calendar_of(line: Line) -> tuple[uuid.UUID, str, Place | None]:
    return line.plan.timetable_id, line.plan.on_breaks, line.plan.room.place if line.plan.room else None


def _resting_days(lines: list[Line]) -> dict[tuple[uuid.UUID, str, Place | None], Resting]:
    """Return the days of rest of each calendar that lines follow: the timetable's, by habit and place."""
    by_timetable: dict[uuid.UUID, list[Line]] = defaultdict(list)
    for line in lines:
        by_timetable[line.plan.timetable_id].append(line)
    resting = {}
    for own in by_timetable.values():
        first = min(line.plan.starts_on for line in own)
        last = max(line.plan.last_on for line in own)
        closures = list_closures(own[0].plan.timetable, first, max(first, last), of_places=True)
        for calendar in {_calendar_of(line) for line in own}:
            _timetable, habit, place = calendar
            resting[calendar] = resting_days(closures, on_breaks=habit, place=place)
    return resting


def _hand_on(line: Line, published: Standing, plan: Publication) -> None:
    """Pass the coming dates after the last day of a split series to the one that continues it."""
    before = line.continues
    assert before is not None  # noqa: S101  the caller asked only for lines that continue another
    last = plan.line_of[before.pk].plan.last_on
    theirs = published.sessions[before.pk]
    for day in [day for day, each in theirs.items() if day > last and each.starts_at > published.now]:
        session = theirs.pop(day)
        session.series = line.series
        published.sessions[line.series.pk][day] = session
        plan.handed.append(session)


def _clash_refusal(clash: Clash) -> Refusal:
    resource = Resource.objects.select_related("timetable").get(pk=clash.resource_id)
    one, other = clash.first.period, clash.second.period
    starts, ends = (
        moment.astimezone(resource.timetable.tz) for moment in (max(one.start, other.start), min(one.end, other.end))
    )
    return Refusal(
        "clash",
        _("%(resource)s is already taken on %(day)s, %(starts)s–%(ends)s."),
        {
            "resource": resource.name,
            "day": date_format(starts, "DATE_FORMAT"),
            "starts": date_format(starts, "TIME_FORMAT"),
            "ends": date_format(ends, "TIME_FORMAT"),
        },
    )
