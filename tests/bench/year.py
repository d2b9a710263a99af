"""The timetable that is measured: 200 weekly series of a busy centre, eight hours on five days in five rooms."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schedule.models import Occurrence

from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Series, Session, Term
from scheduler.period import Period
from tests.factories import PUBLISHED_AT, make_room, make_series, make_specialist, make_term, make_timetable

WARSAW = ZoneInfo("Europe/Warsaw")
FIRST_MONDAY = date(2026, 8, 31)
ROOMS, DAYS, HOURS = 5, 5, range(9, 17)


def make_drafts(*, ends_on: date) -> list[Series]:
    """Store 200 series of one term that nobody has published, each with a room and a leader."""
    timetable = make_timetable()
    term = make_term(timetable, starts_on=FIRST_MONDAY, ends_on=ends_on)
    return [series for _ in range(ROOMS) for series in _series_of_a_room(term)]


def _series_of_a_room(term: Term) -> list[Series]:
    room, leader = make_room(term.timetable), make_specialist(term.timetable)
    return [
        make_series(
            term,
            day=FIRST_MONDAY + timedelta(days=day),
            starts=time(hour),
            ends=time(hour, 45),
            room=room,
            leader=leader,
            on_breaks=Series.OnBreaks.RUN,
            published=False,
        )
        for day in range(DAYS)
        for hour in HOURS
    ]


def make_exceptions(series: list[Series], day: date, *, number: int) -> None:
    """Cancel one date of every second series and move one of the others by an hour to the evening, `number` in all.

    django-scheduler is told the same in its own way, so that both show the same month.
    """
    for position, line in enumerate(series[:number]):
        week = day + timedelta(days=line.weekday)
        session = Session.objects.get(series=line, planned_date=week)
        occurrence = _occurrence_of(line, session)
        if position % 2:
            cancel_session(session_id=session.pk, note="", now=PUBLISHED_AT)
            occurrence.cancel()
            continue
        evening = datetime.combine(week, time(18), tzinfo=WARSAW) + timedelta(minutes=position)
        period = Period(evening, evening + timedelta(minutes=1))
        move_session(session_id=session.pk, period=period, room_id=None, note="", now=PUBLISHED_AT)
        occurrence.move(period.start, period.end)


def _occurrence_of(line: Series, session: Session) -> Occurrence:
    return Occurrence(
        event=line.event,
        start=session.starts_at,
        end=session.ends_at,
        original_start=session.starts_at,
        original_end=session.ends_at,
    )
