"""Storing a centre's offer and its weekly timetable, publishing it, and changing two dates of next week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from booking.management.demo.centres import OpenCentre
from booking.management.demo.shapes import DAYS, ActivityFacts, Change, Line, ServiceFacts, demo_id
from booking.models import Activity, Group, OpeningWindow, Service
from booking.models.activity import Sensitivity
from scheduler.domain.planning import draft_series
from scheduler.domain.publishing import publish_series
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Series, Session
from scheduler.period import Period

GROWN_UP = 18
DAYS_AHEAD = 10  # a timetable is published that long before its term begins
AUDIENCES = {
    Sensitivity.PUBLIC: Series.Audience.PUBLIC,
    Sensitivity.NORMAL: Series.Audience.PARTICIPANTS,
    Sensitivity.SENSITIVE: Series.Audience.STAFF,
}


def store_offer(opened: OpenCentre) -> None:
    """Store activities with their groups, and services."""
    for row in opened.facts.activities:
        _store_activity(opened, row)
    for service in opened.facts.services:
        opened.services[service.key] = Service.objects.create(
            id=demo_id(opened.facts.slug, "service", service.key),
            centre=opened.centre,
            entry=service.entry,
            sensitivity=service.sensitivity,
            minutes=service.minutes,
            pause_minutes=service.pause_minutes,
            travel_minutes=service.travel_minutes,
            notice_hours=service.notice_hours,
            **service.modes,
            **{f"name_{language}": getattr(service.name, language) for language in ("pl", "en", "uk")},
            **{f"summary_{language}": getattr(service.summary, language) for language in ("pl", "en", "uk")},
        )


def _store_activity(opened: OpenCentre, row: ActivityFacts) -> None:
    slug = opened.facts.slug
    activity = Activity.objects.create(
        id=demo_id(slug, "activity", row.key),
        centre=opened.centre,
        kind=row.kind,
        provider=row.provider,
        sensitivity=row.sensitivity,
        **{f"name_{language}": getattr(row.name, language) for language in ("pl", "en", "uk")},
        **{f"summary_{language}": getattr(row.summary, language) for language in ("pl", "en", "uk")},
    )
    groups = {
        group.key: Group(
            id=demo_id(slug, "group", group.key),
            activity=activity,
            term=opened.term,
            name=group.name,
            age_from=group.age_from,
            age_until=group.age_until,
            capacity=group.capacity,
            entry=group.entry,
            waitlist=group.waiting is not None,
        )
        for group in row.groups
    }
    Group.objects.bulk_create(groups.values())
    opened.groups |= groups


def publish_week(opened: OpenCentre, *, now: datetime) -> None:
    """Draft every row of the week, link it to what is offered in it, and publish the whole term.

    Published as if before the term, unless the term is still to come.
    """
    group_links, service_links = [], []
    for line in opened.facts.week:
        for weekday in line.weekdays:
            series = _draft(opened, line, weekday)
            opened.series.append(series)
            for key in line.offers.split():
                if key in opened.groups:
                    group_links.append(Group.series.through(group=opened.groups[key], series=series))
                else:
                    service_links.append(Service.series.through(service=opened.services[key], series=series))
    Group.series.through.objects.bulk_create(group_links)
    Service.series.through.objects.bulk_create(service_links)
    facts = {opened.services[service.key].pk: service for service in opened.facts.services}
    OpeningWindow.objects.bulk_create(
        _window(link.series, facts[link.service_id]) for link in service_links if link.series.kind == Series.Kind.DUTY
    )
    before = datetime.combine(opened.term.starts_on - timedelta(days=DAYS_AHEAD), time(10), opened.term.timetable.tz)
    publish_series(series_ids=[series.pk for series in opened.series], now=min(before, now))


def _draft(opened: OpenCentre, line: Line, weekday: int) -> Series:
    first = opened.term.starts_on
    leader, *others = (opened.resources[key] for key in line.staff.split())
    is_duty = line.offers in opened.services
    return draft_series(
        term=opened.term,
        title=line.title,
        day=first + timedelta(days=(weekday - first.weekday()) % 7),
        starts=line.starts,
        ends=line.ends,
        recurrence=line.recurrence,
        room=opened.resources[line.room] if line.room else None,
        leader=leader,
        resources=others,
        kind=Series.Kind.DUTY if is_duty else Series.Kind.MEETING,
        audience=AUDIENCES[line.sensitivity],
        on_breaks=Series.OnBreaks.RUN if is_duty or _is_for_adults(opened, line) else Series.OnBreaks.REST,
        series_id=demo_id(opened.facts.slug, "series", weekday, line.hours, line.room),
    )


def _window(series: Series, service: ServiceFacts) -> OpeningWindow:
    return OpeningWindow(series=series, urgent_places=service.urgent, new_quota=service.new_quota, **service.modes)


def _is_for_adults(opened: OpenCentre, line: Line) -> bool:
    groups = [opened.groups[key] for key in line.offers.split()]
    return all(group.age_from is None or group.age_from >= GROWN_UP for group in groups)


def change_dates(opened: OpenCentre, *, now: datetime) -> None:
    """Cancel and move the dates that did not go as planned: the first ones from next Monday on, if any are left."""
    for change in opened.facts.changes:
        session = _session_to_change(opened, change, now=now)
        if session is None:
            continue
        if not change.new_hours:
            cancel_session(session_id=session.pk, note=change.note, now=now)
            continue
        starts, ends = (time.fromisoformat(hour) for hour in change.new_hours.split("-"))
        day, zone = session.planned_date, opened.term.timetable.tz
        period = Period(datetime.combine(day, starts, zone), datetime.combine(day, ends, zone))
        move_session(session_id=session.pk, period=period, room_id=session.room_id, note=change.note, now=now)


def _session_to_change(opened: OpenCentre, change: Change, *, now: datetime) -> Session | None:
    today = now.astimezone(opened.term.timetable.tz).date()
    monday = today + timedelta(days=7 - today.weekday())
    weekday, starts = DAYS.index(change.day), change.hours.split("-")[0]
    series = next(
        each
        for each in opened.series
        if each.title == change.title and each.weekday == weekday and f"{each.starts:%H:%M}" == starts
    )
    return series.sessions.filter(planned_date__gte=monday).standing().order_by("planned_date").first()
