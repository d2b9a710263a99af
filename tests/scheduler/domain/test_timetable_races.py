"""Two organisers at once: one wins, the other sees the new state, nothing is lost or doubled."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from scheduler.domain.publication import Publication
from scheduler.domain.publishing import publish_series
from scheduler.domain.sessions import cancel_session, move_session
from scheduler.models import Reservation, Resource, Session
from scheduler.period import Period
from tests.factories import NOW, PUBLISHED_AT, make_equipment, make_room, make_series, make_term, make_timetable
from tests.racing import answer_of, at_once, in_processes

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 25)
EVENING = Period(datetime(2026, 11, 25, 18, 0, tzinfo=UTC), datetime(2026, 11, 25, 19, 0, tzinfo=UTC))


def move(session_id: uuid.UUID, room_id: uuid.UUID | None) -> str:
    """Move a session to the same evening; return its status or the code of the refusal."""
    call = partial(move_session, session_id=session_id, period=EVENING, room_id=room_id, note="", now=NOW)
    answer = answer_of(call)
    return answer.status if isinstance(answer, Session) else answer


def publish(*series_ids: uuid.UUID) -> Publication | str:
    return publish_series(series_ids=series_ids, now=PUBLISHED_AT)


def sessions_of_different_series(number: int, **facts) -> list[uuid.UUID]:
    term = make_term()
    return [make_series(term, **facts).sessions.get(planned_date=DAY).pk for _ in range(number)]


def free_room() -> Resource:
    return make_room(Session.objects.earliest("starts_at").timetable)


def test_two_sessions_moved_into_one_room_at_once_give_it_to_one():
    sessions = sessions_of_different_series(4)
    room = free_room()
    answers = at_once([partial(move, each, room.pk) for each in sessions])
    assert Counter(answers) == {"moved": 1, "clash": 3}
    assert room.reservations.count() == Session.objects.filter(room=room).count() == 1
    assert set(Session.objects.filter(pk__in=sessions).values_list("sequence", flat=True)) == {0, 1}


def test_two_sessions_moved_into_one_room_by_two_servers_give_it_to_one():
    sessions = sessions_of_different_series(2)
    room = free_room()
    answers = in_processes(move, [(each, room.pk) for each in sessions])
    assert Counter(answers) == {"moved": 1, "clash": 1}
    assert room.reservations.count() == 1


def test_one_session_moved_and_cancelled_at_once_ends_in_one_of_both_states():
    (session_id,) = sessions_of_different_series(1)
    room = free_room()
    cancel = partial(cancel_session, session_id=session_id, note="", now=NOW)
    at_once([partial(move, session_id, room.pk), cancel, partial(move, session_id, room.pk), cancel])
    session = Session.objects.get(pk=session_id)
    assert session.reservations.exists() == (not session.is_cancelled)


def test_last_kits_go_to_as_many_sessions_as_there_are_kits():
    timetable = make_timetable()
    kits = make_equipment(timetable, units=3)
    term = make_term(timetable)
    sessions = []
    for number in range(5):
        series = make_series(term, day=date(2026, 9, 2) + timedelta(days=number))
        series.resources.add(kits)
        sessions.append(series.sessions.filter(starts_at__gt=NOW).earliest("starts_at").pk)
    answers = at_once([partial(move, each, None) for each in sessions])
    assert Counter(answers) == {"moved": 3, "clash": 2}
    assert sorted(kits.reservations.values_list("unit", flat=True)) == [1, 2, 3]


def test_series_published_many_times_at_once_has_its_sessions_once():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room, published=False)
    answers = at_once([partial(publish, series.pk)] * 4)
    assert sorted(len(each.added) for each in answers) == [0, 0, 0, 37]
    assert series.sessions.count() == room.reservations.count() == 37


def test_series_that_need_one_room_published_at_once_give_it_to_one():
    room = make_room(make_timetable())
    term = make_term(room.timetable)
    drafts = [make_series(term, room=room, published=False) for _ in range(3)]
    answers = at_once([partial(publish, each.pk) for each in drafts])
    assert sorted(each if isinstance(each, str) else "published" for each in answers) == ["clash", "clash", "published"]
    assert Session.objects.count() == room.reservations.count() == 37


def test_publications_of_many_series_in_any_order_wait_for_each_other_without_a_ring():
    term = make_term()
    rooms = [make_room(term.timetable) for _ in range(6)]
    series = [
        make_series(
            term,
            room=room,
            resources=rooms[number + 1 : number + 2],
            published=False,
            starts=time(8 + number),
            ends=time(9 + number),
        )
        for number, room in enumerate(rooms)
    ]  # fmt: skip  each also needs the room of the next one
    keys = [each.pk for each in series]
    at_once([partial(publish, *keys), partial(publish, *reversed(keys)), partial(publish, *keys[3:], *keys[:3])])
    assert Session.objects.count() == 6 * 37


def test_dates_cancelled_while_the_series_is_published_anew_stay_cancelled():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    series.event.start += timedelta(minutes=30)
    series.event.end += timedelta(minutes=30)
    series.event.save()
    coming = list(series.sessions.filter(starts_at__gt=NOW).order_by("starts_at")[:6])
    cancels = [partial(cancel_session, session_id=each.pk, note="", now=NOW) for each in coming]

    at_once([partial(publish_series, series_ids=[series.pk], now=NOW), *cancels])

    cancelled = Session.objects.filter(pk__in=[each.pk for each in coming])
    assert set(cancelled.values_list("status", flat=True)) == {"cancelled"}
    assert not Reservation.objects.filter(session__in=cancelled).exists()
    assert series.sessions.standing().count() == room.reservations.count() == 37 - 6


def test_dates_moved_while_the_series_is_published_anew_stay_where_they_were_moved():
    room = make_room(make_timetable())
    series = make_series(make_term(room.timetable), room=room)
    series.event.start += timedelta(minutes=30)
    series.event.end += timedelta(minutes=30)
    series.event.save()
    coming = list(series.sessions.filter(starts_at__gt=NOW).order_by("starts_at")[:6])
    evening = timedelta(hours=3)
    moves = [
        partial(
            move_session,
            session_id=each.pk,
            period=Period(each.starts_at + evening, each.ends_at + evening),
            room_id=room.pk,
            note="",
            now=NOW,
        )
        for each in coming
    ]

    at_once([partial(publish_series, series_ids=[series.pk], now=NOW), *moves])

    moved = Session.objects.in_bulk([each.pk for each in coming])
    assert {moved[each.pk].starts_at - each.starts_at for each in coming} == {evening}
    held = dict(room.reservations.values_list("session", "starts_at"))
    assert {key: held[key] for key in moved} == {key: each.starts_at for key, each in moved.items()}
    assert series.sessions.standing().count() == len(held) == 37
