"""The pages of staff and of rooms: checks are noted, qualifications kept, owners of rooms asked and answered for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.domain.term_publishing import plan_lines, plan_term, publish_term
from booking.models import Centre, SafeguardingCheck
from scheduler.domain.room_requests import answer_for_owner, ask_owner_about_date
from scheduler.domain.sessions import move_session
from scheduler.errors import Refused
from scheduler.models import Resource, RoomRequest, Session, Term
from scheduler.period import Period
from tests.factories import NOW, make_centre, make_room, make_series, make_service, make_staff, make_term
from tests.factories_staffing import make_checks, make_colleague

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre() -> Centre:
    return make_centre()


@pytest.fixture
def board(centre: Centre, client: Client) -> Client:
    client.force_login(make_staff(centre=centre).person.account)
    return client


@pytest.fixture
def term(centre: Centre) -> Term:
    return make_term(centre.timetable)


@pytest.fixture
def shared(centre: Centre) -> Resource:
    """The room of the fire brigade."""
    room = make_room(centre.timetable, name="Sala OSP")
    room.owner, room.needs_approval = "OSP", True
    room.save()
    return room


def test_check_is_noted_and_turns_the_member_green(centre, board):
    member = make_colleague(centre, checked=False)
    page = reverse("board-staff-member", args=[member.pk])
    assert "tag--danger" in board.get(reverse("board-staff")).content.decode()
    for kind in ("rspts", "commission", "krk"):
        answer = board.post(page, {"kind": kind, "checked_on": "2026-11-10", "ok": "1"})
        assert answer.status_code == 302
    assert SafeguardingCheck.objects.filter(member=member, ok=True).count() == 3
    assert "tag--good" in board.get(reverse("board-staff")).content.decode()


def test_check_of_tomorrow_is_refused_beside_its_day(centre, board):
    member = make_staff(centre=centre)
    sent = {"kind": "krk", "checked_on": "2026-11-17", "ok": "1"}
    answer = board.post(reverse("board-staff-member", args=[member.pk]), sent)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not SafeguardingCheck.objects.exists()


def test_qualifications_are_kept_as_chosen(centre, board):
    member, service = make_colleague(centre, kinds=("robotics",)), make_service(centre)
    page = reverse("board-staff-member", args=[member.pk])
    board.post(page, {"kinds": ["dance"], "services": [str(service.pk)], "needs_foreign_check": "on"})
    member.refresh_from_db()
    assert member.needs_foreign_check
    assert {(each.activity_kind, each.service_id) for each in member.qualifications.all()} == {
        ("dance", None),
        ("", service.pk),
    }


def test_check_that_runs_out_soon_is_shown(centre, board):
    member = make_colleague(centre, checked=False)
    make_checks(member, on=date(2024, 12, 1))
    assert "tag--warn" in board.get(reverse("board-staff")).content.decode()


def test_line_in_a_room_of_others_waits_for_the_owner_and_is_then_published(term, shared, board):
    line = make_series(term, title="Spotkanie", room=shared, published=False)
    other = make_series(term, title="Inne", published=False)
    by = make_staff(centre=term.timetable.centre).person.account
    plan = plan_term(term_id=term.pk, now=NOW)
    assert {finding.code for finding in plan.findings} == {"room_not_approved"}
    assert publish_term(term_id=term.pk, fingerprint=plan.fingerprint, by=by, now=NOW) is not None
    assert not line.sessions.exists()
    assert other.sessions.exists()
    assert [each.code for each in plan_lines(series_ids=[line.pk], now=NOW).stopping] == ["room_not_approved"]

    assert "Spotkanie" in board.get(reverse("board-rooms")).content.decode()
    board.post(reverse("board-room-ask", args=[line.pk]))
    asked = RoomRequest.objects.get()
    assert asked.status == RoomRequest.Status.ASKED
    board.post(reverse("board-room-answer", args=[asked.pk]), {"answer": "approved", "note": "Naczelnik"})
    plan = plan_term(term_id=term.pk, now=NOW)
    publish_term(term_id=term.pk, fingerprint=plan.fingerprint, by=by, now=NOW)
    assert line.sessions.exists()


def test_what_an_owner_refused_stays_a_draft_and_can_be_asked_anew(term, shared, board):
    line = make_series(term, room=shared, published=False)
    board.post(reverse("board-room-ask", args=[line.pk]))
    asked = RoomRequest.objects.get()
    board.post(reverse("board-room-answer", args=[asked.pk]), {"answer": "refused"})
    assert [each.code for each in plan_lines(series_ids=[line.pk], now=NOW).stopping] == ["room_not_approved"]
    board.post(reverse("board-room-ask", args=[line.pk]))
    asked.refresh_from_db()
    assert asked.status == RoomRequest.Status.ASKED


def test_date_is_moved_into_a_room_of_others_only_with_the_owners_word(term, shared):
    series = make_series(term)
    session = Session.objects.filter(series=series, starts_at__gt=NOW).earliest("starts_at")
    period = Period(session.starts_at + timedelta(days=1), session.ends_at + timedelta(days=1))
    wish = {"session_id": session.pk, "period": period, "room_id": shared.pk, "now": NOW}
    with pytest.raises(Refused, match="room_not_approved"):
        move_session(**wish, note="")
    asked = ask_owner_about_date(**wish)
    answer_for_owner(request_id=asked.pk, agrees=True, note="", now=NOW)
    assert move_session(**wish, note="").room_id == shared.pk


def test_rooms_of_another_centre_do_not_exist(term, shared, client):
    line = make_series(term, room=shared, published=False)
    client.force_login(make_staff().person.account)
    assert client.post(reverse("board-room-ask", args=[line.pk])).status_code == 404
    assert not RoomRequest.objects.exists()


def test_move_into_a_room_of_others_is_asked_for_answered_and_done_on_pages(term, shared, board):
    session = Session.objects.filter(series=make_series(term), starts_at__gt=NOW).earliest("starts_at")
    start = timezone.localtime(session.starts_at, session.timetable.tz) + timedelta(days=1)
    end = timezone.localtime(session.ends_at, session.timetable.tz) + timedelta(days=1)
    wish = {
        "move-day": f"{start:%Y-%m-%d}",
        "move-starts": f"{start:%H:%M}",
        "move-ends": f"{end:%H:%M}",
        "move-room": str(shared.pk),
    }
    page, move = (reverse(name, args=[session.pk]) for name in ("board-session", "board-session-move"))
    refused = board.post(move, wish)
    assert refused.status_code == 409
    assert reverse("board-session-ask", args=[session.pk]) in refused.content.decode()
    assert board.post(reverse("board-session-ask", args=[session.pk]), wish).status_code == 302
    assert reverse("board-rooms") in board.get(page).content.decode()
    assert board.post(move, wish).status_code == 409
    asked = RoomRequest.objects.get()
    board.post(reverse("board-room-answer", args=[asked.pk]), {"answer": "approved"})
    assert f'name="move-room" value="{shared.pk}"' in board.get(page).content.decode()
    assert board.post(move, wish).status_code == 302
    session.refresh_from_db()
    assert (session.room_id, session.starts_at) == (shared.pk, start)
    assert f'name="move-room" value="{shared.pk}"' not in board.get(page).content.decode()


def test_own_room_needs_nobodys_word_and_that_is_said(term, board):
    series = make_series(term)
    session = Session.objects.filter(series=series, starts_at__gt=NOW).earliest("starts_at")
    start = timezone.localtime(session.starts_at, session.timetable.tz)
    wish = {
        "move-day": f"{start:%Y-%m-%d}",
        "move-starts": "06:00",
        "move-ends": "06:30",
        "move-room": make_room(term.timetable).pk,
    }
    assert board.post(reverse("board-session-ask", args=[session.pk]), wish).status_code == 409
    assert not RoomRequest.objects.exists()
